// Ways to narrow and to order what is loaded: dates, campaigns, search, sorting.
import { BERLIN, DAY, MISSING, compareNames, credits, date, day, grouped, isFound, isRewarded, number, row, sorted } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const ALL = '/?per_page=100';

test.describe('dates', () => {
  test('the last 7, 30 and 90 days are days of the calendar, today included', async ({ signIn, history, watch }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    await expect(history.dates.getByRole('option')).toHaveText(['Any date', 'This month', 'Last month', 'Last 7 days', 'Last 30 days', 'Last 90 days', 'Choose dates']);
    for (const days of [7, 30, 90]) {
      await history.dates.selectOption(`Last ${days} days`);
      const from = day(Date.now() - (days - 1) * DAY);
      const left = records.filter(({ created_at }) => day(created_at) >= from);
      expect(left.length).toBeGreaterThan(0);
      expect(left.length).toBeLessThan(100);
      await history.shows(left);
      await expect(history.status).toContainText(`of ${left.length} referrals`);
    }
    await history.dates.selectOption('Any date');
    await history.shows(records);
    expect(watch.requests).toHaveLength(1);
  });

  test('from and to are the browser’s own date inputs; both ends count, either may be open', async ({ signIn, history }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const between = (from, to) => records.filter(({ created_at }) => from <= day(created_at) && day(created_at) <= to);
    await expect(history.from).toBeHidden();
    await history.dates.selectOption('Choose dates');
    await history.shows(records);
    await expect(history.from).toHaveAttribute('type', 'date');
    await expect(history.to).toHaveAttribute('type', 'date');
    const from = day(records[60].created_at);
    const to = day(records[20].created_at);
    await history.from.fill(from);
    await history.shows(between(from, '9999'));
    await history.to.fill(to);
    await history.shows(between(from, to));
    expect(between(from, to).map(({ created_at }) => day(created_at))).toEqual(expect.arrayContaining([from, to]));
    await history.from.fill('');
    await history.shows(between('', to));
    await history.from.fill(to);
    await history.shows(between(to, to));
    await history.to.fill('');
    await history.shows(between(to, '9999'));
    // The choice of dates stays open while there is none, and closes with the filters.
    await history.from.fill('');
    await history.shows(records);
    await expect(history.from).toBeVisible();
    await history.dates.selectOption('Any date');
    await expect(history.from).toBeHidden();
  });

  test('a range that holds nothing says so, and names itself', async ({ signIn, history, page }) => {
    await signIn('A few');
    await history.dates.selectOption('Choose dates');
    await history.from.fill('2020-02-01');
    await history.to.fill('2020-01-01');
    await expect(page.getByText(`None of your 7 loaded referrals match: from ${date('2020-01-01')}, to ${date('2020-02-01')}.`)).toBeVisible();
    await history.showAll.click();
    await expect(history.rows).toHaveCount(7);
    await expect(history.dates).toHaveValue('');
    await expect(history.from).toBeHidden();
  });

  test('an event without a readable date lies in no range', async ({ answerWith, history, page }) => {
    await answerWith([{ id: 'a', code: 'DATED', created_at: new Date().toISOString() }, { id: 'b', code: 'UNDATED' }, { id: 'c', code: 'ODD', created_at: 'soon' }]);
    await page.goto('/');
    await expect(history.rows).toHaveCount(3);
    await history.dates.selectOption('Last 7 days');
    await expect(history.cells('code')).toHaveText(['DATED']);
  });
});

test.describe('campaigns', () => {
  test('the choice is what was loaded, with counts, and “No campaign” last', async ({ signIn, history }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const names = [...new Set(records.map(({ campaign }) => campaign).filter(Boolean))];
    names.sort(compareNames);
    const of = (name, some = records) => some.filter(({ campaign }) => campaign === name);
    const options = (some) => ['Any campaign', ...names.map((name) => `${name} (${of(name, some).length})`), `No campaign (${of(undefined, some).length})`];
    await expect(history.campaign.getByRole('option')).toHaveText(options(records));
    for (const name of [...names, undefined]) {
      await history.campaign.selectOption(`${name ?? 'No campaign'} (${of(name).length})`);
      await history.shows(of(name));
    }
    // The counts follow the other filters, not the choice itself.
    await history.role('Referred').check();
    const referred = records.filter(({ role }) => role === 'referred');
    await history.shows(of(undefined, referred));
    await expect(history.campaign.getByRole('option')).toHaveText(options(referred));
    await history.statusChoice('Rewarded').check();
    await expect(history.campaign.getByRole('option')).toHaveText(options(referred.filter(isRewarded)));
    await history.clear.click();
    await expect(history.campaign).toHaveValue('');
    await history.shows(records);
  });

  /** The table “By campaign”: the one with the most events first, none last. */
  const table = (records) =>
    grouped(records, ({ campaign }) => campaign)
      .sort(([one, a], [other, b]) => (one === undefined) - (other === undefined) || b.length - a.length)
      .map(([name, of]) => [name ?? 'No campaign', number(of.length), number(of.filter(isRewarded).length), number(credits(of))]);

  test('By campaign adds up, and a press sets and drops the filter', async ({ signIn, history, page, watch }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    await history.tab('Campaigns').click();
    await expect(history.campaigns.getByRole('columnheader')).toHaveText(['Campaign', 'Referrals', 'Rewarded', 'Credits']);
    await expect.poll(() => history.cellsOf(history.campaigns.getByRole('table', { name: 'By campaign' }))).toEqual(table(records));

    const button = (name) => history.campaigns.getByRole('button', { name, exact: true });
    const launched = records.filter(({ campaign }) => campaign === 'spring-launch');
    await button('spring-launch').click();
    await history.shows(launched);
    await expect(button('spring-launch')).toHaveAttribute('aria-pressed', 'true');
    await expect(history.campaign.locator('option:checked')).toHaveText(`spring-launch (${launched.length})`);
    // All campaigns stay to choose from, and the focus stays where it was.
    await expect.poll(() => history.cellsOf(history.campaigns.getByRole('table', { name: 'By campaign' }))).toEqual(table(records));
    await expect(button('spring-launch')).toBeFocused();
    await page.keyboard.press('Enter');
    await history.shows(records);
    await button('No campaign').focus();
    await page.keyboard.press('Space');
    await history.shows(records.filter(({ campaign }) => campaign === undefined));
    await history.role('Referrer').check();
    await expect.poll(() => history.cellsOf(history.campaigns.getByRole('table', { name: 'By campaign' }))).toEqual(table(records.filter(({ role }) => role === 'referrer')));
    await history.statusChoice('Failed').check();
    await expect.poll(() => history.cellsOf(history.campaigns.getByRole('table', { name: 'By campaign' }))).toEqual(table(records.filter(({ role }) => role === 'referrer')));
    expect(watch.requests).toHaveLength(1);
  });

  test('what strangers call a campaign can be chosen like any other', async ({ signIn, history, page }) => {
    await signIn('Hostile text');
    await expect(history.rows).toHaveCount(23);
    await history.tab('Campaigns').click();
    const buttons = history.campaigns.getByRole('button');
    await expect(buttons).toHaveCount(23);
    for (const place of Array(23).keys()) {
      await buttons.nth(place).click();
      await expect(history.rows).toHaveCount(1);
      await expect(history.campaign.locator('option:checked')).toHaveText(/\(1\)$/);
      await page.keyboard.press('Enter');
      await expect(history.rows).toHaveCount(23);
    }
    await expect(history.campaigns.locator('img, script, svg, a')).toHaveCount(0);
  });
});

test.describe('search', () => {
  test('finds code, campaign or id as one types, whatever the case', async ({ signIn, history, watch }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    const { id, code } = records.find((record) => record.code && record.campaign);
    for (const text of [code.toLowerCase(), id.toUpperCase(), 'SPRING-L', 'q&a', 'berlin', 'e\u0301te\u0301', `  ${code}  `]) {
      await history.search.fill('');
      let typed = '';
      for (const letter of text) {
        typed += letter;
        await history.search.pressSequentially(letter);
        await history.shows(records.filter((record) => isFound(record, typed)));
      }
      expect(records.filter((record) => isFound(record, text)).length, text).toBeGreaterThan(0);
      await expect(history.search).toBeFocused();
    }
    expect(watch.requests).toHaveLength(1);
  });

  test('is for these three fields, and for a text as it stands', async ({ signIn, history, page }) => {
    await signIn('Busy', ALL);
    await expect(history.rows).toHaveCount(100);
    for (const text of ['rewarded', 'referrer', '.*', '10,000', '2026-', '%', 'spring-launch newsletter_05']) {
      await history.search.fill(text);
      const found = (await history.records()).filter((record) => isFound(record, text));
      if (found.length > 0) await history.shows(found);
      else await expect(page.getByText(`None of your 100 loaded referrals match: “${text}”.`)).toBeVisible();
    }
    await history.clear.click();
    await expect(history.rows).toHaveCount(100);
    await expect(history.search).toHaveValue('');
  });

  test('highlights nothing by inserting markup, also in hostile text', async ({ signIn, history, page }) => {
    await signIn('Hostile text');
    await expect(history.rows).toHaveCount(23);
    const markup = async () => {
      // The titles of times come after the frame that shows the row.
      await expect(history.rows.locator('time:not([title])')).toHaveCount(0);
      return history.rows.evaluateAll((rows) => rows.map((row) => row.outerHTML));
    };
    const before = await markup();
    for (const [text, found] of [
      ['<img src=x onerror', 1],
      ['<B>acode</b>', 1],
      ['</script>', 2],
      ['javascript:', 1],
      ['=HYPERLINK("', 1],
      ['__proto__', 1],
      ['ربيع', 1],
      ['春の', 1],
      ['long long', 1],
      ['&amp;', 1],
      ['A1\u202eB2', 1],
      ['\u{1f600}', 1],
    ]) {
      await history.search.fill(text);
      await expect(history.rows, text).toHaveCount(found);
      for (const row of await markup()) expect(before).toContain(row);
    }
    await history.search.fill('<img src=x onerror=alert(2)>');
    await expect(page.getByRole('paragraph').filter({ hasText: '“<img src=x onerror=alert(2)>”' })).toBeVisible();
    await history.search.fill('\u202egpj "&<b>');
    await expect(page.getByRole('paragraph').filter({ hasText: '“\ufffdgpj "&<b>”' })).toBeVisible();
    await expect(history.root.locator('img, script, mark, b, em, strong')).toHaveCount(0);
    expect(await page.evaluate(() => document.title)).toBe('Referral history');
  });

  test('a pasted text of ten thousand characters is cut, and costs nobody anything', async ({ signIn, history, page, watch }) => {
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    await history.search.fill('x'.repeat(10_000));
    await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    expect(page.url().length).toBeLessThan(400);
    expect(watch.requests).toHaveLength(1);
  });
});

test.describe('sorting', () => {
  const COLUMNS = [
    // In the order of reading, and the direction that a first press gives.
    ['Date', 'created_at', ''],
    ['Status', 'status', ''],
    ['Campaign', 'campaign', ''],
    ['Reward', 'reward_credits', '-'],
  ];
  const DIRECTIONS = { '': 'ascending', '-': 'descending' };
  const other = (direction) => (direction === '' ? '-' : '');

  for (const [name, field, first] of COLUMNS) {
    test(`by ${name}: one way, then the other, then the API's order`, async ({ signIn, history, page, watch }) => {
      await signIn('Busy', ALL);
      const records = await history.records();
      const heading = history.heading(name);
      const button = heading.getByRole('button');
      await expect(heading).toHaveAttribute('aria-sort', 'none');
      await button.click();
      await history.shows(sorted(records, first + field));
      await expect(heading).toHaveAttribute('aria-sort', DIRECTIONS[first]);
      await expect(history.table.locator('[aria-sort]:not([aria-sort=none])')).toHaveCount(1);
      await expect(history.status).toHaveText(`Sorted by ${name}, ${DIRECTIONS[first]}. Showing 1–100 of 100 referrals`);
      await page.keyboard.press('Enter');
      await history.shows(sorted(records, other(first) + field));
      await expect(heading).toHaveAttribute('aria-sort', DIRECTIONS[other(first)]);
      // The missing ones are last either way, in the order the API sent them.
      const missing = records.filter((record) => record[field] === undefined);
      expect((await history.shown()).slice(100 - missing.length)).toEqual(missing.map(row));
      await page.keyboard.press('Space');
      await history.shows(records);
      await expect(heading).toHaveAttribute('aria-sort', 'none');
      await expect(button).toBeFocused();
      expect(watch.requests).toHaveLength(1);
    });
  }

  test('another heading begins anew, the others say none, and two cannot be sorted by', async ({ signIn, history }) => {
    await signIn('Busy', ALL);
    const records = await history.records();
    await history.heading('Campaign').getByRole('button').click();
    await history.heading('Campaign').getByRole('button').click();
    await history.heading('Reward').getByRole('button').click();
    await history.shows(sorted(records, '-reward_credits'));
    for (const [name, , ] of COLUMNS.slice(0, 3)) await expect(history.heading(name)).toHaveAttribute('aria-sort', 'none');
    for (const name of ['Role', 'Code']) {
      await expect(history.heading(name).getByRole('button')).toHaveCount(0);
      await expect(history.heading(name)).not.toHaveAttribute('aria-sort', /./);
    }
  });

  test('is of what the filters leave, and a new order begins on the first page', async ({ signIn, history }) => {
    await signIn('Busy', '/?per_page=10&page=3');
    const records = await history.records();
    await expect(history.pagination).toContainText('21–30 of 100');
    await history.heading('Reward').getByRole('button').click();
    await expect(history.pagination).toContainText('1–10 of 100');
    await history.shows(sorted(records, '-reward_credits').slice(0, 10));
    await history.role('Referred').check();
    await history.shows(sorted(records.filter(({ role }) => role === 'referred'), '-reward_credits').slice(0, 10));
    // Clearing the filters leaves the order alone.
    await history.clear.click();
    await history.shows(sorted(records, '-reward_credits').slice(0, 10));
    await history.next.click();
    await history.shows(sorted(records, '-reward_credits').slice(10, 20));
  });

  test('puts what is missing or cannot be read last, either way', async ({ signIn, history }) => {
    await signIn('Broken records', ALL);
    await expect(history.rows).toHaveCount(25);
    for (const [name, field] of COLUMNS) {
      await history.heading(name).getByRole('button').click();
      for (const direction of ['first', 'second']) {
        const texts = await history.cells(field).allTextContents();
        const known = texts.filter((text) => ![MISSING, 'Unreadable'].includes(text));
        expect(known.length, `${name}, ${direction}`).toBeGreaterThan(1);
        expect(texts.slice(0, known.length), `${name}, ${direction}`).toEqual(known);
        await history.heading(name).getByRole('button').click();
      }
    }
    // Numbers as numbers: 10,000 is more than -10,000.
    await history.heading('Reward').getByRole('button').click();
    const rewards = (await history.cells('reward_credits').allTextContents()).filter((text) => /\d/.test(text));
    expect(rewards).toEqual(['10,000', '10,000', '10,000', '-10,000']);
  });

  test('on a phone a list does what the headings do elsewhere', async ({ signIn, history, page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await signIn('Busy', ALL);
    const records = await history.records();
    await expect(history.sortBy).toBeHidden();
    await history.filters.click();
    for (const [name] of COLUMNS) await expect(history.heading(name).getByRole('button')).toBeHidden();
    await expect(history.sortBy.getByRole('option')).toHaveText([
      'Newest first',
      ...COLUMNS.flatMap(([name]) => [`${name}, descending`, `${name}, ascending`]),
      'Expiry, latest first',
      'Expiry, earliest first',
    ]);
    for (const [name, field] of COLUMNS) {
      for (const direction of ['', '-']) {
        await history.sortBy.selectOption(`${name}, ${DIRECTIONS[direction]}`);
        await history.shows(sorted(records, direction + field));
        await expect(history.heading(name)).toHaveAttribute('aria-sort', DIRECTIONS[direction]);
      }
    }
    for (const [order, sort] of Object.entries({ 'Expiry, latest first': '-expires_at', 'Expiry, earliest first': 'expires_at' })) {
      await history.sortBy.selectOption(order);
      await history.shows(sorted(records, sort));
      // No column shows it.
      await expect(history.table.locator('[aria-sort]:not([aria-sort=none])')).toHaveCount(0);
      await expect(history.status).toContainText(`Sorted by ${order}.`);
      expect(new URL(page.url()).searchParams.get('sort')).toBe(sort);
    }
    await history.sortBy.selectOption('Newest first');
    await history.shows(records);
  });

  test('by expiry comes from a link, too, and ends at a heading', async ({ signIn, history }) => {
    await signIn('Busy', `${ALL}&sort=expires_at`);
    const records = await history.records();
    expect(records.filter(({ expires_at }) => expires_at === undefined).length).toBeGreaterThan(0);
    await history.shows(sorted(records, 'expires_at'));
    await history.heading('Status').getByRole('button').click();
    await history.shows(sorted(records, 'status'));
  });
});

test('all ways to narrow work together, and one press clears them', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', ALL);
  const records = await history.records();
  const from = day(Date.now() - 89 * DAY, BERLIN);
  await expect(history.clear).toHaveCount(0);
  await history.role('Referrer').check();
  await history.statusChoice('Rewarded').check();
  await history.statusChoice('Attributed').check();
  await history.dates.selectOption('Last 90 days');
  await history.campaign.selectOption('none');
  await history.search.fill('a');
  const left = records.filter(
    (record) =>
      record.role === 'referrer' &&
      ['rewarded', 'attributed'].includes(record.status) &&
      day(record.created_at) >= from &&
      record.campaign === undefined &&
      isFound(record, 'a'),
  );
  await history.shows(left);
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(history.filters).toHaveText('Filters (5)');
  await history.clear.click();
  await history.shows(records);
  await expect(history.filters).toHaveText('Filters');
  await expect(history.clear).toHaveCount(0);
  expect(watch.requests).toHaveLength(1);
});
