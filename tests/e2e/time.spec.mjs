// Times: in the user's zone or in UTC, near and far, and by whichever clock is right.
import { BERLIN, DAY, day, expiresSoon, full, iso, sorted } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const NOW = new Date('2026-05-12T12:00:00Z');
const HOUR = 3_600_000;
const sent = { date: NOW.toUTCString() };

/** Two events on either side of midnight, by a day in one zone and the other. */
const AROUND_MIDNIGHT = [
  { id: 'a', code: 'EARLY', role: 'referrer', status: 'rewarded', reward_credits: 5, created_at: '2026-05-10T22:30:00Z', rewarded_at: '2026-05-10T22:30:00Z' },
  { id: 'b', code: 'LATE', role: 'referrer', status: 'attributed', created_at: '2026-05-10T21:30:00Z', expires_at: '2026-05-13T22:30:00Z' },
];

test('one switch changes the zone of the table, the chart, the details and the date range', async ({ answerWith, history, page, watch }) => {
  await page.clock.setFixedTime(NOW);
  await answerWith(AROUND_MIDNIGHT, sent);
  await page.goto('/');
  const time = history.table.locator('time').first();
  await expect(page.getByText('Times in Berlin time')).toBeVisible();
  await expect(page.getByText('2 referrals, since 10 May 2026.')).toBeVisible();
  await expect(time).toHaveText('11 May, 00:30');
  await expect(time).toHaveAttribute('title', full('2026-05-10T22:30:00Z', 'UTC'));
  await expect(time).toHaveAttribute('datetime', '2026-05-10T22:30:00Z');
  await history.tab('Table').click();
  await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['Week of 11 May 2026', '1', '5']]);
  await history.dates.selectOption('Choose dates');
  await history.from.fill('2026-05-11');
  await expect(history.cells('code')).toHaveText(['EARLY']);

  await history.showUtc.click();
  await expect(page.getByText('Times in UTC')).toBeVisible();
  // The 11th begins two hours later there.
  await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
  await history.from.fill('2026-05-10');
  await expect(history.cells('code')).toHaveText(['EARLY', 'LATE']);
  await expect(time).toHaveText('10 May, 22:30');
  await expect(time).toHaveAttribute('title', full('2026-05-10T22:30:00Z', BERLIN));
  // So short a period goes by day.
  await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['10 May 2026', '1', '5']]);
  await history.openDetails('LATE');
  await expect(history.step('Expires').locator('time')).toHaveText(full('2026-05-13T22:30:00Z', 'UTC'));
  await page.keyboard.press('Escape');
  await history.showBerlin.click();
  await expect(time).toHaveText('11 May, 00:30');
  await history.openDetails('LATE');
  await expect(history.step('Expires').locator('time')).toHaveText(full('2026-05-13T22:30:00Z', BERLIN));
  expect(watch.requests).toHaveLength(1);
});

test('since when the events are is said in the zone that is shown', async ({ answerWith, history, page }) => {
  await answerWith([{ id: 'a', created_at: '2026-05-10T22:30:00Z' }], sent);
  await page.goto('/');
  await expect(page.getByText('1 referral, since 11 May 2026.')).toBeVisible();
  await history.showUtc.click();
  await expect(page.getByText('1 referral, since 10 May 2026.')).toBeVisible();
});

test('the last days are those of the zone', async ({ answerWith, history, page }) => {
  // In Berlin the 13th has begun: seven days are those from the 7th.
  const now = new Date('2026-05-12T22:30:00Z');
  await page.clock.setFixedTime(now);
  await answerWith([{ id: 'a', code: 'IN', created_at: '2026-05-06T22:00:00Z' }, { id: 'b', code: 'OUT', created_at: '2026-05-06T21:59:59Z' }], { date: now.toUTCString() });
  await page.goto('/');
  await history.dates.selectOption('Last 7 days');
  await expect(history.cells('code')).toHaveText(['IN']);
  await expect.poll(() => page.url()).toContain('?from=2026-05-07');
  await history.dates.selectOption('Any date');
  await history.showUtc.click();
  await history.dates.selectOption('Last 7 days');
  await expect(history.cells('code')).toHaveText(['IN', 'OUT']);
  await expect.poll(() => page.url()).toContain('?from=2026-05-06');
});

test('the other zone is one focus away, and goes by Escape', async ({ signIn, history, page }) => {
  await signIn('Busy');
  const [record] = await history.records();
  const other = () =>
    history.rows.first().locator('time').first().evaluate((time) => {
      const { content, display } = getComputedStyle(time, '::after');
      return content === 'none' || display === 'none' ? null : content.replaceAll('"', '');
    });
  expect(await other()).toBeNull();
  await history.heading('Reward').getByRole('button').focus();
  await page.keyboard.press('Tab');
  await expect(history.rows.first().getByRole('button')).toBeFocused();
  expect(await other()).toBe(full(record.created_at, 'UTC'));
  await page.keyboard.press('Escape');
  expect(await other()).toBeNull();
  // The next row shows its own again.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await other()).toBe(full(record.created_at, 'UTC'));
});

test('times of another year say so', async ({ answerWith, history, page }) => {
  await page.clock.setFixedTime(NOW);
  await answerWith([{ id: 'a', created_at: '2026-01-02T12:00:00Z' }, { id: 'b', created_at: '2025-12-31T22:59:00Z' }, { id: 'c', created_at: '2025-12-31T23:30:00Z' }], sent);
  await page.goto('/');
  await expect(history.cells('created_at')).toHaveText(['2 Jan, 13:00', '31 Dec 2025, 23:59', '1 Jan, 00:30']);
});

test('relative times stay true while the page is open', async ({ answerWith, history, page, watch }) => {
  await page.clock.install({ time: NOW });
  await answerWith([{ id: 'a', code: 'CODE', status: 'attributed', created_at: new Date(NOW - 20_000).toISOString(), expires_at: new Date(NOW.getTime() + 7 * DAY + 30_000).toISOString() }], sent);
  await page.goto('/');
  const loaded = page.getByText(/^Updated/);
  await expect(loaded).toHaveText('Updated just now');
  await expect(history.figure('Expiring soon').first()).toHaveText('0');
  await history.openDetails('CODE');
  await expect(history.step('Created')).toContainText(/just now$/);
  // It is brought up to date every 20 seconds.
  await page.clock.runFor(81_000);
  await expect(history.step('Created')).toContainText(/1 minute ago$/);
  await page.keyboard.press('Escape');
  await expect(loaded).toHaveText('Updated 1 minute ago');
  // What was not soon is soon by now, without a press of anything.
  await expect(history.figure('Expiring soon').first()).toHaveText('1');
  await page.clock.runFor(60 * 60_000);
  await expect(loaded).toHaveText('Updated 1 hour ago');
  await page.clock.fastForward(30 * 60 * 60_000);
  await page.clock.runFor(30_000);
  await expect(loaded).toHaveText('Updated 1 day ago');
  expect(watch.requests).toHaveLength(1);
});

test('what expires leaves Expiring soon while the page is open', async ({ answerWith, history, page }) => {
  await page.clock.install({ time: NOW });
  const open = (id, seconds) => ({ id, code: id, status: 'qualified', expires_at: new Date(NOW.getTime() + seconds * 1000).toISOString() });
  await answerWith([open('FIRST', 90), open('SECOND', 9_000)], sent);
  await page.goto('/?expiring=soon');
  await expect(history.cells('code')).toHaveText(['FIRST', 'SECOND']);
  await page.clock.runFor(120_000);
  await expect(history.cells('code')).toHaveText(['SECOND']);
  await expect(history.figure('Expiring soon').first()).toHaveText('1');
});

for (const [clock, wrong] of [['fast', DAY], ['slow', -DAY], ['slow by two hours', -7_200_000]]) {
  test(`a device clock that is ${clock} makes no nonsense: the service's is believed`, async ({ signIn, history, page }) => {
    await page.clock.install({ time: Date.now() + wrong });
    await signIn('Busy', '/?per_page=100');
    const records = await history.records();
    const now = Date.now();
    // By a clock that is fast the answer is old. The page cannot tell which of the two is wrong.
    const age = wrong > 0 ? /^Data from \d+ \w+ \d{4}, \d\d:\d\d$/ : 'Updated just now';
    await expect(page.getByText(/^(Updated|Data from)/)).toHaveText(age);
    await history.showsFigures(records, now);
    await history.expiringSoon.click();
    await history.shows(sorted(records.filter((record) => expiresSoon(record, now)), 'expires_at'));
    await history.expiringSoon.click();
    await history.dates.selectOption('Last 7 days');
    await history.shows(records.filter(({ created_at }) => day(created_at) >= day(now - 6 * DAY)));
    await history.dates.selectOption('Any date');

    // The newest is minutes old, whatever the device thinks.
    await history.rows.first().getByRole('button').press('Enter');
    await expect(history.step('Created')).toContainText(/[3-4] minutes ago$/);
    await page.keyboard.press('Escape');
    const open = records.findIndex((record) => expiresSoon(record, now));
    const days = Math.floor((new Date(records[open].expires_at) - now) / DAY);
    await history.rows.nth(open).getByRole('button').press('Enter');
    await expect(history.step('Expires')).toContainText(days === 0 ? /in \d+ hours$/ : days === 1 ? /in 1 day$/ : new RegExp(`in ${days} days$`));
    await page.keyboard.press('Escape');
    const says = await history.root.textContent();
    expect(says).not.toMatch(/in 0 |-\d+ (second|minute|hour|day)|\b0 (seconds|minutes|hours|days)/);

    // So it is after a refresh, and a file is named by the right day.
    await page.clock.runFor(61_000);
    await history.refresh.click();
    await expect(page.getByText(/^(Updated|Data from)/)).toHaveText(age);
    await history.export.click();
    const [download] = await Promise.all([page.waitForEvent('download'), history.csv.click()]);
    expect(download.suggestedFilename()).toBe(`referrals-${day(Date.now())}.csv`);
  });
}

test('without the service’s clock, a device clock that is slow still makes no nonsense', async ({ answerWith, history, page }) => {
  await page.clock.setFixedTime(NOW);
  await answerWith([
    { id: 'a', code: 'AHEAD', created_at: iso(NOW.getTime() + DAY - 60_000), status: 'attributed', expires_at: iso(NOW.getTime() + 5_000) },
    { id: 'b', code: 'FAR', created_at: iso(NOW.getTime() + 9 * DAY) },
  ]);
  await page.goto('/');
  await history.openDetails('AHEAD');
  await expect(history.step('Created')).toContainText(/just now$/);
  await expect(history.step('Expires')).toContainText(/in 1 minute$/);
  await page.keyboard.press('Escape');
  // No clock is wrong by nine days, and nothing was created in nine days: the date stands alone.
  await history.openDetails('FAR');
  await expect(history.step('Created')).toContainText(/CEST\s*$/);
});

/** What the page says of when its rows were made, in English. */
const dateTime = (at) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: BERLIN }).format(at);

for (const [what, headers] of [
  ['its Date', { date: new Date(NOW - 2 * HOUR).toUTCString() }],
  // By its Age the service's clock agrees with the device's, so it is a cache that kept it.
  ['its Date and its Age', { date: new Date(NOW - 2 * HOUR).toUTCString(), age: '7200' }],
]) {
  // A cache between the service and the page gave old rows as new.
  test(`an answer that is old by ${what} is never called new, not even after a failed refresh`, async ({ answerWith, history, page }) => {
    await page.clock.install({ time: NOW });
    await answerWith([{ id: 'a', code: 'CODE', created_at: iso(NOW - 3 * HOUR) }], headers);
    await page.goto('/');
    const age = page.getByText(/^Data from/);
    const at = dateTime(NOW - 2 * HOUR);
    await expect(age).toHaveText(`Data from ${at}`);
    await expect(page.getByText(/just now|^Loaded/)).toHaveCount(0);
    await history.showUtc.click();
    await expect(age).toHaveText('Data from 12 May 2026, 10:00');
    await history.showBerlin.click();

    await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 403, headers, body: '' }));
    await history.refresh.click();
    const notice = page.getByRole('region', { name: 'Refresh failed: You are not allowed to see this' });
    await expect(notice).toContainText(`Showing data from ${at}.`);
    await expect(age).toHaveText(`Data from ${at}`);
    await expect(page.getByText(/just now|^Loaded/)).toHaveCount(0);
    await page.clock.runFor(HOUR);
    await expect(age).toHaveText(`Data from ${at}`);

    // What is answered then is new.
    await page.unroute('**/referrals/me/events*');
    await answerWith([{ id: 'a', code: 'CODE' }], { date: new Date(NOW.getTime() + HOUR).toUTCString() });
    await history.refresh.click();
    await expect(page.getByText(/^(Updated|Data from)/)).toHaveText('Updated just now');
  });
}

test('an answer that a cache kept for half an hour is half an hour old', async ({ answerWith, page }) => {
  await page.clock.setFixedTime(NOW);
  await answerWith([{ id: 'a' }], { date: new Date(NOW - HOUR / 2).toUTCString(), age: '1800' });
  await page.goto('/');
  await expect(page.getByText(/^(Updated|Data from)/)).toHaveText('Updated 30 minutes ago');
});

test.describe('in a zone that is UTC already', () => {
  test.use({ timezoneId: 'UTC' });
  test('the page says so', async ({ signIn, history, page }) => {
    await signIn('A few');
    const [record] = await history.records();
    await expect(page.getByText('Times in UTC')).toBeVisible();
    await expect(history.table.locator('time').first()).toHaveAttribute('title', full(record.created_at, 'UTC'));
  });
});
