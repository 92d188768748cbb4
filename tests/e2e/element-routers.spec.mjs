// The element beside a host's router: whose the address is, and whose each step in the history.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, query, records, test } from './host.mjs';

test('where the browser lets no choice into the address, the page works on', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => {
    window.history.pushState = () => {
      throw new DOMException('too many', 'SecurityError');
    };
  });
  await history.role('Referrer').check();
  await expect(history.rows).toHaveCount(15);
  // A step that has to do with nothing of this takes nothing back.
  await page.evaluate(() => (location.hash = '#elsewhere'));
  await page.waitForTimeout(100);
  await expect(history.rows).toHaveCount(15);
  await expect(history.role('Referrer')).toBeChecked();
});

test('going back counts also where the host had written what was chosen then', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => window.history.pushState(null, '', '?role=referrer'));
  await history.role('Referrer').check();
  await expect(history.rows).toHaveCount(15);
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
  await expect(history.role('All')).toBeChecked();
});

test.describe('unmounting', () => {
  test('leaves alone what stands in the address of another page', async ({ host, history, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    // As a router does: first the address, then the view.
    await page.evaluate(() => {
      window.history.pushState(null, '', '/billing?page=2&q=acme');
      document.querySelector('referral-history').unmount();
    });
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=2&q=acme');
  });

  test('takes along what is in the address, also where not all that was chosen is', async ({ host, history, page, answerWith }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
    await expect(history.rows).toHaveCount(25);
    await answerWith(records(30).map((record) => ({ ...record, status: 'x'.repeat(200) })));
    await history.refresh.click();
    await page.getByRole('checkbox', { name: /^x+/ }).check();
    await history.rowsPerPage.selectOption('10');
    await expect(history.rows).toHaveCount(10);
    await expect.poll(() => query(page)).toBe('?keep=1&per_page=10');
    await element(page).evaluate((element) => element.unmount());
    expect(query(page)).toBe('?keep=1');
  });

  test('leaves alone what a host that keeps its pages in the query has written', async ({ host, history, page }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?view=referrals' });
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?view=referrals&role=referrer');
    await page.evaluate(() => {
      window.history.pushState(null, '', '?view=orders&status=open&page=2');
      document.querySelector('referral-history').unmount();
    });
    expect(query(page)).toBe('?view=orders&status=open&page=2');
  });

  test('hears nothing of the way to another page once it is taken away', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?page=2' });
    await expect(history.rows).toHaveCount(5);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.addEventListener('referral-history:change', () => (window.heard = true));
      // A router that listens for longer takes the page away first.
      window.history.replaceState(null, '', '/billing?page=1&q=acme');
      element.remove();
      dispatchEvent(new PopStateEvent('popstate'));
      return new Promise((next) => setTimeout(next, 100));
    });
    expect(await page.evaluate(() => window.heard)).toBe(undefined);
    expect(await received('change')).toEqual([]);
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=1&q=acme');
  });
});
