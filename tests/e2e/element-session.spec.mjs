// Another user on the same page: `clear()`, the option `session`, and a cookie that changed in another tab.
import { readFile } from 'node:fs/promises';
import { MISSING } from './answer.mjs';
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, EVENTS, query, records, set, test } from './host.mjs';

const load = (page) => page.getByRole('button', { name: 'Load referrals' });

const choose = async (page, history) => {
  await history.role('Referrer').check();
  await history.search.fill('SECRET1');
  await expect.poll(() => query(page)).toBe('?keep=1&role=referrer&q=SECRET1');
};

/** What the element holds once all that follows at once has happened, before anything is painted. */
const heldAfter = (page, change, value) =>
  element(page).evaluate(
    async (element, [change, value]) => {
      if (change === 'clear') element.clear();
      else element[change] = value;
      for (let turn = 0; turn < 50; turn += 1) await null;
      const { textContent } = element.shadowRoot;
      const values = deep.all('input').map((input) => input.value);
      return { hasRecords: /SECRET|secret-campaign/.test(textContent), hasChoices: values.includes('SECRET1'), search: location.search };
    },
    [change, value],
  );
const NOTHING = { hasRecords: false, hasChoices: false, search: '?keep=1' };

test('clear() takes rows and choices away before anything is painted, and asks nothing', async ({ host, history, page, watch }) => {
  await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
  await expect(history.rows).toHaveCount(25);
  await choose(page, history);
  expect(await heldAfter(page, 'clear')).toEqual(NOTHING);
  await expect(page.getByRole('heading', { name: 'Your referrals are no longer shown' })).toBeVisible();
  // What is only shown otherwise brings nothing back.
  await set(page, 'theme', 'dark');
  await expect(page.locator('.rh')).toHaveAttribute('data-theme', 'dark');
  expect(watch.requests).toHaveLength(1);
  await history.load.click();
  await expect(history.rows).toHaveCount(25);
  expect(query(page)).toBe('?keep=1');
  expect(watch.requests).toHaveLength(2);
  await element(page).evaluate((element) => {
    element.clear();
    element.refresh();
  });
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(3);
});

test('clear() takes the details of a referral away, too', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
  await expect(history.rows).toHaveCount(25);
  await history.detailsOf('SECRET3').press('Enter');
  await expect(history.details).toBeVisible();
  await element(page).evaluate((element) => element.clear());
  await expect(history.details).toBeHidden();
  await expect(page.getByText(/SECRET|secret-campaign/)).toHaveCount(0);
  await expect(history.load).toBeVisible();
});

test('clear() aborts the request, whose answer is shown to nobody', async ({ host, history, page, watch, received }) => {
  await host(ENTRY);
  await page.unroute(EVENTS);
  let waiting;
  await page.route(EVENTS, (route) => (waiting = route));
  await page.evaluate(() => document.body.append(document.createElement('referral-history')));
  await expect.poll(() => waiting !== undefined).toBe(true);
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/referrals/me/events'));
  await element(page).evaluate((element) => element.clear());
  expect((await failed).failure().errorText).toBe('net::ERR_ABORTED');
  await expect(history.load).toBeVisible();
  expect(watch.requests).toHaveLength(1);
  for (const name of ['load', 'error']) expect(await received(name)).toEqual([]);
});

test('clear() while the program is loading aborts the request that was made already', async ({ host, history, page, watch, received }) => {
  await page.addInitScript(() => {
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...all) => {
      WebAssembly.instantiate = instantiate;
      await new Promise((goOn) => (window.goOn = goOn));
      return instantiate(...all);
    };
  });
  await host(ENTRY);
  await page.unroute(EVENTS);
  let waiting;
  await page.route(EVENTS, (route) => (waiting = route));
  await page.evaluate(() => document.body.append(document.createElement('referral-history')));
  await expect.poll(() => waiting !== undefined).toBe(true);
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/referrals/me/events'));
  await element(page).evaluate((element) => element.clear());
  expect((await failed).failure().errorText).toBe('net::ERR_ABORTED');
  await page.evaluate(() => window.goOn());
  await expect(history.load).toBeVisible();
  expect(watch.requests).toHaveLength(1);
  for (const name of ['load', 'error']) expect(await received(name)).toEqual([]);
});

test('clear() before anything was asked has nothing asked, also not for what was set before', async ({ host, history, page, watch }) => {
  await host(`<div id="here"></div>${ENTRY}<script type="module" src="/host/mount.js"></script>`, {
    files: {
      'mount.js': `
        import { mount } from '/referral-history.js';
        const mounting = mount(document.getElementById('here'));
        document.querySelector('referral-history').clear();
        window.handle = await mounting;
      `,
    },
  });
  await expect(history.load).toBeVisible();
  await element(page).evaluate((element) => {
    element.limit = 7;
    element.clear();
  });
  await expect(history.load).toBeVisible();
  await page.waitForTimeout(200);
  expect(watch.requests).toHaveLength(0);
  await page.evaluate(() => window.handle.refresh());
  await expect(history.rows).toHaveCount(25);
  expect(new URL(watch.requests[0].url()).search).toBe('?limit=7');
  await page.evaluate(() => window.handle.clear());
  await expect(history.load).toBeVisible();
  expect(watch.requests).toHaveLength(1);
});

test('another session takes rows and choices away before anything is painted, and asks once', async ({ host, history, page, watch, answerWith }) => {
  await host(`${ENTRY}<referral-history session="one"></referral-history>`, { address: '/host/?keep=1' });
  await expect(history.rows).toHaveCount(25);
  await choose(page, history);
  await history.rows.first().getByRole('button').press('Enter');
  await expect(history.details).toBeVisible();
  await page.unroute(EVENTS);
  let waiting;
  await page.route(EVENTS, (route) => (waiting = route));
  expect(await heldAfter(page, 'session', 'two')).toEqual(NOTHING);
  await expect(history.details).toBeHidden();
  await expect.poll(() => waiting !== undefined).toBe(true);
  const items = records(3).map((record) => ({ ...record, code: 'OTHER', campaign: 'other-campaign' }));
  await waiting.fulfill({ json: { code: 200, msg: 'ok', data: { items } } });
  await expect(history.rows).toHaveCount(3);
  expect(query(page)).toBe('?keep=1');
  expect(watch.requests).toHaveLength(2);
  expect(watch.requests.map((request) => request.url()).join()).not.toMatch(/one|two/);
  // The same once more, and what has nothing to do with it.
  await answerWith(records(30));
  await set(page, 'session', 'two');
  await set(page, 'theme', 'dark');
  await expect(page.locator('.rh')).toHaveAttribute('data-theme', 'dark');
  await expect(history.rows).toHaveCount(3);
  expect(watch.requests).toHaveLength(2);
  // Whoever signs out leaves nothing either.
  await element(page).evaluate((element) => (element.session = null));
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(3);
});

test('another session does not wait for what the former one was asked to wait for', async ({ host, history, page, watch, answerWith }) => {
  await host(`${ENTRY}<referral-history session="one"></referral-history>`);
  await expect(history.rows).toHaveCount(25);
  await page.unroute(EVENTS);
  await page.route(EVENTS, (route) => route.fulfill({ status: 429, headers: { 'retry-after': '600' }, body: '' }));
  await history.refresh.click();
  await expect(page.getByRole('heading', { name: /Too many requests/ })).toBeVisible();
  await answerWith(records(3));
  await set(page, 'session', 'two');
  await expect(history.rows).toHaveCount(3);
  await expect(history.refresh).toBeEnabled();
  expect(watch.requests).toHaveLength(3);
});

test.describe('who has signed in in another tab', () => {
  /** The codes of the rows, which are there. */
  const codesOf = async (history, many) => {
    await expect(history.rows).toHaveCount(many);
    const codes = (await history.cells('code').allTextContents()).filter((code) => code !== MISSING);
    expect(codes.length).toBeGreaterThan(0);
    return [...new Set(codes)];
  };
  /** Signs in otherwise, which changes whose cookie goes along in every tab, and tells none of them. */
  const signInElsewhere = async (context) => {
    const tab = await context.newPage();
    await tab.goto('/sign-in');
    await tab.getByRole('button', { name: 'From the future', exact: true }).click();
    await tab.waitForURL(({ pathname }) => pathname === '/');
    await tab.close();
  };

  test('Refresh shows and exports the rows of that user alone', async ({ signIn, history, page, context, watch }) => {
    await signIn('A few');
    const codes = await codesOf(history, 7);
    await signInElsewhere(context);
    await history.refresh.click();
    const others = await codesOf(history, 8);
    expect(others.filter((code) => codes.includes(code))).toEqual([]);
    for (const format of ['CSV for Excel or Sheets', /^JSON/]) {
      await history.export.click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: format }).click()]);
      const file = await readFile(await download.path(), 'utf8');
      expect(codes.filter((code) => file.includes(code))).toEqual([]);
      expect(others.filter((code) => !file.includes(code))).toEqual([]);
    }
    expect(watch.requests).toHaveLength(2);
  });

  test('refresh() leaves no details of the former user open', async ({ signIn, history, page, context }) => {
    await signIn('A few');
    const codes = await codesOf(history, 7);
    await history.openDetails(codes[0]);
    await signInElsewhere(context);
    // A host can, while the panel covers the button.
    await element(page).evaluate((element) => element.refresh());
    await codesOf(history, 8);
    const held = () => page.evaluate((codes) => codes.filter((code) => deep.one('[part=page]').textContent.includes(code)), codes);
    await expect.poll(held).toEqual([]);
  });
});
