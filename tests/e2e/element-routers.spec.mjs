// The element beside a host's router: whose the address is, and whose each step in the history.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, historyIn, query, takeWarnings, test } from './host.mjs';

test('where the browser lets no choice into the address, the page works on', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => {
    window.history.pushState = () => {
      throw new DOMException('too many', 'SecurityError');
    };
  });
  await history.role('Referrer').check();
  await expect(history.rows).toHaveCount(15);
  // A step that has to do with nothing of this takes nothing back.
  await page.evaluate(() => (location.hash = '#elsewhere'));
  await page.waitForTimeout(100);
  await expect(history.rows).toHaveCount(15);
  await expect(history.role('Referrer')).toBeChecked();
});

test('going back counts also where the host had written what was chosen then', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => window.history.pushState(null, '', '?role=referrer'));
  await history.role('Referrer').check();
  await expect(history.rows).toHaveCount(15);
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
  await expect(history.role('All')).toBeChecked();
});

const entries = (page) => page.evaluate(() => window.history.length);
const where = (page) => page.url().replace(/^[^/]+\/\/[^/]+/, '');

test('an entry that has a state is a router’s: choices replace it, and the state stays', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => window.history.pushState({ key: 'k1' }, '', '/host/?tab=1#part'));
  const before = await entries(page);
  await history.role('Referrer').check();
  await expect.poll(() => where(page)).toBe('/host/?tab=1&role=referrer#part');
  await history.detailsOf('SECRET2').press('Enter');
  await expect.poll(() => where(page)).toBe('/host/?tab=1&role=referrer&event=id2#part');
  await page.keyboard.press('Escape');
  await expect.poll(() => where(page)).toBe('/host/?tab=1&role=referrer#part');
  expect(await entries(page)).toBe(before);
  expect(await page.evaluate(() => window.history.state)).toEqual({ key: 'k1' });
  // Back is the host's step.
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
  await expect.poll(() => where(page)).toBe('/host/');
});

test('a hash router: choose, go elsewhere, Back, Forward', async ({ host, history, page, watch }) => {
  const router = `const main = document.querySelector('main');
    const show = () => main.replaceChildren(location.hash === '#/other' ? 'Other' : document.createElement('referral-history'));
    addEventListener('hashchange', show);
    show();`;
  await host(`<main></main>${ENTRY}<script type="module" src="/host/router.js"></script>`, { files: { 'router.js': router }, address: '/host/#/referrals' });
  await expect(history.rows).toHaveCount(25);
  await history.role('Referrer').check();
  await expect.poll(() => where(page)).toBe('/host/?role=referrer#/referrals');
  await page.evaluate(() => (location.hash = '#/other'));
  await expect(element(page)).toHaveCount(0);
  await page.goBack();
  await expect(history.rows).toHaveCount(15);
  await expect(history.role('Referrer')).toBeChecked();
  await page.goForward();
  await expect(page.getByText('Other')).toBeVisible();
  await page.waitForTimeout(500);
  expect(where(page)).toBe('/host/?role=referrer#/other');
  expect(watch.requests).toHaveLength(2);
});

test('what is typed as the host goes to another page is not written there', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await history.search.pressSequentially('SECRET1');
  // As a router with a transition does: the address at once, the view later.
  await page.evaluate(async () => {
    window.history.pushState(null, '', '/billing?q=acme');
    document.querySelector('[type=search]')?.blur();
    await new Promise((next) => setTimeout(next, 300));
    document.querySelector('referral-history').remove();
  });
  await page.waitForTimeout(1_000);
  expect(where(page)).toBe('/billing?q=acme');
  await page.goBack();
  expect(where(page)).toBe('/host/');
});

test('where the host keeps the element in another place, choices are written there, unless it is hidden', async ({ host, history, page, watch, received }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  const hide = (isHidden) => element(page).evaluate((element, isHidden) => (element.style.display = isHidden ? 'none' : ''), isHidden);
  // Another page's names: the element is not shown there.
  await hide(true);
  await page.evaluate(() => window.history.pushState(null, '', '/other?page=2&role=admin'));
  await page.goBack();
  await page.goForward();
  await page.waitForTimeout(600);
  expect(await received('change')).toEqual([]);
  await page.goBack();
  await hide(false);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => window.history.pushState(null, '', '/host/two/'));
  await history.role('Referrer').check();
  await expect.poll(() => where(page)).toBe('/host/two/?role=referrer');
  // Back to the first place, which is another entry: what was chosen then.
  await page.goBack();
  await expect(history.role('All')).toBeChecked();
  await page.goBack();
  await expect.poll(() => where(page)).toBe('/host/');
  await page.waitForTimeout(600);
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(1);
});

test('of two elements the second has the address once the first leaves', async ({ host, page, watch }) => {
  await host(ENTRY + ELEMENT + ELEMENT);
  const [first, second] = [0, 1].map((place) => historyIn(element(page).nth(place)));
  for (const { rows } of [first, second]) await expect(rows).toHaveCount(25);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('give it a prefix of its own')]);
  await second.role('Referred').check();
  await first.role('Referrer').check();
  await expect.poll(() => where(page)).toBe('/host/?role=referrer');
  await page.evaluate(() => document.querySelector('referral-history').remove());
  // The only one by now: what it shows is in the address.
  await expect.poll(() => where(page)).toBe('/host/?role=referred');
  await first.role('All').check();
  await expect.poll(() => where(page)).toBe('/host/');
});

test('a change of the address that the browser refuses is made up for', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => {
    const { pushState } = window.history;
    let refused = 0;
    window.history.pushState = function (...all) {
      if ((refused += 1) <= 2) throw new DOMException('too many', 'SecurityError');
      return pushState.apply(this, all);
    };
  });
  await history.role('Referrer').check();
  await history.statusChoice('Rewarded').check();
  expect(where(page)).toBe('/host/');
  await expect.poll(() => where(page), { timeout: 10_000 }).toBe('/host/?role=referrer&status=rewarded');
  await page.goBack();
  await expect(history.rows).toHaveCount(25);
});

test('a search is written once, when it has settled: a browser allows few changes', async ({ host, history, page, received }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => {
    window.writes = [];
    for (const name of ['pushState', 'replaceState']) {
      const write = window.history[name];
      window.history[name] = function (state, title, url) {
        window.writes.push(new URL(url).search);
        return write.call(this, state, title, url);
      };
    }
  });
  await history.search.pressSequentially('SECRET12', { delay: 20 });
  await expect(history.rows).toHaveCount(1);
  await expect.poll(() => page.evaluate(() => window.writes)).toEqual(['?q=SECRET12']);
  expect((await received('change')).map(({ detail }) => detail)).toEqual([{ q: 'SECRET12' }]);
  // Whoever leaves the field has typed all.
  await history.search.pressSequentially('3');
  await history.search.blur();
  expect(await page.evaluate(() => new Promise((next) => setTimeout(() => next(window.writes.length), 50)))).toBe(2);
});

test.describe('with choices from outside', () => {
  const OFF = '<referral-history url-sync="off"></referral-history>';

  test('the host sets them as a query, and hears of the user’s', async ({ host, history, page, watch, received }) => {
    await host(ENTRY + OFF);
    await expect(history.rows).toHaveCount(25);
    const setQuery = (query) => element(page).evaluate((element, query) => (element.query = query), query);
    const read = () => element(page).evaluate((element) => element.query);
    await setQuery({ role: 'referrer', status: ['rewarded', 'capped'], page: undefined, nonsense: 1 });
    await expect(history.rows).toHaveCount(10);
    expect(await read()).toEqual({ role: 'referrer', status: 'rewarded,capped' });
    await setQuery('?q=SECRET7');
    await expect(history.rows).toHaveCount(1);
    await element(page).evaluate((element) => (element.query = new URLSearchParams({ per_page: '10' })));
    await expect(history.rows).toHaveCount(10);
    await setQuery(null);
    await expect(history.rows).toHaveCount(25);
    await page.waitForTimeout(100);
    expect(await received('change')).toEqual([]);
    await history.role('Referrer').check();
    await expect.poll(() => received('change')).toHaveLength(1);
    expect((await received('change'))[0].detail).toEqual({ role: 'referrer' });
    expect(where(page)).toBe('/host/');
    expect(watch.requests).toHaveLength(1);
  });

  test('what the user is typing is not replaced by what they typed before', async ({ host, history, page }) => {
    await host(ENTRY + OFF);
    await expect(history.rows).toHaveCount(25);
    // A router that follows the first letters late.
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.addEventListener('referral-history:change', ({ detail }) => setTimeout(() => (element.query = detail), 300));
    });
    await history.search.pressSequentially('SEC');
    await page.waitForTimeout(500);
    await history.search.pressSequentially('RET1', { delay: 80 });
    await page.waitForTimeout(1_000);
    await expect(history.search).toHaveValue('SECRET1');
  });

  test('they are there before the element is', async ({ host, history, page, watch }) => {
    const script = `import { mount } from '/referral-history.js';
      const early = document.createElement('referral-history');
      early.query = { role: 'referrer' };
      early.urlSync = 'off';
      document.body.append(early);
      window.handle = await mount(document.body, { query: '?role=referred', urlSync: 'off' });
      window.handle.update({ query: { role: 'referrer', q: 'SECRET2' } });`;
    await host('<script type="module" src="/host/early.js"></script>', { files: { 'early.js': script } });
    await expect(historyIn(element(page).nth(0)).rows).toHaveCount(15);
    await expect(historyIn(element(page).nth(1)).rows).toHaveCount(6);
    expect(watch.requests).toHaveLength(2);
  });
});

test.describe('unmounting', () => {
  test('leaves alone what stands in the address of another page', async ({ host, history, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    // As a router does: first the address, then the view.
    await page.evaluate(() => {
      window.history.pushState(null, '', '/billing?page=2&q=acme');
      document.querySelector('referral-history').unmount();
    });
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=2&q=acme');
  });

  test('leaves the address as it is', async ({ host, history, page }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
    await expect(history.rows).toHaveCount(25);
    await history.rowsPerPage.selectOption('10');
    await expect.poll(() => query(page)).toBe('?keep=1&per_page=10');
    await element(page).evaluate((element) => element.unmount());
    await page.waitForTimeout(500);
    expect(query(page)).toBe('?keep=1&per_page=10');
  });

  test('leaves alone what a host that keeps its pages in the query has written', async ({ host, history, page }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?view=referrals' });
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?view=referrals&role=referrer');
    await page.evaluate(() => {
      window.history.pushState(null, '', '?view=orders&status=open&page=2');
      document.querySelector('referral-history').unmount();
    });
    expect(query(page)).toBe('?view=orders&status=open&page=2');
  });

  test('hears nothing of the way to another page once it is taken away', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?page=2' });
    await expect(history.rows).toHaveCount(5);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.addEventListener('referral-history:change', () => (window.heard = true));
      // A router that listens for longer takes the page away first.
      window.history.replaceState(null, '', '/billing?page=1&q=acme');
      element.remove();
      dispatchEvent(new PopStateEvent('popstate'));
      return new Promise((next) => setTimeout(next, 100));
    });
    expect(await page.evaluate(() => window.heard)).toBe(undefined);
    expect(await received('change')).toEqual([]);
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=1&q=acme');
  });
});
