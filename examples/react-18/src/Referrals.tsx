import type {} from 'referral-history/react-18';
import type { ReferralHistoryElement, ReferralHistoryEventMap, ReferralHistoryOptions } from 'referral-history';
import { useEffect, useRef } from 'react';

/** One of the events that the element tells its host. */
export type Told = ReferralHistoryEventMap[keyof ReferralHistoryEventMap];

type Props = Pick<ReferralHistoryOptions, 'theme'> & { lang: string; onTell: (event: Told) => void };

const EVENTS = ['referral-history:load', 'referral-history:error', 'referral-history:unauthorized', 'referral-history:change'] as const;

/** React 18 sets attributes, and has no listeners for events of custom elements. */
export function Referrals({ theme, lang, onTell }: Props) {
  const element = useRef<ReferralHistoryElement>(null);
  useEffect(() => {
    const node = element.current;
    for (const name of EVENTS) node?.addEventListener(name, onTell);
    return () => {
      for (const name of EVENTS) node?.removeEventListener(name, onTell);
    };
  }, [onTell]);
  return <referral-history ref={element} api-base="/api/v1" page-size={10} theme={theme} lang={lang} />;
}
