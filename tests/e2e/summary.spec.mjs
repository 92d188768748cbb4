// The figures and the two pictures: what the loaded events come to.
import { BERLIN, DAY, STATUSES, credits, date, day, expiresSoon, grouped, isRewarded, number, percent, plural, sorted } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const NOW = new Date('2026-05-12T12:00:00Z');

// A moment at which all is the same on every run.
const still = async (page) => page.clock.setFixedTime(NOW);
const sent = { date: NOW.toUTCString() };
const rewarded = (reward_credits, rewarded_at, more) => ({ id: 'a', status: 'rewarded', role: 'referrer', created_at: '2026-05-01T12:00:00Z', reward_credits, rewarded_at, ...more });

/** The first day of the day, week or month in which a record was rewarded. */
function startOf({ rewarded_at }, unit, timeZone) {
  const at = day(rewarded_at, timeZone);
  if (unit === 'day') return at;
  if (unit === 'month') return `${at.slice(0, 7)}-01`;
  const weekday = (new Date(`${at}T00:00:00Z`).getUTCDay() + 6) % 7;
  return day(Date.parse(`${at}T00:00:00Z`) - weekday * DAY, 'UTC');
}

/** What the page calls the day, week or month that begins on a day. */
function periodName(start, unit) {
  const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
  return { day: date(start), week: `Week of ${date(start)}`, month: month.format(new Date(start)) }[unit];
}

/** The rewards by the days, weeks or months of a zone, as the table of numbers has them. */
const periods = (records, unit, timeZone) =>
  grouped(records.filter(isRewarded), (record) => startOf(record, unit, timeZone))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([start, of]) => [periodName(start, unit), number(of.length), number(credits(of))]);

/** The table of numbers is that of these records, by the interval that is pressed. */
async function showsNumbers(history, records, timeZone = BERLIN) {
  await expect.poll(async () => [await history.interval(), ...(await history.cellsOf(history.numbers))]).toEqual([
    expect.stringMatching(/^(day|week|month)$/),
    ...periods(records, await history.interval(), timeZone),
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
      `Totals cover ${left.length} of 100 referrals.`,
    );
  await history.tab('Table').click();
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
  // Where both orders are the same, nothing that is shown says when the address is written.
  await expect.poll(() => new URL(page.url()).search).toBe('?expiring=soon&sort=created_at&per_page=100');
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
    await expect(history.parts).toHaveCount(statuses.length);
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
    history.bars.evaluateAll((bars) => bars.map((bar) => ({ bar: bar.firstElementChild?.getBoundingClientRect().height ?? 0, says: bar.ariaLabel })));

  /** The last day of the week or month that begins on a day. */
  const lastDay = (start, unit) => {
    const [year, month, date] = start.split('-').map(Number);
    return day(unit === 'week' ? Date.UTC(year, month - 1, date + 6) : Date.UTC(year, month, 0), 'UTC');
  };

  test('has its numbers as a table, in either zone', async ({ signIn, history }) => {
    await signIn('Busy');
    const records = await history.records();
    const unit = await history.interval();
    expect(['week', 'month']).toContain(unit);
    await history.tab('Table').click();
    await expect(history.numbers.getByRole('columnheader')).toHaveText(['Period', 'Rewards', 'Credits']);
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual(periods(records, unit, BERLIN));
    await history.showUtc.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual(periods(records, unit, 'UTC'));
    // The picture has a bar for each line of the table, and the highest stands for the most.
    await history.tab('Chart').click();
    const lines = periods(records, unit, 'UTC');
    const bars = (await slots(history)).filter(({ bar }) => bar > 0);
    expect(bars.map(({ says }) => says)).toEqual(lines.map(([period, rewards, credits]) => `${period}: ${credits} credits from ${rewards} ${rewards === '1' ? 'reward' : 'rewards'}`));
    const most = lines.map(([, , credits]) => Number(credits.replaceAll(',', '')));
    const highest = Math.max(...bars.map(({ bar }) => bar));
    for (const [place, { bar }] of bars.entries()) expect(bar / highest).toBeCloseTo(most[place] / Math.max(...most), 1);
    await expect(history.chart.getByText(number(Math.max(...most)), { exact: true }).first()).toBeVisible();
    await expect(history.total).toHaveText(number(credits(records)));
  });

  test('goes by week or month, as the user chooses, and the address does not say so', async ({ signIn, history, page, watch }) => {
    await signIn('Busy');
    const records = await history.records();
    const address = page.url();
    await history.tab('Table').click();
    await expect(history.intervals).toHaveText(['Week', 'Month']);
    for (const unit of ['Month', 'Week']) {
      await history.intervals.filter({ hasText: unit }).click();
      expect(await history.interval()).toBe(unit.toLowerCase());
      await expect.poll(() => history.cellsOf(history.numbers)).toEqual(periods(records, unit.toLowerCase(), BERLIN));
    }
    expect(page.url()).toBe(address);
    // The campaigns go by nothing of the kind.
    await history.tab('Campaigns').click();
    await expect(history.intervals).toHaveCount(0);
    expect(watch.requests).toHaveLength(1);
  });

  test('puts a reward on the day it has in the zone that is shown', async ({ answerWith, history, page }) => {
    await still(page);
    await answerWith([rewarded(5, '2026-05-10T22:30:00Z'), rewarded(7, '2026-05-10T21:30:00Z')], sent);
    await page.goto('/?from=2026-05-01&to=2026-05-31');
    await history.tab('Table').click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['10 May 2026', '1', '7'], ['11 May 2026', '1', '5']]);
    await history.showUtc.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['10 May 2026', '2', '12']]);
  });

  for (const [unit, first, count, label, address, intervals] of [
    ['day', '2026-05-02T12:00:00Z', 11, '2 May 2026', '/?from=2026-05-01&to=2026-05-31', ['Day', 'Week']],
    ['week', '2026-03-04T12:00:00Z', 11, 'Week of 2 Mar 2026', '/', ['Week', 'Month']],
    ['month', '2025-03-04T12:00:00Z', 15, 'Mar 2025', '/', ['Week', 'Month']],
  ]) {
    test(`goes by ${unit} where that suits the span, and shows gaps as gaps`, async ({ answerWith, history, page }) => {
      await still(page);
      await answerWith([rewarded(20, '2026-05-12T10:00:00Z'), rewarded(10, first)], sent);
      await page.goto(address);
      await expect(history.bars).toHaveCount(count);
      expect(await history.interval()).toBe(unit);
      await expect(history.intervals).toHaveText(intervals);
      const drawn = await slots(history);
      expect(drawn[0].says).toBe(`${label}: 10 credits from 1 reward`);
      expect(drawn.at(-1).bar).toBeCloseTo(drawn[0].bar * 2, 0);
      // What lies between is there, and is empty: a mark, not a low bar.
      const between = drawn.slice(1, -1);
      expect(between.map(({ bar }) => bar)).toEqual(between.map(() => 0));
      for (const { says } of between) expect(says).toMatch(/: no rewards$/);
      const marks = await history.bars.evaluateAll((bars) => bars.slice(1, -1).map((bar) => getComputedStyle(bar, '::after').content !== 'none'));
      expect(marks).toEqual(between.map(() => true));
      await history.bars.nth(1).focus();
      await expect(history.tip).toHaveText(between[0].says);
    });
  }

  test('names rewards without a plausible date', async ({ answerWith, history, page }) => {
    await still(page);
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z'), rewarded(10, 'soon'), rewarded(10), rewarded(10, '1999-12-31T12:00:00Z'), rewarded(10, '2026-05-15T12:00:00Z')], sent);
    await page.goto('/');
    const note = history.chart.getByText('4 rewards have no plausible date and are not in the chart.');
    await expect(note).toBeVisible();
    await history.tab('Table').click();
    await expect(note).toBeVisible();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['Week of 11 May 2026', '1', '20']]);
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z', {}), rewarded(undefined, '2026-05-12T10:00:00Z')], sent);
    await history.refresh.click();
    await expect.poll(() => history.cellsOf(history.numbers)).toEqual([['Week of 11 May 2026', '2', '20, 1 of unknown amount']]);
  });

  test('draws reversed rewards below the line, and unknown amounts not as nothing', async ({ answerWith, history, page }) => {
    await still(page);
    await answerWith(
      [
        rewarded(30_000, '2026-05-12T10:00:00Z'),
        rewarded(-10_000, '2026-05-05T10:00:00Z'),
        rewarded(undefined, '2026-04-28T10:00:00Z'),
        rewarded('7', '2026-04-28T10:00:00Z'),
        rewarded(15_000, '2026-04-21T10:00:00Z'),
        rewarded(null, '2026-04-21T10:00:00Z'),
        rewarded(0, '2026-04-14T10:00:00Z'),
      ],
      sent,
    );
    await page.goto('/');
    await expect(history.bars).toHaveCount(5);
    expect((await slots(history)).map(({ says }) => says)).toEqual([
      'Week of 13 Apr 2026: 0 credits from 1 reward',
      'Week of 20 Apr 2026: 15,000 credits from 2 rewards, 1 of unknown amount',
      'Week of 27 Apr 2026: unknown amount from 2 rewards',
      'Week of 4 May 2026: -10,000 credits from 1 reward',
      'Week of 11 May 2026: 30,000 credits from 1 reward',
    ]);
    const columns = history.chart.locator('.rh-column');
    const boxes = await columns.evaluateAll((columns) => columns.map((column) => column.getBoundingClientRect()));
    const [nothing, some, , negative, most] = boxes;
    expect(negative.top).toBeCloseTo(most.bottom, 0);
    expect(negative.height / most.height).toBeCloseTo(1 / 3, 1);
    expect(some.height / most.height).toBeCloseTo(1 / 2, 1);
    expect(nothing.height).toBeLessThan(4);
    const looks = (place, pseudo) => columns.nth(place).evaluate((column, pseudo) => {
      const { backgroundColor, backgroundImage, borderTopStyle, content } = getComputedStyle(column, pseudo);
      return { backgroundColor, backgroundImage, borderTopStyle, content };
    }, pseudo);
    expect((await looks(3)).backgroundColor).not.toBe((await looks(4)).backgroundColor);
    expect(await looks(1, '::before')).toMatchObject({ content: '""', backgroundImage: expect.stringMatching(/^repeating-linear-gradient/) });
    expect((await looks(4, '::before')).content).toBe('none');
    expect((await looks(2)).borderTopStyle).toBe('dashed');
    // Both ends of the scale.
    const scale = history.chart.locator('.rh-scale > *');
    await expect(scale).toHaveText(['30,000', '-10,000']);
    const ends = await scale.evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2));
    expect(Math.abs(ends[0] - most.top)).toBeLessThan(8);
    expect(Math.abs(ends[1] - negative.bottom)).toBeLessThan(8);
    await expect(history.total).toHaveText('35,000');
    await expect(history.total).toHaveAttribute('title', '35,000, 3 of unknown amount');
  });

  test('is one stop of the keyboard, and its keys move along the bars', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await history.records();
    await expect(history.bars.first()).toBeVisible();
    const says = (await slots(history)).map(({ says }) => says);
    expect(says.length).toBeGreaterThan(3);
    await history.tab('Chart').focus();
    await page.keyboard.press('Tab');
    for (const [key, place] of [['Shift', -1], ['ArrowLeft', -2], ['ArrowLeft', -3], ['ArrowRight', -2], ['Home', 0], ['ArrowLeft', 0], ['ArrowRight', 1], ['End', -1], ['ArrowRight', -1], ['Home', 0]]) {
      await page.keyboard.press(key);
      const bar = history.bars.nth((place + says.length) % says.length);
      await expect(bar, key).toBeFocused();
      // A scrolled place is rounded to a pixel.
      await expect(bar, key).toBeInViewport({ ratio: 0.95 });
      await expect(history.tip).toHaveText(says.at(place));
    }
    // Past all of them, and back to the one that was left.
    await page.keyboard.press('Tab');
    await expect(history.search).toBeFocused();
    await expect(history.tip).toHaveCount(0);
    await page.keyboard.press('Shift+Tab');
    await expect(history.bars.first()).toBeFocused();
  });

  test('says of the bar below the pointer what it stands for', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await history.records();
    await expect(history.bars.first()).toBeVisible();
    await expect(history.tip).toHaveCount(0);
    const says = (await slots(history)).map(({ says }) => says);
    for (const place of [says.length - 1, says.length - 4, 2]) {
      await history.bars.nth(place).hover();
      await expect(history.tip).toHaveText(says[place]);
      // At the bar, and within the card.
      const [tip, bar, card] = [await history.tip.boundingBox(), await history.bars.nth(place).boundingBox(), await history.chart.boundingBox()];
      const middle = bar.x + bar.width / 2;
      expect(tip.x).toBeLessThanOrEqual(middle);
      expect(tip.x + tip.width).toBeGreaterThanOrEqual(middle);
      expect(tip.x).toBeGreaterThanOrEqual(card.x);
      expect(tip.x + tip.width).toBeLessThanOrEqual(card.x + card.width);
    }
    // It stays while the pointer is on it.
    await page.mouse.move(...Object.values(await history.tip.boundingBox()).slice(0, 2).map((at) => at + 4));
    await expect(history.tip).toHaveText(says[2]);
    await history.search.hover();
    await expect(history.tip).toHaveCount(0);
  });

  for (const unit of ['week', 'month']) {
    test(`a press on a bar narrows to its ${unit}, and another shows all again`, async ({ signIn, history, page, watch }) => {
      await signIn('Busy', '/?per_page=100');
      const records = await history.records();
      await history.intervals.filter({ hasText: new RegExp(unit, 'i') }).click();
      await expect.poll(async () => (await slots(history)).filter(({ bar }) => bar > 0).length).toBe(periods(records, unit, BERLIN).length);
      const all = await slots(history);
      const starts = grouped(records.filter(isRewarded), (record) => startOf(record, unit, BERLIN));
      const [start, of] = starts.toSorted(([, one], [, other]) => other.length - one.length)[0];
      const says = `${periodName(start, unit)}: ${plural(credits(of), 'credit')} from ${plural(of.length, 'reward')}`;
      const bar = history.chart.getByRole('button', { name: says, exact: true });
      await bar.click();
      await history.shows(of);
      await expect(history.total).toHaveText(number(credits(of)));
      await expect(bar).toHaveAttribute('aria-pressed', 'true');
      await expect(bar).toBeFocused();
      await expect(history.chart.locator('[aria-pressed=true].rh-slot')).toHaveCount(1);
      await expect(history.chart.locator('[data-included=true]')).toHaveCount(1);
      const { searchParams } = new URL(page.url());
      expect(['by', 'from', 'to'].map((name) => searchParams.get(name))).toEqual(['rewarded', start, lastDay(start, unit)]);
      // The other bars stay, to compare with and to choose.
      expect(await slots(history)).toEqual(all);
      // A link to it shows the same.
      await page.reload();
      await history.shows(of);
      await expect(history.total).toHaveText(number(credits(of)));
      await history.intervals.filter({ hasText: new RegExp(unit, 'i') }).click();
      await expect(bar).toHaveAttribute('aria-pressed', 'true');

      await bar.focus();
      await page.keyboard.press('Enter');
      await history.shows(records);
      await expect(bar).toBeFocused();
      await expect(bar).toHaveAttribute('aria-pressed', 'false');
      await expect(history.total).toHaveText(number(credits(records)));
      await page.keyboard.press('Space');
      await history.shows(of);
      await history.clear.click();
      await history.shows(records);
      expect(watch.requests).toHaveLength(2);
    });
  }

  test('follows every filter but the status and the period of rewards', async ({ signIn, history }) => {
    await signIn('Busy', '/?per_page=100');
    const records = await history.records();
    await expect(history.bars.last()).toBeVisible();
    await history.bars.last().click();
    // Of the statuses only this one has a day of a reward.
    await history.statusChoice('Rewarded').check();
    const referrer = records.filter(({ role }) => role === 'referrer');
    await history.role('Referrer').check();
    await history.tab('Table').click();
    await showsNumbers(history, referrer);
  });

  test('keeps the focus when a press draws other bars', async ({ answerWith, history, page }) => {
    await still(page);
    const created_at = '2026-05-04T12:00:00Z';
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z', { created_at }), rewarded(10, '2026-05-05T12:00:00Z', { created_at }), rewarded(10, '2025-05-05T12:00:00Z')], sent);
    // By day, of the referrals created in May; by week or month, of all, once a day of rewards is chosen.
    await page.goto('/?from=2026-05-02&to=2026-05-31');
    await expect(history.bars).toHaveCount(8);
    await history.bars.first().click();
    await expect(history.bars).toHaveCount(13);
    await expect(history.bars.last()).toBeFocused();
    await expect(history.tip).toHaveText('May 2026: 30 credits from 2 rewards');
    await expect(history.bars.last()).toHaveAttribute('data-included', 'true');
    await expect(history.rows).toHaveCount(1);
    await expect(history.total).toHaveText('10');
    // Back to fewer bars than the place of the one that has the focus.
    await page.goBack();
    await expect(history.bars).toHaveCount(8);
    await expect(history.chart.locator('.rh-slot:focus')).toHaveCount(1);
    await expect(history.chart.locator('.rh-slot:focus')).toHaveAttribute('tabindex', '0');
  });

  test('builds only the difference where other bars take the place of the bars', async ({ signIn, history, page }) => {
    await page.addInitScript(() => {
      window.heard = 0;
      const { addEventListener } = EventTarget.prototype;
      EventTarget.prototype.addEventListener = function (...listener) {
        if (this.className === 'rh-slot') window.heard += 1;
        return addEventListener.apply(this, listener);
      };
    });
    await signIn('Busy');
    await expect(history.bars.first()).toBeVisible();
    const weeks = await history.bars.count();
    const heard = await page.evaluate(() => window.heard);
    expect(heard).toBeGreaterThanOrEqual(weeks);
    await history.intervals.filter({ hasText: 'Month' }).click();
    await expect(history.bars.first()).toHaveAccessibleName(/^[A-Z][a-z]+ 20/);
    expect(await history.bars.count()).toBeLessThan(weeks);
    expect(await page.evaluate(() => window.heard)).toBe(heard);
    // The latest is the stop of the keyboard again.
    await expect(history.bars.last()).toHaveAttribute('tabindex', '0');
    await expect(history.chart.locator('.rh-slot[tabindex="0"]')).toHaveCount(1);
  });

  test('of a period that is not loaded whole there is no total', async ({ signIn, history }) => {
    await signIn('Busy', '/?by=rewarded&from=2020-01-01');
    await history.records();
    await expect(history.bars.last()).toBeVisible();
    await expect(history.total).toHaveText('—');
    await history.clear.click();
    await expect(history.total).toHaveText(/\d/);
  });

  test('scrolls where the bars do not fit, from the latest on, and labels what is in sight', async ({ answerWith, history, page }) => {
    await still(page);
    await page.setViewportSize({ width: 320, height: 800 });
    await answerWith([rewarded(20, '2026-05-12T10:00:00Z'), rewarded(10, '2025-12-09T12:00:00Z')], sent);
    await page.goto('/');
    await history.overview.click();
    await expect(history.bars).toHaveCount(23);
    await history.bars.last().evaluate((bar) => bar.closest('section').scrollIntoView());
    await expect(history.bars.last()).toBeInViewport({ ratio: 0.95 });
    await expect(history.bars.first()).not.toBeInViewport();
    const axis = history.chart.locator('.rh-axis > *');
    await expect(axis.last()).toHaveText('11 May 2026');
    await expect(axis.first()).not.toHaveText('8 Dec 2025');
    await history.bars.last().focus();
    await page.keyboard.press('Home');
    await expect(history.bars.first()).toBeInViewport({ ratio: 0.95 });
    await expect(axis.first()).toHaveText('8 Dec 2025');
    await expect(axis.last()).not.toHaveText('11 May 2026');
    await page.setViewportSize({ width: 768, height: 800 });
    await expect(axis).toHaveText(['8 Dec 2025', '11 May 2026']);
  });

  test.describe('by touch', () => {
    test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

    test('the first tap chooses a bar and says what it stands for', async ({ signIn, history }) => {
      await signIn('Busy', '/?per_page=100');
      const records = await history.records();
      await history.overview.click();
      await expect(history.bars.last()).toBeVisible();
      const unit = await history.interval();
      const [start, of] = grouped(records.filter(isRewarded), (record) => startOf(record, unit, BERLIN)).sort(([one], [other]) => (one < other ? 1 : -1))[0];
      await history.bars.last().tap();
      await expect(history.tip).toHaveText(`${periodName(start, unit)}: ${plural(credits(of), 'credit')} from ${plural(of.length, 'reward')}`);
      await expect(history.bars.last()).toHaveAttribute('aria-pressed', 'true');
      await history.shows(of);
      await history.search.tap();
      await expect(history.tip).toHaveCount(0);
      await history.bars.last().tap();
      await history.shows(records);
    });
  });
});

test.describe('the tabs of the card', () => {
  test('show one of the chart, its numbers and the campaigns', async ({ signIn, history, page }) => {
    await signIn('Busy');
    const parts = { Chart: history.bars.last(), Table: history.numbers, Campaigns: history.campaigns.getByRole('table', { name: 'By campaign' }) };
    for (const chosen of ['Chart', 'Table', 'Campaigns', 'Chart']) {
      await history.tab(chosen).click();
      await expect(history.chart.getByRole('tabpanel')).toHaveAccessibleName(chosen);
      for (const [name, part] of Object.entries(parts)) {
        await expect(history.tab(name)).toHaveAttribute('aria-selected', String(name === chosen));
        await expect(part).toHaveCount(name === chosen ? 1 : 0);
      }
    }
    const panel = await history.chart.getByRole('tabpanel').getAttribute('id');
    for (const tab of await history.chart.getByRole('tab').all()) await expect(tab).toHaveAttribute('aria-controls', panel);
    await expect(history.chart.getByRole('tablist', { name: 'Credits over time' })).toHaveCount(1);
    await expect(page.getByRole('heading', { name: 'Credits over time', exact: true })).toBeVisible();
  });

  test('are one stop of the keyboard, and its keys choose', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await history.records();
    await expect(history.bars.first()).toBeVisible();
    await history.intervals.last().focus();
    await page.keyboard.press('Tab');
    await expect(history.tab('Chart')).toBeFocused();
    for (const [key, name] of [['ArrowRight', 'Table'], ['ArrowRight', 'Campaigns'], ['ArrowRight', 'Chart'], ['ArrowLeft', 'Campaigns'], ['Home', 'Chart'], ['End', 'Campaigns'], ['ArrowLeft', 'Table']]) {
      await page.keyboard.press(key);
      await expect(history.tab(name), key).toBeFocused();
      await expect(history.tab(name), key).toHaveAttribute('aria-selected', 'true');
    }
    // What scrolls is the next stop.
    await page.keyboard.press('Tab');
    await expect(history.chart.getByRole('tabpanel')).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(history.tab('Table')).toBeFocused();
  });

  for (const width of [320, 768, 1280]) {
    test(`move nothing below, and neither does a filter, at ${width} px`, async ({ signIn, history, page }) => {
      await page.setViewportSize({ width, height: 900 });
      await signIn('Busy', '/?per_page=10');
      await history.records();
      if (width < 640) await history.overview.click();
      await expect(history.bars.first()).toBeVisible();
      const heights = [];
      const measure = async () => heights.push(await history.chart.evaluate((card) => card.getBoundingClientRect().height));
      await measure();
      for (const name of ['Table', 'Campaigns', 'Chart']) {
        await history.tab(name).click();
        await measure();
      }
      await history.intervals.last().click();
      await measure();
      await history.bars.last().click();
      await measure();
      await history.search.fill('nothing that there is');
      await expect(history.chart).toContainText('No rewards in this selection.');
      await measure();
      expect(new Set(heights).size, heights.join()).toBe(1);
    });
  }
});
