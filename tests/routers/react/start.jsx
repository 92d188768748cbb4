import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Link, Outlet, useLocation } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Referrals } from './Referrals.jsx';

function Console() {
  return (
    <>
      <nav>
        <Link to="/referrals">Referrals</Link> <Link to="/recipe">Recipe</Link> <Link to="/billing?page=2">Billing</Link>{' '}
        <Link to="/kept/one">One</Link> <Link to="/kept/two">Two</Link>
      </nav>
      <h1>{useLocation().pathname}</h1>
      <Outlet />
    </>
  );
}

function Kept() {
  return (
    <>
      <referral-history />
      <Outlet />
    </>
  );
}

const routes = [
  {
    element: <Console />,
    children: [
      { path: '/referrals', element: <referral-history /> },
      { path: '/recipe', element: <Referrals /> },
      { path: '/billing', element: <p>Billing</p> },
      { path: '/kept', element: <Kept />, children: [{ path: 'one', element: <p>One</p> }, { path: 'two', element: <p>Two</p> }] },
    ],
  },
];

export function start(createRouter) {
  createRoot(document.getElementById('root')).render(
    <StrictMode>
      <RouterProvider router={createRouter(routes)} />
    </StrictMode>,
  );
}
