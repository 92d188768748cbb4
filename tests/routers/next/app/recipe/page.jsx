import { Suspense } from 'react';
import { Referrals } from './Referrals.jsx';

export default function Page() {
  return (
    <Suspense>
      <Referrals />
    </Suspense>
  );
}
