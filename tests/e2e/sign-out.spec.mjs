// Back, after the user has changed. A browser may keep a whole page and show it again as it was left,
// with all that the user before could see. Playwright switches that cache off; here it is on.
import { test as base, expect } from './fixtures.mjs';

const test = base.extend({
  launchOptions: [
    async ({ launchOptions }, use) =>
      use({
        ...launchOptions,
        // The whole browser: the headless shell keeps no page.
        executablePath: process.env.CHROMIUM || undefined,
        channel: process.env.CHROMIUM ? undefined : 'chromium',
        ignoreDefaultArgs: ['--disable-back-forward-cache'],
      }),
    { scope: 'worker' },
  ],
});

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    // Before the first picture of the page, so that what is shown for a moment only is noticed too.
    addEventListener('pageshow', ({ persisted }) => {
      const rows = deep.all('tbody tr').map((row) => row.textContent);
      window.shownAgain = { persisted, rows };
    });
  });
});

const shownAgain = async (page) => {
  await page.waitForFunction(() => window.shownAgain);
  return page.evaluate(() => window.shownAgain);
};

/**
 * Presses Back, and waits for what it leads to. Not `page.goBack`: to Playwright a page that the browser had
 * kept is another one, which it is not attached to for a moment, and then that call fails.
 */
async function goBack(page) {
  const from = page.url();
  // A moment later, so that the page has answered the test before it goes.
  await page.evaluate(() => void setTimeout(() => history.back(), 100));
  // Signing out leads to the address that it came from: there a step changes nothing that could be waited for.
  await page.waitForURL(({ href }) => href !== from, { waitUntil: 'commit', timeout: 2_000 }).catch(() => {});
}

/** Presses Back until the referral history is there. */
async function goBackToHistory(page) {
  const isThere = () => new URL(page.url()).pathname === '/';
  expect(isThere()).toBe(false);
  for (let presses = 0; presses < 5 && !isThere(); presses += 1) await goBack(page);
  expect(isThere()).toBe(true);
}

/** The codes of the rows, which are there. */
async function codesOf(history, count) {
  await expect(history.rows).toHaveCount(count);
  const codes = (await history.records()).map(({ code }) => code).filter(Boolean);
  expect(codes.length).toBeGreaterThan(0);
  return codes;
}

async function showsNone(page, codes) {
  for (const code of codes) await expect(page.getByText(code)).toHaveCount(0);
}

// Without it the other tests would prove nothing: a page that is never kept shows nothing again.
test('Back shows the same user the page as it was left, without another request', async ({ signInByHand, history, page, watch }) => {
  await signInByHand('A few');
  await expect(history.rows).toHaveCount(7);
  await page.goto('/sign-in');
  await goBackToHistory(page);
  const { persisted, rows } = await shownAgain(page);
  expect(persisted).toBe(true);
  expect(rows).toHaveLength(7);
  await expect(history.rows).toHaveCount(7);
  expect(watch.requests).toHaveLength(1);
});

test('Back shows a page that failed as it was left, without another request', async ({ signInByHand, history, page, watch }) => {
  await signInByHand('Rate limited');
  await expect(history.tryAgain).toBeDisabled();
  await page.goto('/sign-in');
  await goBackToHistory(page);
  expect((await shownAgain(page)).persisted).toBe(true);
  await expect(page.getByRole('heading', { name: 'Too many requests' })).toBeVisible();
  // Its wait is over meanwhile, and it is the user who asks.
  await expect(history.tryAgain).toBeEnabled({ timeout: 10_000 });
  expect(watch.requests).toHaveLength(1);
});

test('Back shows nothing of a user who signed out', async ({ signInByHand, history, page, watch }) => {
  await signInByHand('A few');
  const codes = await codesOf(history, 7);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toHaveCount(0);

  await goBackToHistory(page);
  expect(await shownAgain(page)).toEqual({ persisted: false, rows: [] });
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(history.rows).toHaveCount(0);
  await showsNone(page, codes);
  expect(watch.requests).toHaveLength(2);
  expect((await watch.requests[1].response()).status()).toBe(401);
});

test('Back shows the next user nothing of the one before', async ({ signInByHand, history, page }) => {
  await signInByHand('A few');
  const codes = await codesOf(history, 7);
  // At a link, so that it is told apart from the page of the user before.
  await signInByHand('From the future', '/?sort=campaign');
  const others = await codesOf(history, 8);
  expect(others.filter((code) => codes.includes(code))).toEqual([]);
  await showsNone(page, codes);

  await goBack(page);
  await goBackToHistory(page);
  expect(new URL(page.url()).search).toBe('');
  expect(await shownAgain(page)).toEqual({ persisted: false, rows: [] });
  // What Back leads to is the page again, with what is the next user's own.
  await expect(history.rows).toHaveCount(8);
  await showsNone(page, codes);
});
