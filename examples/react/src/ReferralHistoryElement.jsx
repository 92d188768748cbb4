import { useEffect, useRef } from 'react';
import { loaded } from './loaded.js';
import { useTold } from './told.js';

/** The referral history as an element: React sets what it takes, and puts it on the page once. */
export function ReferralHistoryElement({ theme, lang, onTell }) {
  const place = useRef(null);
  useTold(place, onTell);
  useEffect(() => {
    loaded().catch((error) => console.error(error));
  }, []);
  return <referral-history ref={place} theme={theme} lang={lang} />;
}
