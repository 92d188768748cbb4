import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';

export function Referrals() {
  const element = useRef(null);
  const [choices, setChoices] = useSearchParams();

  useEffect(() => {
    element.current.query = choices;
  }, [choices]);

  useEffect(() => {
    const { current } = element;
    const onChange = ({ detail }) => setChoices(detail);
    current.addEventListener('referral-history:change', onChange);
    return () => current.removeEventListener('referral-history:change', onChange);
  }, [setChoices]);

  return <referral-history ref={element} url-sync="off" />;
}
