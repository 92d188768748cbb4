import type { ReferralHistoryHandle, ReferralHistoryOptions } from 'referral-history';
import { useEffect, useRef } from 'react';
import { loaded } from './loaded';
import { type Props, useTold } from './told';

/** The referral history by `mount()`: for hosts that want to await it, or to hear that it failed. */
export function ReferralHistory({ theme, lang, onTell }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<ReferralHistoryHandle>(null);
  const options = useRef<ReferralHistoryOptions>({});
  options.current = { theme, lang };
  useTold(place, onTell);

  useEffect(() => {
    let isGone = false;
    const mounted = loaded().then(async ({ mount }) => {
      // In StrictMode each effect is begun, ended and begun again. What is gone by now must not be
      // mounted: it would make a request, which costs a credit.
      if (isGone) return;
      const made = await mount(place.current!, options.current);
      if (isGone) {
        made.unmount();
        return;
      }
      handle.current = made;
      // They may have changed while it was loaded.
      made.update(options.current);
    });
    mounted.catch((error) => console.error(error));
    return () => {
      isGone = true;
      handle.current?.unmount();
      handle.current = null;
    };
  }, []);

  useEffect(() => handle.current?.update({ theme, lang }), [theme, lang]);

  return <div ref={place} />;
}
