'use client';

import { usePathname, useRouter } from 'next/navigation';

/** Where the router is, and how it is made to render anew. */
export function Place() {
  const router = useRouter();
  return (
    <>
      <h1>{usePathname()}</h1>
      <button onClick={() => router.refresh()}>Ask the server</button>
    </>
  );
}
