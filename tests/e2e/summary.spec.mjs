// The figures and the two pictures: what the loaded events come to.
import { BERLIN, DAY, STATUSES, credits, date, day, expiresSoon, grouped, isRewarded, number, percent, plural, sorted } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const NOW = new Date('2026-05-12T12:00:00Z');

// A moment at which all is the same on every run.
const still = async (page) => page.clock.setFixedTime(NOW);
const sent = { date: NOW.toUTCString() };
const rewarded = (reward_credits, rewarded_at, more) => ({ id: 'a', status: 'rewarded', role: 'referrer', created_at: '2026-05-01T12:00:00Z', reward_credits, rewarded_at, ...more });

/** The rewards by the days, weeks or months of a zone, as the table of numbers has them. */
function periods(records, unit, timeZone) {
  const start = ({ rewarded_at }) => {
    const at = day(rewarded_at, timeZone);
    if (unit === 'day') return at;
    if (unit === 'month') return `${at.slice(0, 7)}-01`;
    const weekday = (new Date(`${at}T00:00:00Z`).getUTCDay() + 6) % 7;
    return day(Date.parse(`${at}T00:00:00Z`) - weekday * DAY, 'UTC');
  };
  const name = (start) => {
    const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
    return { day: date(start), week: `Week of ${date(start)}`, month: month.format(new Date(start)) }[unit];
  };
  return grouped(records.filter(isRewarded), start)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([start, of]) => [name(start), number(of.length), number(credits(of))]);
}

/** The table of numbers is that of these records, by what the chart says that it goes by. */
async function showsNumbers(history, records, timeZone = BERLIN) {
  const unit = async () => (await history.chart.getByRole('heading').textContent()).match(/\w+$/)[0];
  await expect.poll(async () => [await unit(), ...(await history.cellsOf(history.numbers))]).toEqual([
    expect.stringMatching(/^(day|week|month)$/),
    ...periods(records, await unit(), timeZone),
  ]);
}

test('the figures are what the loaded events come to', async ({ signIn, history, page }) => {
  await signIn('Busy');
  const records = await history.records();
  await history.showsFigures(records);
  await expect(history.lead).not.toContainText('Totals');
  const oldest = date(day(records.map(({ created_at }) => created_at).sort()[0]));
  await expect(page.getByText(`Latest 100 referrals, since ${oldest}. Older referrals are not shown.`)).toBeVisible();
});

test('the figures say which events they speak of when those are all there are', async ({ signIn, history, page }) => {
  await signIn('A few');
  const records = await history.records();
  await history.showsFigures(records);
  await expect(history.lead).not.toContainText('Totals');
  await expect(page.getByText(`7 referrals, since ${date(day(records.at(-1).created_at))}.`, { exact: true })).toBeVisible();
});

test('figures, pictures and campaigns follow every filter except Status and Expiring soon, and say so', async ({ signIn, history }) => {
  await signIn('Busy');
  const records = await history.records();
  const says = async (left) =>
    expect(history.lead).toContainText(
      `Totals cover ${left.length} of 100. Status and Expiring soon only filter the list.`,
    );
  await history.chart.getByText('Show as table').click();
  const referrer = records.filter(({ role }) => role === 'referrer');
  await history.role('Referrer').check();
  await history.showsFigures(referrer);
  await says(referrer);
  await showsNumbers(history, referrer);
  await history.statusChoice('Rewarded').check();
  await history.showsFigures(referrer);
  await history.expiringSoon.click();
  await history.showsFigures(referrer);
  await says(referrer);
  await history.expiringSoon.click();

  const launched = referrer.filter(({ campaign }) => campaign === 'spring-launch');
  await history.campaign.selectOption(`=spring-launch`);
  await history.showsFigures(launched);
  await says(launched);
  await showsNumbers(history, launched);
  await history.search.fill(launched[0].code);
  const found = launched.filter(({ code }) => code === launched[0].code);
  await history.showsFigures(found);
  await history.search.fill('');
  await history.dates.selectOption('Last 90 days');
  const recent = launched.filter(({ created_at }) => day(created_at) >= day(Date.now() - 89 * DAY));
  await history.showsFigures(recent);
  await expect(history.parts).toHaveCount(grouped(recent, ({ status }) => status).length);
  await history.clear.click();
  await history.showsFigures(records);
});

test('Expiring soon shows exactly those that expire soon, by press and by key, and after a reload', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?per_page=100');
  const records = await history.records();
  const soon = sorted(records.filter((record) => expiresSoon(record, Date.now())), 'expires_at');
  expect(soon.length).toBeGreaterThan(1);
  await expect(history.expiringSoon).toHaveAccessibleName(`Expiring soon ${soon.length} within 7 days`);
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'false');
  await history.expiringSoon.click();
  await history.shows(soon);
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'true');
  await expect(history.status).toHaveText(`Sorted by Expiry, earliest first. Showing 1–${soon.length} of ${soon.length} referrals`);
  expect(watch.requests).toHaveLength(1);
  await page.reload();
  await history.shows(soon);
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'true');

  await history.expiringSoon.focus();
  await page.keyboard.press('Space');
  await history.shows(records);
  await page.keyboard.press('Enter');
  await history.shows(soon);
  await expect(history.expiringSoon).toBeFocused();
  // It is a choice among what became of a referral, as the statuses are.
  await history.statusChoice('Failed').check();
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'false');
  await history.shows(records.filter(({ status }) => status === 'failed'));
  await history.expiringSoon.click();
  await expect(history.statusChoice('Failed')).not.toBeChecked();
  await history.shows(soon);
  // Its order ends with it.
  await history.clear.click();
  await history.shows(records);
});

test('Expiring soon leaves an order alone that the user chose', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?per_page=100');
  const records = await history.records();
  const soon = records.filter((record) => expiresSoon(record, Date.now()));
  await history.heading('Date').getByRole('button').click();
  await history.expiringSoon.click();
  await history.shows(sorted(soon, 'created_at'));
  await history.expiringSoon.click();
  await history.shows(sorted(records, 'created_at'));
  await history.heading('Date').getByRole('button').click();
  await history.heading('Date').getByRole('button').click();
  await history.expiringSoon.click();
  await history.shows(sorted(soon, 'expires_at'));
  await history.heading('Date').getByRole('button').click();
  await history.shows(sorted(soon, 'created_at'));
  expect(new URL(page.url()).search).toBe('?expiring=soon&sort=created_at&per_page=100');
});

test('what expires within 7 days begins now and ends to the second', async ({ answerWith, history, page }) => {
  await still(page);
  const at = (milliseconds) => new Date(NOW.getTime() + milliseconds).toISOString();
  const open = (id, expires_at, status = 'attributed') => ({ id, code: id, status, role: 'referrer', expires_at });
  await answerWith(
    [
      open('gone', at(-1000)),
      open('now', at(0)),
      open('last', at(7 * DAY), 'qualified'),
      open('later', at(7 * DAY + 1000)),
      open('held', at(DAY), 'review_required'),
      open('ended', at(DAY), 'capped'),
      open('unknown', at(DAY), 'on_hold'),
      open('never'),
    ],
    sent,
  );
  await page.goto('/');
  await expect(history.figure('Expiring soon')).toHaveText(['2', 'within 7 days']);
  await history.expiringSoon.click();
  await expect(history.cells('code')).toHaveText(['now', 'last']);
});

test('with nothing to show, Expiring soon does nothing', async ({ answerWith, history, page }) => {
  await answerWith([{ id: 'a', status: 'capped' }]);
  await page.goto('/');
  await expect(history.figure('Expiring soon')).toHaveText(['0', 'within 7 days']);
  await expect(history.expiringSoon).toBeDisabled();
  await history.expiringSoon.click({ force: true });
  await expect(history.rows).toHaveCount(1);
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'false');
});

test('rewards of unknown amount are named, not counted as nothing', async ({ answerWith, history, page }) => {
  await answerWith([rewarded(10_000), rewarded(undefined), rewarded('7'), rewarded(null), rewarded(2_500)]);
  await page.goto('/');
  await expect(history.figure('Credits earned')).toHaveText(['12,500', 'from 5 rewards, 3 of unknown amount']);
  await expect(history.figure('Success rate')).toHaveText(['100%', '5 of 5 completed']);
  await answerWith([rewarded(undefined)]);
  await history.refresh.click();
  await expect(history.figure('Credits earned').nth(1)).toHaveText('from 1 reward, 1 of unknown amount');
  await expect(history.figure('Credits earned').first()).not.toHaveText(/\d/);
  // A reward beyond a trillion credits is not in the sum.
  await answerWith([rewarded(Number.MAX_SAFE_INTEGER), rewarded(2_500)]);
  await history.refresh.click();
  await expect(history.figure('Credits earned')).toHaveText(['2,500', 'from 2 rewards, 1 of unknown amount']);
});

test('Broken records: the figures count what can be read, and name the rest', async ({ signIn, history }) => {
  await signIn('Broken records');
  await expect(history.figure('Credits earned').nth(1)).toHaveText(/^from 8 rewards, 4 of unknown amount$/);
  // 10,000 of each good record, of the one of zero times, and of the one that says everything twice; minus 10,000.
  await expect(history.figure('Credits earned').first()).toHaveText('20,000');
  await expect(history.shares.getByRole('img', { name: /^No status: 4 referrals/ })).toBeVisible();
});

test('From the future: of what is not known nobody says that it is in progress or has ended', async ({ signIn, history }) => {
  await signIn('From the future');
  const records = await history.records();
  await history.showsFigures(records);
  for (const [status, of] of grouped(records, ({ status }) => status)) {
    const name = STATUSES[status] ?? status;
    await expect(history.part(name)).toHaveAccessibleName(`${name}: ${plural(of.length, 'referral')}, ${percent(of.length / 8)}`);
  }
});

test('without anything that has ended there is no share', async ({ answerWith, history, page }) => {
  await answerWith([{ id: 'a', status: 'attributed' }]);
  await page.goto('/');
  await expect(history.figure('Success rate')).toHaveText(['—', 'None completed yet']);
  await expect(history.figure('Credits earned')).toHaveText(['0', 'from 0 rewards']);
  await expect(history.lead).toHaveText('No rewards yet. 1 can still pay off.');
  await expect(history.chart).toContainText('No rewards in this selection.');
});

test('before there is an answer there are no figures, not even noughts', async ({ signIn, history, page }) => {
  await signIn('Stalled');
  await expect(history.status).toHaveText('Loading');
  for (const figure of await history.summary.getByRole('definition').all()) await expect(figure).not.toHaveText(/\d (?!days)|^\d/);
  await expect(history.parts).toHaveCount(0);
  await expect(history.chart).not.toContainText('No rewards');
  await expect(page.getByText(/\d+ referrals?/)).toHaveCount(0);
});

test.describe('the bar', () => {
  test('has a part for each status that occurs, with its number and its percent in words', async ({ signIn, history }) => {
    await signIn('Busy');
    const records = await history.records();
    const statuses = Object.keys(STATUSES).filter((status) => records.some((record) => record.status === status));
    const count = (status) => records.filter((record) => record.status === status).length;
    const names = await history.parts.evaluateAll((parts) => parts.map((part) => part.ariaLabel));
    expect(names).toEqual(statuses.map((status) => `${STATUSES[status]}: ${plural(count(status), 'referral')}, ${percent(count(status) / 100)}`));
    // Long parts for many.
    const widths = await history.parts.evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width));
    for (const [one, status] of statuses.entries()) {
      for (const [other, than] of statuses.entries()) {
        if (count(status) > count(than)) expect(widths[one], `${status} beside ${than}`).toBeGreaterThan(widths[other]);
      }
    }
    // The legend names them, with a shape of its own for each beside the colours.
    const legend = await history.statuses.locator('label').evaluateAll((labels) => labels.map((label) => [label.querySelector('input').value, label.querySelector('svg').innerHTML]));
    expect(legend.map(([status]) => status)).toEqual(statuses);
    expect(new Set(legend.map(([, icon]) => icon)).size).toBe(statuses.length);
  });

  test('sets and drops the status filter, by press and by key', async ({ signIn, history, page }) => {
    await signIn('Busy', '/?per_page=100');
    const records = await history.records();
    const of = (...words) => records.filter(({ status }) => words.includes(status));
    await history.part('Rewarded').click();
    await history.shows(of('rewarded'));
    await expect(history.statusChoice('Rewarded')).toBeChecked();
    await expect(history.part('Rewarded')).toHaveAttribute('aria-pressed', 'true');
    await expect(history.part('Failed')).toHaveAttribute('aria-pressed', 'false');
    await history.part('Failed').focus();
    await page.keyboard.press('Enter');
    await history.shows(of('rewarded', 'failed'));
    await expect(history.part('Failed')).toBeFocused();
    await history.part('Rewarded').focus();
    await page.keyboard.press('Space');
    await history.shows(of('failed'));
    await expect(history.statusChoice('Rewarded')).not.toBeChecked();
    await history.part('Failed').click();
    await history.shows(records);
    // And the other way round.
    await history.statusChoice('Capped').check();
    await expect(history.part('Capped')).toHaveAttribute('aria-pressed', 'true');
  });

  test('keeps its parts when the status filter narrows, and gives up those that other filters empty', async ({ signIn, history }) => {
    await signIn('Busy');
    const records = await history.records();
    await history.statusChoice('Rewarded').check();
    await expect(history.parts).toHaveCount(grouped(records, ({ status }) => status).length);
    const { code } = records.find(({ status, code }) => status === 'capped' && code !== undefined);
    const found = grouped(records.filter((record) => record.code === code), ({ status }) => status);
    await history.search.fill(code);
    await expect(history.parts).toHaveCount(found.length);
  });
});

test.describe('the chart', () => {
  /** What each place on the axis is: how high its bar is, and what it says. */
  const slots = (history) =>
    history.chart.locator('.rh-slot').evaluateAll((slots) =>
      slots.map((slot) => ({ bar: slot.firstElementChild?.getBoundingClientRect().height ?? 0, says: slot.title })),
    );

  test('has its numbers as a table, in either zone', async ({ signIn, history }) => {
    await signIn('Busy');
    const records = await history.records();
    const [unit] = (await history.chart.getByRole('heading').textContent()).match(/\w+$/);
    expect(['day', 'week', 'month']).toContain(unit);
    await history.chart.getByText('Show as table').click();
    await expect(history.numbers.getByRole('columnheader')).toHaveText(['Period', 'Rewards', 'Credits']);
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual(periods(records, unit, BERLIN));
    await history.showUtc.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual(periods(records, unit, 'UTC'));
    // The picture has a bar for each line of the table, and the highest stands for the most.
    const lines = periods(records, unit, 'UTC');
    const bars = (await slots(history)).filter(({ bar }) => bar > 0);
    expect(bars.map(({ says }) => says)).toEqual(lines.map(([period, rewards, credits]) => `${period}: ${credits} credits from ${rewards} ${rewards === '1' ? 'reward' : 'rewards'}`));
    const most = lines.map(([, , credits]) => Number(credits.replaceAll(',', '')));
    const highest = Math.max(...bars.map(({ bar }) => bar));
    for (const [place, { bar }] of bars.entries()) expect(bar / highest).toBeCloseTo(most[place] / Math.max(...most), 1);
    await expect(history.chart.getByText(number(Math.max(...most)), { exact: true }).first()).toBeVisible();
  });

  test('puts a reward on the day it has in the zone that is shown', async ({ answerWith, history, page }) => {
    await still(page);
    await answerWith([rewarded(5, '2026-05-10T22:30:00Z'), rewarded(7, '2026-05-10T21:30:00Z')], sent);
    await page.goto('/');
    await history.chart.getByText('Show as table').click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['10 May 2026', '1', '7'], ['11 May 2026', '1', '5']]);
    await history.showUtc.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['10 May 2026', '2', '12']]);
  });

  for (const [unit, first, count, label] of [
    ['day', '2026-04-20T12:00:00Z', 23, '20 Apr 2026'],
    ['week', '2026-03-04T12:00:00Z', 11, 'Week of 2 Mar 2026'],
    ['month', '2025-03-04T12:00:00Z', 15, 'Mar 2025'],
    ['year', '2016-03-04T12:00:00Z', 11, '2016'],
  ]) {
    test(`goes by ${unit} where that suits the span, and shows gaps as gaps`, async ({ answerWith, history, page }) => {
      await still(page);
      await answerWith([rewarded(20, '2026-05-12T10:00:00Z'), rewarded(10, first)], sent);
      await page.goto('/');
      await expect(history.chart.getByRole('heading')).toHaveText(`Credits over time by ${unit}`);
      const drawn = await slots(history);
      expect(drawn).toHaveLength(count);
      expect(drawn[0].says).toBe(`${label}: 10 credits from 1 reward`);
      expect(drawn.at(-1).bar).toBeCloseTo(drawn[0].bar * 2, 0);
      // What lies between is there, and is empty: a mark, not a low bar.
      const between = drawn.slice(1, -1);
      expect(between.map(({ bar }) => bar)).toEqual(between.map(() => 0));
      for (const { says } of between) expect(says).toMatch(/: 0 credits from 0 rewards$/);
      const marks = await history.chart.locator('.rh-slot').evaluateAll((slots) =>
        slots.slice(1, -1).map((slot) => getComputedStyle(slot, '::after').content !== 'none'),
      );
      expect(marks).toEqual(between.map(() => true));
    });
  }

  test('names rewards without a plausible date', async ({ answerWith, history, page }) => {
    await still(page);
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z'), rewarded(10, 'soon'), rewarded(10), rewarded(10, '1999-12-31T12:00:00Z'), rewarded(10, '2026-05-15T12:00:00Z')], sent);
    await page.goto('/');
    await expect(history.chart).toContainText('4 rewards have no plausible date and are not in the chart.');
    await history.chart.getByText('Show as table').click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['12 May 2026', '1', '20']]);
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z', {}), rewarded(undefined, '2026-05-12T10:00:00Z')], sent);
    await history.refresh.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['12 May 2026', '2', '20, 1 of unknown amount']]);
  });

  test('is a picture to those who see it, and a table to everybody', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    const hidden = await history.chart.locator('.rh-slot').first().evaluate((slot) => slot.closest('[aria-hidden=true]') !== null);
    expect(hidden).toBe(true);
    // By keyboard: the disclosure, and what scrolls in it.
    await history.chart.getByText('Show as table').focus();
    await page.keyboard.press('Enter');
    await expect(history.numbers).toBeVisible();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => deep.active().contains(deep.one('.rh-small-table')))).toBe(true);
  });
});
