import type {} from 'referral-history/react';
// React sets properties only of an element that is defined before it is rendered.
import 'referral-history';
import type { Props } from './told';

/** The referral history as an element: React sets what it takes, and hears what it tells. */
export default function ReferralHistoryElement({ theme, lang, onTell }: Props) {
  return (
    <referral-history
      apiBase="/api/v1"
      pageSize={10}
      theme={theme}
      lang={lang}
      onreferral-history:load={onTell}
      onreferral-history:error={onTell}
      onreferral-history:unauthorized={onTell}
      onreferral-history:change={onTell}
    />
  );
}
