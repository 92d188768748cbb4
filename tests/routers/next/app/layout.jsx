import Link from 'next/link';
import { Place } from './Place.jsx';

export const metadata = { title: 'Next' };

export default function Console({ children }) {
  return (
    <html lang="en">
      <head>
        <script type="module" src="/referral-history.js" async />
      </head>
      <body>
        <nav>
          <Link href="/referrals">Referrals</Link> <Link href="/recipe">Recipe</Link> <Link href="/billing?page=2">Billing</Link>{' '}
          <Link href="/kept/one">One</Link> <Link href="/kept/two">Two</Link>
        </nav>
        <Place />
        {children}
      </body>
    </html>
  );
}
