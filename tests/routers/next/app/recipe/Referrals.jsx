'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';

export function Referrals() {
  const element = useRef(null);
  const choices = useSearchParams();

  useEffect(() => {
    element.current.query = choices;
  }, [choices]);

  useEffect(() => {
    const { current } = element;
    const onChange = ({ detail }) => {
      const url = new URL(location.href);
      url.search = new URLSearchParams(detail);
      // Next's router follows.
      history.pushState(null, '', url);
    };
    current.addEventListener('referral-history:change', onChange);
    return () => current.removeEventListener('referral-history:change', onChange);
  }, []);

  return <referral-history ref={element} url-sync="off" />;
}
