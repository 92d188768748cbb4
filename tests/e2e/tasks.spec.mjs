// What users come for: what did I earn, what is still coming, why did that one come to nothing. Each in the
// words of the task, against what other code works out from the answer.
import { BERLIN, DAY, credits, date, day, expiresSoon, isRewarded, number, plural } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const ALL = '/?per_page=100';
const IN_PROGRESS = ['attributed', 'qualified', 'review_required'];
const NO_REWARD = ['expired', 'capped', 'failed', 'rejected'];

/** The first and the last day of the month that lies some months back, in Berlin. */
function month(back) {
  const [year, now] = day(Date.now()).split('-').map(Number);
  const [first, last] = [new Date(Date.UTC(year, now - 1 - back, 1)), new Date(Date.UTC(year, now - back, 0))];
  return [first, last].map((date) => date.toISOString().slice(0, 10));
}
const monthName = (iso) => new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(new Date(iso));

test.describe('what did I earn last month', () => {
  test('the sum of the rewards granted in that calendar month, in the zone that is shown', async ({ signIn, history, page, watch }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    for (const [zone, press] of [[BERLIN, null], ['UTC', history.showUtc]]) {
      if (press) await press.click();
      const [first, last] = month(1);
      const granted = records.filter((record) => {
        const on = isRewarded(record) && day(record.rewarded_at, zone);
        return on && first <= on && on <= last;
      });
      expect(granted.length).toBeGreaterThan(1);
      await history.dates.selectOption('Last month');
      await history.by.selectOption('by date rewarded');
      await expect(history.figure('Credits earned')).toHaveText([number(credits(granted)), `from ${plural(granted.length, 'reward')}`]);
      await expect(history.lead).toContainText(`You earned ${number(credits(granted))} credits in ${monthName(first)} from ${plural(granted.length, 'referral')}.`);
      await history.shows(granted);
      expect(new URL(page.url()).search).toContain(`from=${first}&to=${last}&by=rewarded`);
    }
    // What is open has no date of a reward: its figures are of all that is loaded, and say so.
    const open = records.filter(({ status }) => IN_PROGRESS.includes(status));
    await expect(history.figure('In progress')).toHaveText([number(open.length), 'of 100 referrals']);
    await page.reload();
    await expect(history.dates.locator('option:checked')).toHaveText('Last month');
    await expect(history.by.locator('option:checked')).toHaveText('by date rewarded');
    expect(watch.requests).toHaveLength(2);
  });

  test('a press on a number of the answer shows exactly what it counts', async ({ signIn, history, page }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const soon = records.filter((record) => expiresSoon(record, Date.now()));
    const number = (name) => history.lead.getByRole('button', { name });
    await number(/^You earned/).click();
    await history.shows(records.filter(isRewarded));
    await expect(number(/^You earned/)).toHaveAttribute('aria-pressed', 'true');
    await number(/can still pay off/).click();
    await history.shows(records.filter(({ status }) => IN_PROGRESS.includes(status)));
    await number(/within 7 days/).click();
    await expect(history.rows).toHaveCount(soon.length);
    await page.keyboard.press('Enter');
    await expect(history.rows).toHaveCount(100);
    // Last month goes by rewards, so a number of open referrals drops it.
    await history.dates.selectOption('Last month');
    await history.by.selectOption('by date rewarded');
    await number(/can still pay off/).click();
    await history.shows(records.filter(({ status }) => IN_PROGRESS.includes(status)));
    await expect(history.dates).toHaveValue('');
  });

  test('by the date of creation it is said, and counts what those referrals have earned since', async ({ signIn, history }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const [first, last] = month(1);
    const created = records.filter(({ created_at }) => first <= day(created_at) && day(created_at) <= last);
    await history.dates.selectOption('Last month');
    await history.shows(created);
    const rewarded = created.filter(isRewarded);
    await expect(history.lead).toContainText(
      `Referrals created in ${monthName(first)} have earned you ${number(credits(rewarded))} credits, from ${plural(rewarded.length, 'reward')}.`,
    );
    await history.showsFigures(created);
  });

  test('a figure is a filter, and is pressed while it is', async ({ signIn, history }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const of = (statuses) => records.filter(({ status }) => statuses.includes(status));
    for (const [name, statuses] of [
      ['Credits earned', ['rewarded']],
      ['In progress', IN_PROGRESS],
      ['Success rate', ['rewarded', ...NO_REWARD]],
    ]) {
      const figure = history.summary.getByRole('button', { name: new RegExp(`^${name}`) });
      await figure.click();
      await history.shows(of(statuses));
      await expect(figure).toHaveAttribute('aria-pressed', 'true');
      await expect(history.statuses.getByRole('checkbox', { checked: true })).toHaveCount(statuses.length);
      await figure.click();
      await history.shows(records);
      await expect(figure).toHaveAttribute('aria-pressed', 'false');
    }
  });
});

test.describe('a period that was not loaded', () => {
  const NOW = new Date('2026-05-12T12:00:00Z');
  const many = (count) =>
    Array.from({ length: count }, (_, place) => ({
      id: `id${place}`,
      code: `CODE${place}`,
      role: 'referrer',
      status: 'rewarded',
      reward_credits: 10,
      created_at: new Date(NOW - place * DAY).toISOString(),
      rewarded_at: new Date(NOW - place * DAY + 3_600_000).toISOString(),
    }));

  test('is incomplete where older referrals may exist: its figures are dashes, not noughts', async ({ answerWith, history, page }) => {
    await page.clock.setFixedTime(NOW);
    await answerWith(many(100), { date: NOW.toUTCString() });
    await page.goto('/');
    const oldest = day(NOW - 99 * DAY);
    await history.dates.selectOption('Choose dates');
    await expect(history.from).toHaveAttribute('min', oldest);
    await history.from.fill(oldest);
    await expect(history.figure('Credits earned')).toHaveText(['1,000', 'from 100 rewards']);
    await history.from.fill(day(NOW - 100 * DAY));
    for (const name of ['Credits earned', 'In progress', 'Success rate', 'Expiring soon']) {
      await expect(history.figure(name).first(), name).toHaveText('—');
    }
    await expect(history.lead).toHaveText(
      `This period begins before ${date(oldest)}, the date of your oldest loaded referral. Its figures would be too low, so they are not shown.`,
    );
    await expect(history.rows).toHaveCount(25);
    // Rewards of older referrals may lie in a period that is loaded otherwise.
    await history.from.fill(day(NOW - 5 * DAY));
    await history.by.selectOption('by date rewarded');
    await expect(history.lead).toContainText(`Rewards of referrals created before ${date(oldest)} are not loaded and not counted.`);
  });

  test('is complete where all there is was loaded', async ({ answerWith, history, page }) => {
    await page.clock.setFixedTime(NOW);
    await answerWith(many(99), { date: NOW.toUTCString() });
    await page.goto('/?from=2020-01-01');
    await expect(history.figure('Credits earned')).toHaveText(['990', 'from 99 rewards']);
    await expect(history.from).not.toHaveAttribute('min', /./);
    await history.by.selectOption('by date rewarded');
    await expect(history.lead).not.toContainText('not counted');
  });
});

test('From after To is put in order, once the user has left them', async ({ signIn, history, page }) => {
  await signIn('Busy', ALL);
  const records = await history.records();
  const [from, to] = [day(records[60].created_at), day(records[20].created_at)];
  await history.dates.selectOption('Choose dates');
  await history.from.fill(to);
  await history.to.fill(from);
  await history.shows(records.filter(({ created_at }) => from <= day(created_at) && day(created_at) <= to));
  await expect(history.from).toHaveValue(to);
  await history.search.focus();
  await expect(history.from).toHaveValue(from);
  await expect(history.to).toHaveValue(to);
  await expect.poll(() => new URL(page.url()).search).toContain(`from=${from}&to=${to}`);
});

test.describe('what is chosen', () => {
  test('stands above the list as chips, each of which removes one', async ({ signIn, history, page }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    await expect(history.found).toHaveText('100 referrals');
    await history.role('Referrer').check();
    await history.statusChoice('Capped').check();
    await history.campaign.selectOption('=spring-launch');
    const left = records.filter(({ role, status, campaign }) => role === 'referrer' && status === 'capped' && campaign === 'spring-launch');
    await expect(history.found).toHaveText(`${left.length} of 100 referrals`);
    const chips = page.getByRole('button', { name: /^Remove filter: / });
    await expect(chips).toHaveText(['Referrer', 'Capped', 'spring-launch']);
    await page.getByRole('button', { name: 'Remove filter: Capped' }).click();
    await history.shows(records.filter(({ role, campaign }) => role === 'referrer' && campaign === 'spring-launch'));
    // The focus is on the chip that took its place, and in the end at the search.
    await expect(page.getByRole('button', { name: 'Remove filter: spring-launch' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Remove filter: Referrer' })).toBeFocused();
    await page.keyboard.press('Enter');
    await history.shows(records);
    await expect(history.search).toBeFocused();
    await expect(chips).toHaveCount(0);
  });

  test('a status explains itself on its choice, on its badge, and above the list', async ({ signIn, history, page }) => {
    await signIn('Busy');
    const capped = 'The referrer’s monthly reward limit was reached.';
    const tip = (element) => element.evaluate((element) => getComputedStyle(element, '::after').content);
    const label = history.statusChoice('Capped').locator('xpath=..');
    expect(await tip(label)).not.toContain(capped);
    await label.hover();
    expect(await tip(label)).toContain(capped);
    await page.mouse.move(0, 0);
    await history.statusChoice('Capped').focus();
    expect(await tip(label)).toContain(capped);
    await page.keyboard.press('Escape');
    expect(await tip(label)).not.toContain(capped);
    await page.keyboard.press('Space');
    await expect(page.locator('.rh-meaning')).toHaveText(capped);
    const badge = history.rows.first().locator('.rh-badge');
    await badge.hover();
    expect(await tip(badge)).toContain(capped);
    await page.mouse.move(0, 0);
    await history.pagination.getByRole('button').first().focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    const last = history.rows.last();
    await expect(last.getByRole('button')).toBeFocused();
    expect(await tip(last.locator('.rh-badge'))).toContain(capped);
    await history.statusChoice('Failed').check();
    await expect(page.locator('.rh-meaning')).toHaveCount(0);
  });

  test('statuses are in three families, and those that no referral has fold away', async ({ signIn, history }) => {
    await signIn('A few');
    await expect(history.rows).toHaveCount(7);
    const present = new Set((await history.records()).map(({ status }) => status));
    const shown = await history.statuses.getByRole('checkbox').evaluateAll((inputs) => inputs.filter((input) => input.checkVisibility()).map(({ value }) => value));
    expect(new Set(shown)).toEqual(present);
    const order = [...IN_PROGRESS, 'rewarded', ...NO_REWARD];
    expect(shown).toEqual(order.filter((status) => present.has(status)));
  });

  test('an open referral says what is due in the place of its reward', async ({ answerWith, history, page }) => {
    const now = new Date('2026-05-12T12:00:00Z');
    await page.clock.setFixedTime(now);
    const open = (more) => ({ id: 'a', role: 'referrer', status: 'attributed', created_at: '2026-05-01T12:00:00Z', ...more });
    await answerWith(
      [
        open({ expires_at: '2026-05-14T13:00:00Z' }),
        open({ expires_at: '2026-05-12T11:00:00Z' }),
        open({}),
        open({ expires_at: '2026-05-14T13:00:00Z', reward_credits: 500 }),
        open({ expires_at: '2026-05-14T13:00:00Z', status: 'capped' }),
        open({ status: 'rewarded', reward_credits: -500 }),
      ],
      { date: now.toUTCString() },
    );
    await page.goto('/');
    await expect(history.cells('reward_credits')).toHaveText(['expires in 2 days', 'Was to expire', '—', '500', '—', '-500']);
  });
});

test.describe('the list is on the first screen', () => {
  for (const [width, height, rows] of [
    [1280, 800, 5],
    [390, 844, 1],
  ]) {
    test(`${rows} of its rows at ${width} × ${height}`, async ({ signIn, history, page }) => {
      await page.setViewportSize({ width, height });
      await signIn('Busy');
      await expect(history.rows).toHaveCount(25);
      await expect(history.rows.nth(rows - 1)).toBeInViewport({ ratio: 1 });
    });
  }

  test('its filters and headings stay in sight, and cover nothing that has the focus', async ({ signIn, history, page }) => {
    await signIn('Busy', ALL);
    await expect(history.rows).toHaveCount(100);
    await history.rows.nth(60).scrollIntoViewIfNeeded();
    await expect(history.search).toBeInViewport({ ratio: 1 });
    await expect(history.heading('Date')).toBeInViewport({ ratio: 1 });
    const covered = () => page.evaluate(() => {
      const { top, bottom } = deep.active().getBoundingClientRect();
      return top < deep.one('thead th').getBoundingClientRect().bottom || bottom > innerHeight;
    });
    await history.rows.nth(60).getByRole('button').focus();
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press('Shift+Tab');
      expect(await covered(), `step ${step}`).toBe(false);
    }
  });

  test('the next page shows its first row, and takes the focus along only by keyboard', async ({ signIn, history, page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    await history.next.click();
    await expect(history.pagination).toContainText('26–50');
    await expect(history.rows.first()).toBeInViewport({ ratio: 1 });
    const top = await history.rows.first().evaluate((row) => row.getBoundingClientRect().top - deep.one('thead').getBoundingClientRect().bottom);
    expect(Math.abs(top)).toBeLessThan(2);
    await expect(history.rows.first().getByRole('button')).not.toBeFocused();
    await history.next.focus();
    await page.keyboard.press('Enter');
    await expect(history.pagination).toContainText('51–75');
    await expect(history.rows.first().getByRole('button')).toBeFocused();
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the filters are a sheet that says how many it leaves, and gives the focus back', async ({ signIn, history, page }) => {
    await signIn('Busy');
    const records = await history.records();
    await expect(history.role('Referred')).toBeHidden();
    await history.filters.click();
    await history.role('Referred').check();
    const { length } = records.filter(({ role }) => role === 'referred');
    await expect(history.showFound).toHaveText(`Show ${length}`);
    await history.showFound.click();
    await expect(history.role('Referred')).toBeHidden();
    await expect(history.filters).toHaveText('Filters (1)');
    await expect(history.found).toHaveText(`${length} of 100 referrals`);
    await history.filters.press('Enter');
    await page.keyboard.press('Escape');
    await expect(history.role('Referred')).toBeHidden();
    await expect(history.filters).toBeFocused();
  });

  test('the pictures are behind one button', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    await expect(history.chart).toBeHidden();
    const overview = page.getByRole('button', { name: 'Overview' });
    await overview.click();
    await expect(overview).toHaveAttribute('aria-expanded', 'true');
    await expect(history.chart).toBeVisible();
  });
});

test('paper has all rows that are left, the filters in words, and absolute times', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?status=attributed&per_page=10');
  const records = await history.records();
  const open = records.filter(({ status }) => status === 'attributed');
  expect(open.length).toBeGreaterThan(10);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(history.rows).toHaveCount(open.length);
  await expect(page.locator('.rh-set')).toHaveText('Attributed');
  await expect(page.locator('.rh-set')).toBeVisible();
  await expect(history.found).toHaveText(`${open.length} of 100 referrals`);
  const due = history.cells('reward_credits').locator('time').first();
  expect(await due.evaluate((time) => getComputedStyle(time).fontSize)).toBe('0px');
  expect(await due.evaluate((time) => getComputedStyle(time, '::after').content)).toMatch(/\d{4}/);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(history.rows).toHaveCount(10);
});
