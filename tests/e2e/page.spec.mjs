// The page at work: filters, pages, Refresh, the session, the keyboard.
import { STATUSES } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

test('one view is one request, and nothing but Refresh makes another', async ({ signIn, history, page, watch }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  await history.role('Referrer').check();
  await history.statusChoice('Rewarded').check();
  await history.clear.click();
  await history.next.click();
  await history.rowsPerPage.selectOption('10');
  await page.setViewportSize({ width: 400, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(watch.requests).toHaveLength(1);
  const usage = async () => (await page.request.get('/demo/usage')).json();
  expect(await usage()).toEqual({ account: 'busy', requests: 1, credits: 1 });

  await expect(history.refresh).toHaveAccessibleDescription(/1 credit/);
  await history.refresh.click();
  await expect.poll(async () => (await usage()).credits).toBe(2);
  expect(watch.requests).toHaveLength(2);
});

test('a Refresh while one is under way starts no second', async ({ signIn, history, page, watch }) => {
  let send;
  await page.route('**/referrals/me/events*', (route) => (send = () => route.continue()));
  const isAsked = () => expect.poll(() => send !== undefined).toBe(true);
  await signIn('Busy');
  await isAsked();
  await expect(history.refresh).toHaveAttribute('aria-disabled', 'true');
  // By force: it says that it is disabled, and a person may press it all the same.
  await history.refresh.click({ force: true });
  await send();
  await expect(history.rows).toHaveCount(25);
  send = undefined;
  await history.refresh.dblclick({ force: true });
  await history.refresh.click({ force: true });
  await isAsked();
  await expect(history.status).toHaveText('Refreshing');
  await expect(history.rows).toHaveCount(25);
  await send();
  await expect(history.refresh).not.toHaveAttribute('aria-disabled', /./);
  expect(watch.requests).toHaveLength(2);
});

test('filters narrow, count and clear', async ({ signIn, history }) => {
  await signIn('Busy');
  await history.rowsPerPage.selectOption('100');
  await expect(history.rows).toHaveCount(100);
  const count = async (choice) => Number.parseInt(await choice.evaluate((input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent), 10);
  const referred = await count(history.role('Referred'));
  expect(referred).toBeGreaterThan(0);
  await history.role('Referred').check();
  await expect(history.rows).toHaveCount(referred);
  expect(new Set(await history.cells('role').allTextContents())).toEqual(new Set(['Referred']));

  const rewarded = await count(history.statusChoice('Rewarded'));
  const expired = await count(history.statusChoice('Expired'));
  await history.statusChoice('Rewarded').check();
  await history.statusChoice('Expired').check();
  await expect(history.rows).toHaveCount(rewarded + expired);
  await expect(history.status).toContainText(`of ${rewarded + expired} referrals`);

  await history.clear.click();
  await expect(history.rows).toHaveCount(100);
  await expect(history.clear).toHaveCount(0);
  await expect(history.role('All')).toBeChecked();
  await expect(history.statusChoice('Rewarded')).not.toBeChecked();
  // The button went; whoever pressed it is at the first of the filters.
  await expect(history.search).toBeFocused();
});

test('the eight statuses and the roles carry the words of the API', async ({ signIn, history }) => {
  await signIn('Busy');
  for (const [name, word] of [
    ['Attributed', 'attributed'],
    ['Qualified', 'qualified'],
    ['Under review', 'review_required'],
    ['Rewarded', 'rewarded'],
    ['Expired', 'expired'],
    ['Capped', 'capped'],
    ['Failed', 'failed'],
    ['Rejected', 'rejected'],
  ]) {
    await expect(history.statusChoice(name)).toHaveValue(word);
  }
  await expect(history.role('All')).toHaveValue('all');
  await expect(history.role('Referrer')).toHaveValue('referrer');
  await expect(history.role('Referred')).toHaveValue('referred');
});

test('filters that leave nothing lead back', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  // A status that no referral has is not offered; what a link asks for is.
  const records = await history.records();
  const [word, name] = Object.entries(STATUSES).find(([word]) => records.every(({ status }) => status !== word));
  await expect(history.statusChoice(name)).toBeHidden();
  await page.goto(`/?status=${word}`);
  await expect(history.statusChoice(name)).toBeChecked();
  await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
  await expect(history.status).toHaveText('No referrals match the filters');
  await history.showAll.click();
  await expect(history.rows).toHaveCount(7);
  await expect(history.search).toBeFocused();
});

test('pages turn, and a filter returns to the first', async ({ signIn, history }) => {
  await signIn('Busy');
  await expect(history.previous).toBeDisabled();
  await expect(history.rowsPerPage).toHaveValue('25');
  await history.next.click();
  await expect(history.pagination).toContainText('26–50 of 100');
  await history.rowsPerPage.selectOption('50');
  await expect(history.pagination).toContainText('1–50 of 100');
  await history.next.click();
  await expect(history.pagination).toContainText('51–100 of 100');
  await expect(history.next).toBeDisabled();
  await expect(history.next).toBeFocused();
  await history.role('Referrer').check();
  await expect(history.pagination).toContainText(/1–\d+ of/);
});

test('everything is done by keyboard, in the order of reading', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const stops = [];
  for (let stop = 0; stop < 60; stop += 1) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => deep.active().value || deep.active().ariaLabel || deep.active().textContent));
  }
  expect(stops.splice(0, 2)).toEqual([expect.stringContaining('Refresh'), 'Export']);
  // The numbers of the answer, the period, and the four figures.
  expect(stops.splice(0, 4)).toEqual([expect.stringMatching(/^You earned/), expect.stringMatching(/can still pay off/), expect.stringMatching(/within 7 days/), 'Period']);
  for (const stop of stops.splice(0, 4)) expect(stop).toMatch(/^[\d,]+%?$/);
  // All bars are one stop.
  expect(stops.splice(0, 4)).toEqual(['Week', 'Month', 'Chart', expect.stringMatching(/^Week of .+ from \d+ rewards?$/)]);
  expect(stops.splice(0, 4)).toEqual(['Search code, campaign or ID', 'all', 'Campaign', 'Sort by']);
  // The bar does what the choices below it do, for whoever points.
  expect(stops.splice(0, 8)).toEqual(Object.keys(STATUSES));
  expect(stops.splice(0, 4)).toEqual(['Date', 'Status', 'Campaign', 'Reward']);
  expect(stops.splice(0, 25)).toEqual(Array(25).fill(expect.stringMatching(/^Details of /)));
  expect(stops.splice(0, 3)).toEqual(['25', 'Previous page', 'Next page']);
  expect(stops.shift()).toBe('Show UTC');
  await history.role('All').focus();
  await page.keyboard.press('ArrowRight');
  await expect(history.role('Referrer')).toBeChecked();
  await history.statusChoice('Rewarded').focus();
  await page.keyboard.press('Space');
  await expect(history.statusChoice('Rewarded')).toBeChecked();
  const outline = await history.statusChoice('Rewarded').evaluate((input) => getComputedStyle(input.closest('label')).outlineStyle);
  expect(outline).toBe('solid');
});

test('the session is an httpOnly cookie, and signing out ends it', async ({ signInByHand, history, page, context }) => {
  await signInByHand('A few');
  await expect(history.rows).toHaveCount(7);
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
});

test('the sign-in link leads back to where the user was', async ({ history, page }) => {
  await page.goto('/?from=mail');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByRole('button', { name: 'A few', exact: true }).click();
  await page.waitForURL('/?from=mail');
  await expect(history.rows).toHaveCount(7);
});

// It was repeated twice, though each of the lost requests may have cost a credit.
test('after a lost connection the page does not ask again by itself, and says what is not known', async ({ signIn, history, page, watch }) => {
  await page.clock.install();
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  await page.route('**/referrals/me/events*', (route) => route.abort('connectionreset'));
  await history.refresh.click();
  const notice = page.getByRole('region', { name: 'Refresh failed: No connection' });
  await expect(notice).toContainText('It is not known whether this request cost a credit.');
  await expect(history.refresh).toHaveAccessibleDescription('May cost another credit');
  await expect(history.rows).toHaveCount(25);
  await page.clock.runFor(60_000);
  expect(watch.requests).toHaveLength(2);
});

test('a redirect is not followed, and not taken for an answer', async ({ page, watch }) => {
  await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 302, headers: { location: '/sign-in' } }));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Unexpected response' })).toBeVisible();
  expect(watch.requests).toHaveLength(1);
});

test('dates are in the zone and the language of the user', async ({ signIn, history }) => {
  await signIn('Busy');
  const time = history.table.locator('tbody time').first();
  const expected = await time.evaluate((time) =>
    new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Berlin' }).format(new Date(time.dateTime)),
  );
  await expect(time).toContainText(expected);
});

test.describe('in Italian', () => {
  test.use({ locale: 'it-IT' });
  test('what stands in English text is English: a page has one language', async ({ signIn, history, page }) => {
    await signIn('Flood');
    await expect(history.pagination).toContainText('1–25 of 1,000');
    const time = history.table.locator('tbody time').first();
    const expected = await time.evaluate((time) =>
      new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(time.dateTime)),
    );
    await expect(time).toHaveText(expected);
    await expect(page.getByText(/^Updated (just now|\d+ \w+ ago)$/)).toBeVisible();
  });
});
