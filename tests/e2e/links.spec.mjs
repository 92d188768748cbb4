// The page's address holds what is chosen: a reload, a bookmark, Back, Forward and a link show it again.
import { DAY, day, expiresSoon, isFound, sorted } from './answer.mjs';
import { expect, test } from './fixtures.mjs';

const query = (page) => new URL(page.url()).search;

/** Every control as it stands, and the rows: two views that are equal here are the same view. */
async function view(history) {
  const controls = await history.root.locator('input:not([type=date]), select, [aria-pressed]').evaluateAll((controls) =>
    controls.map((control) => (['radio', 'checkbox'].includes(control.type) ? control.checked : (control.value || control.ariaPressed))),
  );
  return { controls, rows: await history.shown(), range: await history.pagination.textContent() };
}

test('each choice has its words in the address, as the API speaks; defaults have none', async ({ signIn, history, page, watch }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const says = (expected) => expect.poll(() => query(page)).toBe(expected);
  await says('');
  await history.role('Referred').check();
  await says('?role=referred');
  await history.role('All').check();
  await says('');
  await history.statusChoice('Under review').check();
  await history.statusChoice('Rewarded').check();
  await says('?status=review_required,rewarded');
  await history.statusChoice('Under review').uncheck();
  await says('?status=rewarded');
  await history.expiringSoon.click();
  await says('?expiring=soon&sort=expires_at');
  await history.clear.click();
  await says('');
  await history.campaign.selectOption('=q&a-webinar');
  await says('?campaign=q%26a-webinar');
  await history.campaign.selectOption('=Conference Berlin');
  await says('?campaign=Conference+Berlin');
  await history.campaign.selectOption('none');
  await says('?campaign=');
  await history.campaign.selectOption('');
  await history.dates.selectOption('Last 30 days');
  await says(`?from=${day(Date.now() - 29 * DAY)}`);
  await history.dates.selectOption('Choose dates');
  await history.from.fill('2026-01-02');
  await history.to.fill('2026-11-30');
  await says('?from=2026-01-02&to=2026-11-30');
  await history.dates.selectOption('Any date');
  await says('');
  await history.search.fill(' é &=+ ');
  await says(`?q=${new URLSearchParams({ q: 'é &=+' }).toString().slice(2)}`);
  await history.search.fill('');
  for (const [name, word] of [['Date', 'created_at'], ['Status', 'status'], ['Campaign', 'campaign'], ['Reward', '-reward_credits']]) {
    await history.heading(name).getByRole('button').click();
    await says(`?sort=${word}`);
  }
  await history.heading('Reward').getByRole('button').click();
  await says('?sort=reward_credits');
  await history.heading('Reward').getByRole('button').click();
  await says('');
  await history.rowsPerPage.selectOption('10');
  await says('?per_page=10');
  await history.next.click();
  await says('?page=2&per_page=10');
  await history.previous.click();
  await history.rowsPerPage.selectOption('25');
  await says('');
  await history.showUtc.click();
  await says('?tz=utc');
  await history.showBerlin.click();
  await says('');
  await history.rows.nth(1).getByRole('button').press('Enter');
  await says(`?event=${(await history.records())[1].id}`);
  await page.keyboard.press('Escape');
  await says('');
  expect(watch.requests).toHaveLength(1);
});

test('a reload, and a link opened by somebody else, show the same view', async ({ signIn, history, page }) => {
  const from = day(Date.now() - 200 * DAY, 'UTC');
  const address = `/?role=referrer&status=rewarded,expired&from=${from}&q=a&sort=-reward_credits&page=2&per_page=10&tz=utc`;
  await signIn('Busy', address);
  const records = await history.records();
  const expected = sorted(
    records.filter(
      (record) =>
        record.role === 'referrer' && ['rewarded', 'expired'].includes(record.status) && day(record.created_at, 'UTC') >= from && isFound(record, 'a'),
    ),
    '-reward_credits',
  ).slice(10, 20);
  expect(expected.length).toBeGreaterThan(0);
  await history.shows(expected);
  // The chart comes after the rows.
  await expect(history.bars.first()).toBeVisible();
  const before = await view(history);
  expect(page.url()).toContain(address);
  await page.reload();
  await history.shows(expected);
  await expect(history.bars.first()).toBeVisible();
  expect(await view(history)).toEqual(before);
  await expect(history.role('Referrer')).toBeChecked();
  await expect(history.statusChoice('Rewarded')).toBeChecked();
  await expect(history.statusChoice('Expired')).toBeChecked();
  await expect(history.search).toHaveValue('a');
  await expect(history.dates).toHaveValue('dates');
  await expect(history.from).toHaveValue(from);
  await expect(history.heading('Reward')).toHaveAttribute('aria-sort', 'descending');
  await expect(history.rowsPerPage).toHaveValue('10');
  await expect(history.showBerlin).toBeVisible();
});

test('Back and Forward go from choice to choice, without a request', async ({ signIn, history, page, watch }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  // The chart comes last, and its bars are controls.
  await expect(history.bars.first()).toBeVisible();
  const views = [await view(history)];
  for (const choose of [
    () => history.role('Referrer').check(),
    () => history.statusChoice('Rewarded').check(),
    () => history.heading('Reward').getByRole('button').click(),
    () => history.campaign.selectOption('=spring-launch'),
    () => history.campaign.selectOption(''),
    () => history.rowsPerPage.selectOption('10'),
    () => history.next.click(),
    () => history.showUtc.click(),
    () => history.expiringSoon.click(),
    () => history.dates.selectOption('Last 90 days'),
  ]) {
    const before = page.url();
    await choose();
    await expect.poll(() => page.url()).not.toBe(before);
    views.push(await view(history));
  }
  for (const expected of [...views].reverse().slice(1)) {
    await page.goBack();
    await expect.poll(() => view(history)).toEqual(expected);
  }
  for (const expected of views.slice(1)) {
    await page.goForward();
    await expect.poll(() => view(history)).toEqual(expected);
  }
  expect(watch.requests).toHaveLength(1);
});

test('a choice is in the address also where it comes at once after going back', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await history.role('Referred').check();
  await expect.poll(() => query(page)).toBe('?role=referred');
  // Before what Back has chosen would have settled as a choice of the user's.
  await history.role('Referred').evaluate((radio) => addEventListener('popstate', () => radio.click(), { once: true }));
  await page.goBack();
  await expect.poll(() => query(page)).toBe('?role=referred');
  await expect(history.role('Referred')).toBeChecked();
});

test('a search is one step, however many letters it has', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?role=referrer');
  await expect(history.rows).toHaveCount(25);
  const steps = () => page.evaluate(() => window.history.length);
  const before = await steps();
  await history.search.pressSequentially('spring-launch');
  await expect.poll(() => query(page)).toBe('?role=referrer&q=spring-launch');
  expect(await steps()).toBe(before + 1);
  await page.goBack();
  await expect.poll(() => query(page)).toBe('?role=referrer');
  await expect(history.search).toHaveValue('');
  await expect(history.rows).toHaveCount(25);
  await page.goForward();
  await expect(history.search).toHaveValue('spring-launch');
  // Another search afterwards, after another choice, is a step of its own.
  await history.search.fill('');
  await history.role('All').check();
  await history.search.pressSequentially('été');
  await expect.poll(() => query(page)).toBe('?q=%C3%A9t%C3%A9');
  await page.goBack();
  await expect(history.search).toHaveValue('');
  await expect.poll(() => query(page)).toBe('');
  expect(watch.requests).toHaveLength(1);
});

test('what others keep in the address, its hash and its entry stays', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?utm_source=mail%20letter&flag&page=2&x=1+2&role=referred#part');
  const records = await history.records();
  await history.shows(records.filter(({ role }) => role === 'referred').slice(0, 25));
  await page.evaluate(() => window.history.replaceState({ router: { key: 7 } }, ''));
  await history.statusChoice('Rewarded').check();
  await expect.poll(() => page.url()).toContain('/?utm_source=mail%20letter&flag&x=1+2&role=referred&status=rewarded#part');
  expect(await page.evaluate(() => window.history.state)).toEqual({ router: { key: 7 } });
  await history.search.pressSequentially('ab');
  await expect.poll(() => page.url()).toContain('&status=rewarded&q=ab#part');
  expect(await page.evaluate(() => window.history.state)).toEqual({ router: { key: 7 } });
  await history.clear.click();
  await expect.poll(() => page.url()).toMatch(/\/\?utm_source=mail%20letter&flag&x=1\+2#part$/);
  // A step that is somebody else's changes nothing here.
  await page.evaluate(() => window.history.pushState(null, '', '?other=1#elsewhere'));
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(1);
});

test('what is invalid is ignored, and says nothing', async ({ signIn, history, page }) => {
  const invalid = '/?role=&status=,,&from=yesterday&to=2026-02-30&sort=code&page=0&per_page=7&tz=Mars&expiring=later&q=&%zz&=';
  await signIn('Busy', invalid);
  const records = await history.records();
  await history.shows(records.slice(0, 25));
  await expect(history.clear).toHaveCount(0);
  await expect(history.role('All')).toBeChecked();
  await expect(history.showUtc).toBeVisible();
  await expect(history.table.locator('[aria-sort]:not([aria-sort=none])')).toHaveCount(0);
  // Nobody's address is rewritten for having been looked at.
  expect(page.url()).toContain(invalid);
});

test('a page beyond the last is the last', async ({ signIn, history }) => {
  await signIn('Busy', '/?page=99');
  await history.shows((await history.records()).slice(75));
  await expect(history.pagination).toContainText('76–100 of 100');
  await history.previous.click();
  await expect(history.pagination).toContainText('51–75 of 100');
});

test('a word that this answer does not have can be seen, and dropped', async ({ signIn, history, page }) => {
  await signIn('A few', '/?status=clawed_back&role=partner&campaign=%3Cb%3Ebye');
  await expect(page.getByText(/^None of your \d+ loaded referrals match: partner, clawed_back, <b>bye\.$/)).toBeVisible();
  await expect(history.statusChoice('clawed_back')).toBeChecked();
  await expect(history.role('partner')).toBeChecked();
  await expect(history.campaign.locator('option:checked')).toHaveText('<b>bye (0)');
  await history.showAll.click();
  await expect(history.rows).toHaveCount(7);
  await expect.poll(() => query(page)).toBe('');
});

test('hostile text breaks no address, and comes back out of it', async ({ signIn, history, page }) => {
  await signIn('Hostile text');
  const records = await history.records();
  await expect(history.rows).toHaveCount(records.length);
  const options = await history.campaign.getByRole('option').evaluateAll((options) => options.map(({ value }) => value).filter((value) => value.startsWith('=')));
  expect(options).toHaveLength(records.length);
  for (const option of options) {
    await history.campaign.selectOption({ value: option });
    await expect(history.rows).toHaveCount(1);
    await expect.poll(() => new URLSearchParams(query(page)).get('campaign')).toBe(option.slice(1));
    expect(page.url().length).toBeLessThan(2_000);
  }
  // Each by its link, without signing in again: the rows are the same ones.
  for (const id of ['markup02', 'bidi0001', 'long0001', 'breaks01', 'control1', 'path0001', 'names001']) {
    const record = records.find((record) => record.id === id);
    const option = options.find((option) => record.campaign.startsWith(option.slice(1, 90)));
    await history.campaign.selectOption({ value: option });
    await expect(history.rows).toHaveCount(1);
    await expect.poll(() => new URLSearchParams(query(page)).get('campaign')).toBe(option.slice(1));
    const [row] = await history.shown();
    await page.reload();
    await expect.poll(() => history.shown(), id).toEqual([row]);
    await history.clear.click();
  }
});

test('the sign-in link leads back to what is shown by then', async ({ signIn, history, page, context }) => {
  await signIn('A few', '/?per_page=10');
  await expect(history.rows).toHaveCount(7);
  await history.role('Referrer').check();
  await context.clearCookies();
  await history.refresh.click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  // Whoever signs in anew gets events of their own.
  await page.getByRole('button', { name: 'A few', exact: true }).click();
  await page.waitForURL('/?role=referrer&per_page=10');
  await history.shows((await history.records(1)).filter(({ role }) => role === 'referrer'));
});

test('expiring=soon in a link is what the figure shows', async ({ signIn, history }) => {
  await signIn('Busy', '/?expiring=soon&per_page=100');
  const records = await history.records();
  await history.shows(records.filter((record) => expiresSoon(record, Date.now())));
  await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'true');
});
