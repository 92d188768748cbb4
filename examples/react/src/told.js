import { useEffect } from 'react';

const EVENTS = ['load', 'error', 'unauthorized', 'change'].map((name) => `referral-history:${name}`);

/** Hands on what the element inside `place` tells. */
export function useTold(place, onTell) {
  useEffect(() => {
    const node = place.current;
    for (const name of EVENTS) node.addEventListener(name, onTell);
    return () => {
      for (const name of EVENTS) node.removeEventListener(name, onTell);
    };
  });
}
