// Each demo account, and the face that the page shows it.
import { expect, listen, test } from './fixtures.mjs';

test.describe('an account with events', () => {
  for (const [account, rows, range] of [
    ['Busy', 25, '1–25 of 100'],
    ['A few', 7, '1–7 of 7'],
    ['Slow', 25, '1–25 of 100'],
    ['Flood', 25, '1–25 of 1,000'],
    ['Hostile text', 23, '1–23 of 23'],
    ['From the future', 8, '1–8 of 8'],
  ]) {
    test(account, async ({ signInByHand, history, watch }) => {
      await signInByHand(account);
      await expect(history.rows).toHaveCount(rows, { timeout: 10_000 });
      await expect(history.pagination).toContainText(range);
      await expect(history.status).toHaveText(`Showing ${range} referrals`);
      expect(watch.requests).toHaveLength(1);
    });
  }
});

test('Busy: newest first, and older events are said not to be shown', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await history.rowsPerPage.selectOption('100');
  await expect(history.rows).toHaveCount(100);
  const times = await history.table.locator('tbody time').evaluateAll((all) => all.map((time) => time.dateTime));
  expect(times).toEqual([...times].sort().reverse());
  await expect(page.getByText('Older referrals are not shown.')).toBeVisible();
});

test('A few: nothing is said of older events', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  await expect(page.getByText('Older referrals')).toHaveCount(0);
});

test('Flood: what is beyond a thousand records is counted', async ({ signIn, page }) => {
  await signIn('Flood');
  await expect(page.getByText('The answer holds 1,500 more records than this page reads.')).toBeVisible();
});

for (const account of ['Empty', 'Brand new']) {
  test(`${account}: no events yet`, async ({ signIn, history, page }) => {
    await signIn(account);
    await expect(page.getByRole('heading', { name: 'No referrals yet' })).toBeVisible();
    await expect(history.status).toHaveText('No referrals yet');
    await expect(history.table).toHaveCount(0);
    await expect(history.pagination).toHaveCount(0);
  });
}

/** Moves the page's clock on, and with it the waits before retries, until something is shown. */
async function runUntilShown(page, locator) {
  await expect
    .poll(async () => {
      await page.clock.runFor(1_000);
      return locator.count();
    }, { intervals: [50] })
    .toBeGreaterThan(0);
}

const NOTHING = 'This request cost nothing.';
const ONE = 'This request cost 1 credit.';
const UNKNOWN = 'It is not known whether this request cost a credit.';

for (const [account, title, says, cost, requests, button] of [
  ['Failing', 'We couldn’t load your referrals', 'internal execution error', NOTHING, 3, 'Try again'],
  ['Bad gateway', 'We couldn’t load your referrals', null, UNKNOWN, 1, 'Try again'],
  ['Unavailable', 'We couldn’t load your referrals', null, NOTHING, 3, 'Try again'],
  // A request that ended in a time-out may have been charged, so it is not made again.
  ['Gateway time-out', 'We couldn’t load your referrals', null, UNKNOWN, 1, 'Try again'],
  ['Signed out upstream', 'You are not signed in', 'Authentication required', NOTHING, 1, 'Sign in'],
  // Another request would not help: the text says who can.
  ['Not allowed', 'You are not allowed to see this', null, NOTHING, 1, null],
  ['Bad request', 'The request was not accepted', null, NOTHING, 1, 'Try again'],
  ['Garbled', 'Unexpected response', null, ONE, 1, 'Try again'],
  ['HTML answer', 'Unexpected response', null, ONE, 1, 'Try again'],
]) {
  test(`${account}: ${title}`, async ({ signIn, history, page, watch }) => {
    await page.clock.install();
    await signIn(account);
    const notice = page.getByRole('region', { name: title });
    await runUntilShown(page, notice);
    await expect(notice).toBeVisible();
    await expect(history.status).toContainText(title);
    await expect(notice).toContainText(cost);
    await expect(notice).toContainText(/Request ID req_\w+/);
    if (says) await expect(notice).toContainText(`The service says: ${says}`);
    // A proxy's web page is no message.
    await expect(page.locator('body')).not.toContainText(/nginx|<html|alert\(/i);
    await expect(history.table).toHaveCount(0);
    // One button at most, and nothing in the header that would do the same, or that needs rows.
    const actions = history.root.getByRole('button', { disabled: false }).or(history.root.getByRole('link')).filter({ hasNotText: /^Copy/ });
    await expect(actions).toHaveText(button ? [new RegExp(`^${button}`)] : []);
    await expect(history.refresh).toHaveCount(0);
    await expect(history.export).toHaveCount(0);
    await expect(page.getByText(/^Updated/)).toHaveCount(0);
    expect(watch.requests).toHaveLength(requests);
  });
}

test('Stalled: the page stops waiting after 15 seconds', async ({ signIn, history, page, watch }) => {
  await page.clock.install();
  await signIn('Stalled');
  await expect(history.status).toHaveText('Loading');
  const announced = await listen(page);
  const stillLoading = history.root.getByRole('paragraph').filter({ hasText: 'Still loading…' });
  await page.clock.runFor(2_000);
  await expect(stillLoading).toHaveCount(0);
  const before = await history.search.boundingBox();
  await page.clock.runFor(2_000);
  await expect(stillLoading).toBeVisible();
  expect(await history.search.boundingBox()).toEqual(before);
  await page.clock.runFor(10_000);
  // Said once, however long it takes.
  expect(await announced()).toEqual(['Still loading…']);
  const aborted = page.waitForEvent('requestfailed');
  await page.clock.runFor(2_000);
  expect((await aborted).failure().errorText).toContain('ABORTED');
  await expect(page.getByRole('heading', { name: 'The answer took too long' })).toBeVisible();
  await expect(stillLoading).toHaveCount(0);
  await page.clock.runFor(60_000);
  expect(watch.requests).toHaveLength(1);
});

test('Rate limited: the wait counts down, then the rows come', async ({ signIn, history, page, watch }) => {
  await signIn('Rate limited');
  await expect(page.getByRole('heading', { name: 'Too many requests' })).toBeVisible();
  await expect(history.tryAgain).toBeDisabled();
  await expect(history.tryAgain).toHaveAccessibleDescription(/in 0:0\d/);
  await expect(page.getByText(/^in \d:\d\d$/)).toHaveCount(1);
  await history.tryAgain.click({ force: true });
  expect(watch.requests).toHaveLength(1);
  await expect(history.tryAgain).toBeEnabled({ timeout: 10_000 });
  await history.tryAgain.click();
  await expect(history.rows.first()).toBeVisible();
  // The notice went; whoever pressed its button is where the rows came.
  expect(await page.evaluate(() => deep.active().contains(deep.one('table')))).toBe(true);
  expect(watch.requests).toHaveLength(2);
});

test('Flaky: the page tries again by itself, and says so', async ({ signIn, history, page, watch }) => {
  await signIn('Flaky');
  await expect(page.getByText('Couldn’t load. Retrying (1 of 2)').last()).toBeVisible();
  await expect(history.rows).toHaveCount(12, { timeout: 15_000 });
  await expect(page.getByText('Retrying')).toHaveCount(0);
  expect(watch.requests).toHaveLength(3);
});

test('Stale: a failed refresh keeps the rows and says how old they are', async ({ signIn, history, page }) => {
  await page.clock.install();
  await signIn('Stale');
  await expect(history.rows).toHaveCount(25);
  await history.refresh.click();
  await runUntilShown(page, page.getByRole('heading', { name: 'Refresh failed: We couldn’t load your referrals' }));
  await expect(page.getByText(/Showing data from \d\d:\d\d \(.+\)\./)).toBeVisible();
  // The header's button is the one.
  await expect(history.tryAgain).toHaveCount(0);
  await expect(history.refresh).toBeEnabled();
  await expect(history.rows).toHaveCount(25);
});

test('a refresh without a session leads to signing in, and nowhere else', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 401, body: '' }));
  await history.refresh.click();
  await expect(history.signInLink).toBeVisible();
  await expect(history.tryAgain).toHaveCount(0);
  await expect(history.refresh).toBeDisabled();
  // Whoever pressed it keeps a place.
  await expect(history.refresh).toBeFocused();
  await expect(history.rows).toHaveCount(7);
});

test('Broken records: what can be read is shown, the rest is counted', async ({ signIn, history, page }) => {
  await signIn('Broken records');
  await expect(page.getByText('5 records in the answer could not be read')).toBeVisible();
  await expect(history.rows).toHaveCount(25);
  for (const code of ['GOODRECORD01', 'GOODRECORD02']) {
    await expect(history.table.getByText(code)).toBeVisible();
  }
  await expect(history.table.getByText('Unreadable', { exact: true }).first()).toBeVisible();
  // Go's zero time is no time.
  const zero = history.rows.filter({ hasText: 'ZEROTIME0001' });
  await expect(zero.locator('[data-column=created_at]')).toHaveText('—');
});

test('Hostile text: stays text, and stays in its place', async ({ signIn, history, page }) => {
  await signIn('Hostile text');
  await expect(history.rows).toHaveCount(23);
  await expect(history.table.locator('img, script, a')).toHaveCount(0);
  await expect(history.table.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  const heights = await history.rows.evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeLessThanOrEqual(41);
});

test('From the future: unknown words get a choice of their own', async ({ signIn, history }) => {
  await signIn('From the future');
  await expect(history.rows).toHaveCount(8);
  await history.role('partner').check();
  await expect(history.cells('role').first()).toHaveText('partner');
  await history.role('All').check();
  await history.statusChoice('clawed_back').check();
  await expect(history.cells('status').first()).toHaveText('clawed_back');
  await expect(history.statusChoice('clawed_back')).toHaveValue('clawed_back');
});
