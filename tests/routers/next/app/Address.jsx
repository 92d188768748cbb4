'use client';

import { usePathname, useSearchParams } from 'next/navigation';

/** What the router takes the address for. */
export function Address() {
  const query = String(useSearchParams());
  return (
    <>
      <h1>{usePathname()}</h1>
      <code>{query && `?${query}`}</code>
    </>
  );
}
