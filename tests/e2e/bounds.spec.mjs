// Answers and addresses far larger than any user has: what the page says of them, how long they keep the
// browser busy, and that the page still fits its window.
import { STATUSES, number } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const MIB = 1024 * 1024;

/** The longest task that a browser may be kept busy with, in milliseconds. */
const LONGEST_TASK = 200;

const records = (many) =>
  Array.from({ length: many }, (_, place) => ({
    id: `id${place}`,
    code: `CODE${place}`,
    role: place % 2 ? 'referred' : 'referrer',
    status: Object.keys(STATUSES)[place % 8],
    reward_credits: place % 8 === 3 ? 10 : undefined,
    created_at: new Date(Date.UTC(2026, 0, 1) - place * 3_600_000).toISOString(),
  }));

/**
 * The longest task of the page's main thread while `act` runs, in milliseconds. By the thread's own clock,
 * which stands still while another program has the processor; the wall's is printed beside it.
 */
async function longestTask(browser, page, name, act) {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', '__metadata'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const isMain = ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain';
  const mains = traceEvents.filter(isMain).map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(({ name, pid, tid }) => name === 'RunTask' && mains.includes(`${pid} ${tid}`));
  expect(tasks.length).toBeGreaterThan(0);
  const longest = (clock) => Math.max(...tasks.map((task) => task[clock] ?? 0)) / 1000;
  console.log(`longest task, ${name}: ${longest('tdur').toFixed(0)} ms (${longest('dur').toFixed(0)} by the wall)`);
  return longest('tdur');
}

/** No part of the page lies beside the window: on a phone, with all filters open, and on a desktop. */
async function fitsTheWindow(page, history) {
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const isCovered = await history.details.isVisible();
    if (!isCovered && (await history.filters.isVisible()) && (await history.filters.getAttribute('aria-expanded')) === 'false') {
      await history.filters.click();
    }
    if (!isCovered && (await history.chart.count())) await history.tab('Campaigns').click();
    const beside = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(beside, `pixels beside a window of ${width}`).toBe(0);
  }
}

test('an answer of 8 MiB is not read, and the page says that it has cost a credit', async ({ answerWith, history, page, browser, watch }) => {
  await answerWith([{ id: 'a', code: 'x'.repeat(8 * MIB) }]);
  const notice = page.getByRole('region', { name: 'Unexpected response' });
  const task = await longestTask(browser, page, '8 MiB', async () => {
    await page.goto('/');
    await expect(notice).toBeVisible();
  });
  await expect(notice).toContainText('This request cost 1 credit.');
  await expect(history.tryAgain).toHaveAccessibleDescription('Costs another credit');
  await expect(history.table).toHaveCount(0);
  await fitsTheWindow(page, history);
  expect(watch.requests).toHaveLength(1);
  expect(task).toBeLessThan(LONGEST_TASK);
});

test('an answer of almost 4 MiB in one text is read', async ({ answerWith, history, page, browser }) => {
  await answerWith([{ id: 'a', code: 'x'.repeat(4 * MIB - 100) }]);
  const task = await longestTask(browser, page, 'almost 4 MiB', async () => {
    await page.goto('/');
    await expect(history.rows).toHaveCount(1);
  });
  await fitsTheWindow(page, history);
  await history.rows.getByRole('button').click();
  await expect(history.details).toBeVisible();
  await fitsTheWindow(page, history);
  expect(task).toBeLessThan(LONGEST_TASK);
});

for (const [items, more] of [
  [Array(100_000).fill({}), '99,000 more records'],
  [records(1_001), '1 more record'],
  [records(1_000), null],
]) {
  const many = items.length;
  test(`of ${number(many)} records a thousand are read, and the rest is counted`, async ({ answerWith, history, page, browser }) => {
    await answerWith(items);
    const task = await longestTask(browser, page, `${number(many)} records`, async () => {
      await page.goto('/');
      await expect(history.rows).toHaveCount(25);
    });
    await expect(history.pagination).toContainText('1–25 of 1,000');
    const notice = page.getByText(/The answer holds/);
    if (more) await expect(notice).toHaveText(`The answer holds ${more} than this page reads.`);
    else await expect(notice).toHaveCount(0);
    await fitsTheWindow(page, history);
    // Each choice goes through all of them.
    const choices = await longestTask(browser, page, `${number(many)} records, a choice`, async () => {
      await history.search.fill('CODE99');
      await history.search.fill('');
      await history.heading('Reward').getByRole('button').click();
      await history.rowsPerPage.selectOption('100');
      await expect(history.rows).toHaveCount(100);
    });
    expect(Math.max(task, choices)).toBeLessThan(LONGEST_TASK);
  });
}

/** Has the page begin at an address that is longer than a server takes. */
const beginAt = (page, query) => page.addInitScript((query) => history.replaceState(null, '', query), query);

test('an address of a mebibyte is read to the bounds of each choice, and what is not the page’s stays', async ({ answerWith, history, page, browser, watch }) => {
  const keep = `keep=${'k'.repeat(MIB / 2)}`;
  const letters = 'x'.repeat(MIB / 8);
  await answerWith(records(30));
  await beginAt(page, `?${keep}&q=${letters}&status=${letters}&campaign=${letters}&role=${letters}`);
  const task = await longestTask(browser, page, 'an address of 1 MiB', async () => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
  });
  await expect(history.search).toHaveValue('x'.repeat(200));
  await fitsTheWindow(page, history);
  const choice = await longestTask(browser, page, 'an address of 1 MiB, a choice', async () => {
    await history.showAll.click();
    await expect(history.rows).toHaveCount(25);
  });
  await expect.poll(() => page.evaluate(() => location.search.length)).toBe(1 + keep.length);
  expect(await page.evaluate((keep) => location.search === `?${keep}`, keep)).toBe(true);
  await fitsTheWindow(page, history);
  expect(watch.requests).toHaveLength(1);
  expect(Math.max(task, choice)).toBeLessThan(LONGEST_TASK);
});

test('of 60 statuses in an address the first 50 count, and not all are named', async ({ answerWith, history, page, browser }) => {
  await answerWith(records(30));
  await beginAt(page, `?status=${Array.from({ length: 60 }, (_, place) => `unheard_of_${place}`)}`);
  const task = await longestTask(browser, page, '60 statuses in the address', async () => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
  });
  const notice = page.getByRole('region', { name: 'No referrals match the filters' });
  await expect(notice).toContainText('unheard_of_11, and 38 more.');
  await expect(notice).not.toContainText('unheard_of_12');
  // The eight of the API, and each that is chosen, so that it can be dropped.
  const choices = page.getByRole('group', { name: 'Status' }).getByRole('checkbox');
  await expect(choices).toHaveCount(8 + 50);
  await expect(choices.and(page.locator(':checked'))).toHaveCount(50);
  await fitsTheWindow(page, history);
  await history.showAll.click();
  await expect(history.rows).toHaveCount(25);
  expect(task).toBeLessThan(LONGEST_TASK);
});

test('20 unknown statuses and 20 campaigns leave the page readable', async ({ answerWith, history, page, browser }) => {
  const word = (kind, place) => `${kind}_${place}_${'without_a_space_'.repeat(6)}`;
  await answerWith(records(100).map((record, place) => ({ ...record, status: word('status', place % 20), campaign: word('campaign', place % 20) })));
  const task = await longestTask(browser, page, '20 statuses and campaigns', async () => {
    await page.goto('/');
    await expect(history.rows).toHaveCount(25);
  });
  // Twelve of the unknown ones have a place of their own in the legend and in the bar, and the rest has one.
  const choices = page.getByRole('group', { name: 'Status' }).getByRole('checkbox', { name: /^status_/ });
  await expect.soft(choices).toHaveCount(12);
  await expect.soft(history.parts).toHaveCount(12);
  await expect.soft(history.shares.getByRole('img', { name: 'Other or no status: 40 referrals, 40%' })).toBeVisible();
  await expect(history.campaign.getByRole('option')).toHaveCount(20 + 2);
  await fitsTheWindow(page, history);
  await history.campaign.selectOption({ index: 2 });
  await expect(history.rows).toHaveCount(5);
  await fitsTheWindow(page, history);
  expect(task).toBeLessThan(LONGEST_TASK);
});
