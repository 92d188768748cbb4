import type { RefObject } from 'react';
import type { ReferralHistoryEventMap, ReferralHistoryOptions } from 'referral-history';
import { useEffect } from 'react';

/** One of the events that the element tells its host. */
export type Told = ReferralHistoryEventMap[keyof ReferralHistoryEventMap];

/** What the console sets, and what it wants to be told. */
export type Props = Pick<ReferralHistoryOptions, 'theme' | 'lang'> & { onTell: (event: Told) => void };

const EVENTS = ['referral-history:load', 'referral-history:error', 'referral-history:unauthorized', 'referral-history:change'] as const;

/** Hands on what the element inside `place` tells. */
export function useTold(place: RefObject<HTMLElement | null>, onTell: Props['onTell']) {
  useEffect(() => {
    const node = place.current;
    for (const name of EVENTS) node?.addEventListener(name, onTell);
    return () => {
      for (const name of EVENTS) node?.removeEventListener(name, onTell);
    };
  });
}
