// The element in somebody else's page: its options, its events, its manners, and how it leaves.
import { readFile } from 'node:fs/promises';
import { MISSING } from './answer.mjs';
import { provokeDefect } from './defect.mjs';
import { expect, test as base } from './fixtures.mjs';

const EVENTS = '**/api/v1/referrals/me/events*';
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'";
const ENTRY = '<script type="module" src="/referral-history.js"></script>';
const ELEMENT = '<referral-history></referral-history>';

/** Records: as many as asked for, of statuses in turn. */
const records = (many) =>
  Array.from({ length: many }, (_, place) => ({
    id: `id${place}`,
    code: `SECRET${place}`,
    campaign: 'secret-campaign',
    role: place % 2 ? 'referred' : 'referrer',
    status: ['attributed', 'rewarded', 'capped'][place % 3],
    reward_credits: place % 3 === 1 ? 10 : undefined,
    created_at: new Date(Date.now() - place * 3_600_000).toISOString(),
  }));

const test = base.extend({
  // Opens a page of a host's: its HTML, and files beside it. It has the strict policy.
  host: async ({ page, answerWith }, use) => {
    await use(async (html, { files = {}, many = 30, headers = {}, policy = POLICY, address = '/host/' } = {}) => {
      await answerWith(records(many), headers);
      await page.route('**/host/*', (route) => {
        const name = new URL(route.request().url()).pathname.slice('/host/'.length);
        if (name === '') {
          const document = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head><body>${html}</body></html>`;
          return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body: document });
        }
        const type = name.endsWith('.css') ? 'text/css' : name.endsWith('.js') ? 'text/javascript' : 'text/html';
        return name in files ? route.fulfill({ contentType: type, body: files[name] }) : route.fallback();
      });
      await page.addInitScript(() => {
        window.told = [];
        for (const name of ['load', 'error', 'unauthorized', 'change']) {
          addEventListener(`referral-history:${name}`, ({ detail, target, cancelable, composed }) => window.told.push({ name, detail, tag: target.tagName, cancelable, composed }));
        }
      });
      await page.goto(address);
    });
  },
  told: async ({ page }, use) => use((name) => page.evaluate((name) => window.told.filter((event) => event.name === name), name)),
});

const element = (page) => page.locator('referral-history');
const rows = (root) => root.getByRole('table', { name: 'Referral events' }).locator('tbody').getByRole('row');
const set = (page, name, value) => element(page).evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value]);
const query = (page) => new URL(page.url()).search;
/** What the page has warned of since the last time, which is then no fault. */
const warned = async (watch, many) => {
  await expect.poll(() => watch.broken.length).toBe(many);
  return watch.broken.splice(0);
};

test.describe('in two lines', () => {
  test('it shows the page under the strict policy, with trusted types, and asks once', async ({ host, page, watch, told }) => {
    await host(ENTRY + ELEMENT, { headers: { 'x-request-id': 'req_1' } });
    await expect(rows(page)).toHaveCount(25);
    // What makes elements, opens, saves and copies must not need what trusted types forbid.
    await page.getByRole('button', { name: 'Details of SECRET3' }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await page.getByText('By campaign').click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV for a spreadsheet' }).click()]);
    expect(watch.events).toHaveLength(1);
    expect(await told('load')).toEqual([{ name: 'load', detail: { count: 30, requestId: 'req_1', creditsCharged: 1 }, tag: 'REFERRAL-HISTORY', cancelable: false, composed: true }]);
  });

  test('the standalone page needs no more either', async ({ page, answerWith, watch }) => {
    await answerWith(records(30));
    await page.route('/', async (route) => {
      const response = await route.fetch();
      const headers = response.headers();
      expect(headers['content-security-policy'].replaceAll(/\s+/g, ' ')).toBe(POLICY.replace("; require-trusted-types-for 'script'", ''));
      route.fulfill({ response, headers: { ...headers, 'content-security-policy': POLICY } });
    });
    await page.goto('/');
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('button', { name: 'Details of SECRET3' }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(watch.events).toHaveLength(1);
  });

  test('imported twice, under two addresses, it is the same element', async ({ host, page, watch }) => {
    await host(`<div id="here"></div>${ENTRY}<script type="module" src="/host/twice.js"></script>`, {
      files: {
        'twice.js': `
          import * as one from '/referral-history.js';
          import * as two from '/referral-history.js?again';
          const here = document.getElementById('here');
          await one.mount(here, { urlSync: 'off' });
          await two.mount(here, { urlSync: 'off' });
          window.done = true;
        `,
      },
    });
    await page.waitForFunction(() => window.done);
    await expect(rows(element(page).nth(0))).toHaveCount(25);
    await expect(rows(element(page).nth(1))).toHaveCount(25);
    expect(watch.events).toHaveLength(2);
  });

  test('a second element downloads nothing further', async ({ host, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.evaluate(() => {
      const second = document.createElement('referral-history');
      second.urlSync = 'off';
      document.body.append(second);
    });
    await expect(rows(element(page).nth(1))).toHaveCount(25);
    expect(asked).toEqual(['/api/v1/referrals/me/events']);
  });
});

test.describe('options', () => {
  test('change live, and what is only shown otherwise asks nothing again', async ({ host, page, watch, told }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    const background = () => page.locator('.rh').evaluate((page) => getComputedStyle(page.querySelector('.rh-card')).backgroundColor);
    const light = await background();
    await set(page, 'theme', 'dark');
    await expect.poll(background).not.toBe(light);
    await set(page, 'theme', 'light');
    await expect.poll(background).toBe(light);
    await set(page, 'lang', 'de');
    await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
    await set(page, 'lang', 'ar');
    await expect(page.locator('.rh')).toHaveAttribute('dir', 'rtl');
    await set(page, 'lang', 'en');
    const steps = await page.evaluate(() => history.length);
    await set(page, 'page-size', '10');
    await expect(rows(page)).toHaveCount(10);
    expect(query(page)).toBe('');
    // It was the host that chose: no step of the user's, and nothing to tell the host.
    expect(await page.evaluate(() => history.length)).toBe(steps);
    expect(await told('change')).toEqual([]);
    await element(page).evaluate((element) => (element.pageSize = null));
    await expect(rows(page)).toHaveCount(25);
    await set(page, 'url-sync', 'rh-');
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?rh-role=referrer');
    await set(page, 'url-sync', 'on');
    await expect.poll(() => query(page)).toBe('?role=referrer');
    await set(page, 'url-sync', 'off');
    await expect.poll(() => query(page)).toBe('');
    await expect(rows(page)).toHaveCount(15);
    expect(watch.events).toHaveLength(1);
  });

  test('what is asked for otherwise is asked once, however many of them change', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referred', exact: true }).check();
    await element(page).evaluate((element) => {
      element.limit = 7;
      element.apiBase = '/api/v1/';
      element.theme = 'dark';
    });
    await expect.poll(() => watch.events.length).toBe(2);
    expect(new URL(watch.events[1].url()).search).toBe('?limit=7');
    // What the user chose stays.
    await expect(page.getByRole('radio', { name: 'Referred', exact: true })).toBeChecked();
    await expect(rows(page)).toHaveCount(15);
    expect(query(page)).toBe('?role=referred');
    await element(page).evaluate((element) => (element.limit = '7'));
    await page.waitForTimeout(200);
    expect(watch.events).toHaveLength(2);
    // What is only shown otherwise is heeded, too, when it comes along.
    await element(page).evaluate((element) => {
      element.limit = 8;
      element.pageSize = 10;
    });
    await expect.poll(() => watch.events.length).toBe(3);
    await expect(rows(page)).toHaveCount(10);
    expect(query(page)).toBe('?role=referred');
  });

  test('what cannot be is the default, and is told once by name', async ({ host, page, watch }) => {
    await host(`${ENTRY}<referral-history limit="0" page-size="7" theme="blue" url-sync="a&b" sign-in-url="javascript:alert(1)"></referral-history>`);
    await expect(rows(page)).toHaveCount(25);
    expect(new URL(watch.events[0].url()).search).toBe('?limit=100');
    const warnings = await warned(watch, 5);
    for (const name of ['limit "0"', 'page-size "7"', 'theme "blue"', 'url-sync "a&b"', 'sign-in-url "javascript:alert(1)"']) {
      expect(warnings.filter((warning) => warning.includes(name)), name).toHaveLength(1);
    }
    await set(page, 'lang', 'de');
    await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
    expect(watch.broken).toEqual([]);
  });

  test('properties that were set before the element was one count', async ({ host, page }) => {
    await host(`${ELEMENT}<script src="/host/early.js"></script>${ENTRY}`, { files: { 'early.js': "document.querySelector('referral-history').pageSize = 10;" } });
    await expect(rows(page)).toHaveCount(10);
  });

  test('the language is that of what is around, and follows it', async ({ host, page, watch }) => {
    await host(`${ENTRY}<section lang="de">${ELEMENT}</section>`);
    await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
    await page.evaluate(() => {
      document.querySelector('section').removeAttribute('lang');
      document.documentElement.lang = 'ar';
    });
    await expect(page.locator('.rh')).toHaveAttribute('lang', 'ar');
    await page.evaluate(() => {
      const section = document.createElement('section');
      section.lang = 'de';
      document.body.append(section);
      section.append(document.querySelector('referral-history'));
    });
    await expect(page.locator('.rh')).toHaveAttribute('lang', 'de');
    expect(watch.events).toHaveLength(1);
  });

  test('another origin is not asked unless the host names it', async ({ host, page, watch, told }) => {
    const asked = [];
    const origin = 'https://api.example';
    await page.route(`${origin}/**`, (route) => {
      asked.push(new URL(route.request().url()));
      const headers = { 'access-control-allow-origin': new URL(page.url()).origin, 'access-control-allow-credentials': 'true', 'content-type': 'application/json' };
      route.fulfill({ headers, body: JSON.stringify({ code: 200, msg: 'ok', data: { items: records(3) } }) });
    });
    await host(`${ENTRY}<referral-history api-base="${origin}/api"></referral-history>`, { policy: POLICY.replace("connect-src 'self'", `connect-src 'self' ${origin}`) });
    await expect(page.getByRole('heading', { name: 'The page is not set up' })).toBeVisible();
    expect((await told('error')).map(({ detail }) => detail)).toEqual([{ kind: 'other_origin', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('is on another origin')]);
    // Another than the one that is named is as bad as any.
    await set(page, 'api-origin', 'https://other.example');
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('is on another origin')]);
    expect(asked).toEqual([]);
    await set(page, 'api-origin', origin);
    await expect(rows(page)).toHaveCount(3);
    expect(asked.map(({ pathname, search }) => pathname + search)).toEqual(['/api/referrals/me/events?limit=100']);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('asked another origin')]);
  });

  test('the base of the document, and what names no origin, allow none', async ({ host, page, watch, told }) => {
    const asked = [];
    await page.route('https://cdn.example/**', (route) => {
      asked.push(route.request().url());
      route.abort();
    });
    const policy = POLICY.replace("connect-src 'self'", "connect-src 'self' https://cdn.example").replace("base-uri 'none'", 'base-uri https://cdn.example');
    const entry = '<script type="module" src="/host/entry.js"></script><base href="https://cdn.example/">';
    await host(entry + ELEMENT, { policy, files: { 'entry.js': "import '/referral-history.js';" } });
    await expect.poll(async () => (await told('error')).map(({ detail }) => detail.kind)).toEqual(['other_origin']);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('api-base "/api/v1" is on another origin')]);
    for (const nothing of ['yes', '/', 'https://']) {
      await set(page, 'api-origin', nothing);
      expect(await warned(watch, 1)).toEqual([expect.stringContaining(`api-origin ${JSON.stringify(nothing)} is not an origin`)]);
    }
    // Where the API is on the page's own origin, so is the page to sign in.
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
    const { origin } = new URL(page.url());
    await set(page, 'api-base', `${origin}/api/v1`);
    await expect(page.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', new RegExp(`^${origin}/sign-in\\?return=`));
    // And what is chosen stands in the address of the page.
    await page.route(EVENTS, (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: records(3) } } }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => page.url()).toBe(`${origin}/host/?role=referrer`);
    expect(asked).toEqual([]);
  });

  test('where the browser lets no choice into the address, the page works on', async ({ host, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.evaluate(() => {
      history.pushState = () => {
        throw new DOMException('too many', 'SecurityError');
      };
    });
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect(rows(page)).toHaveCount(15);
    // A step that has to do with nothing of this takes nothing back.
    await page.evaluate(() => (location.hash = '#elsewhere'));
    await page.waitForTimeout(100);
    await expect(rows(page)).toHaveCount(15);
    await expect(page.getByRole('radio', { name: 'Referrer', exact: true })).toBeChecked();
  });

  test('going back counts also where the host had written what was chosen then', async ({ host, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.evaluate(() => history.pushState(null, '', '?role=referrer'));
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect(rows(page)).toHaveCount(15);
    await page.goBack();
    await expect(rows(page)).toHaveCount(25);
    await expect(page.getByRole('radio', { name: 'All', exact: true })).toBeChecked();
  });

  test('in a frame that has no address of its own, it is at home where its document is', async ({ host, page, watch }) => {
    await host(`<iframe title="History" srcdoc='<!doctype html><html lang="en">${ENTRY}${ELEMENT}</html>' width="900"></iframe>`, { policy: `${POLICY}; frame-src 'self'` });
    await expect(rows(page.frameLocator('iframe'))).toHaveCount(25);
    expect(watch.events).toHaveLength(1);
  });

  test('the way to sign in leads to this origin only, and comes back', async ({ host, page, watch }) => {
    await host(`${ENTRY}<referral-history sign-in-url="/login?from=console"></referral-history>`, { address: '/host/?keep=1&role=referred#here' });
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '{"code":401,"msg":"Authentication required"}' }));
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    const link = page.getByRole('link', { name: 'Sign in' });
    await expect(link).toHaveAttribute('href', `/login?from=console&return=${encodeURIComponent('/host/?keep=1&role=referred#here')}`);
    for (const bad of ['javascript:alert(1)', 'https://evil.example/login', '//evil.example/login', '/\\evil.example', 'data:text/html,x', 'http://']) {
      await set(page, 'sign-in-url', bad);
      await expect(link).toHaveAttribute('href', /^\/sign-in\?return=/);
      expect(await warned(watch, 1)).toEqual([expect.stringContaining('sign-in-url')]);
    }
    await set(page, 'sign-in-url', '/login#form');
    await expect(link).toHaveAttribute('href', /^\/login\?return=[^#]+#form$/);
    await set(page, 'sign-in-url', new URL('/account', page.url()).href);
    await expect(link).toHaveAttribute('href', /^http:\/\/127\.0\.0\.1:\d+\/account\?return=/);
  });

  for (const [how, use] of [
    ['by a press', (link) => link.click()],
    ['by a key', (link) => link.press('Enter')],
  ]) {
    test(`the way to sign in comes back to where the host has gone meanwhile, ${how}`, async ({ host, page }) => {
      await page.route('**/sign-in?*', (route) => route.fulfill({ contentType: 'text/html', body: 'Sign in' }));
      await host(ENTRY + ELEMENT);
      await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
      await page.getByRole('button', { name: 'Refresh', exact: true }).click();
      const link = page.getByRole('link', { name: 'Sign in' });
      await expect(link).toBeVisible();
      await page.evaluate(() => history.pushState(null, '', '/elsewhere?tab=2'));
      await use(link);
      await page.waitForURL('**/sign-in?return=%2Felsewhere%3Ftab%3D2');
    });
  }
});

test.describe('events', () => {
  test('tell what was chosen, and nothing that a record holds', async ({ host, page, told }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    expect(await told('change')).toEqual([]);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await page.getByRole('columnheader', { name: 'Reward' }).getByRole('button').click();
    await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('10');
    await expect.poll(async () => (await told('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10' });
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect.poll(async () => (await told('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', page: '2' });
    await page.getByRole('button', { name: 'Details of SECRET' }).first().click();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => JSON.stringify(window.told))).not.toMatch(/SECRET|secret|id\d/);
    // But for what the user chose, which is in the address, too.
    await page.getByRole('combobox', { name: 'Campaign' }).selectOption('=secret-campaign');
    await page.getByRole('searchbox').fill('SECRET2');
    await expect.poll(async () => (await told('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', campaign: 'secret-campaign', q: 'SECRET2' });
  });

  test('tell a failure', async ({ host, page, told }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 429, headers: { 'retry-after': '30', 'x-request-id': 'req_9' }, body: '' }));
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect.poll(() => told('error')).toEqual([{ name: 'error', detail: { kind: 'too_many_requests', status: 429, requestId: 'req_9', retryAfter: 30, creditsCharged: 0 }, tag: 'REFERRAL-HISTORY', cancelable: false, composed: true }]);
  });

  test('tell of a failure that may have cost a credit that this is not known', async ({ host, page, told }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 502, body: '{"error":{"code":"upstream_lost","message":"It broke."}}' }));
    const refresh = page.getByRole('button', { name: 'Refresh', exact: true });
    await refresh.click();
    await expect.poll(async () => (await told('error')).map(({ detail }) => detail.creditsCharged)).toEqual([null]);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 502, body: '{"error":{"code":"upstream_unreachable","message":"It is down."}}' }));
    await refresh.click();
    await expect.poll(async () => (await told('error')).map(({ detail }) => detail.creditsCharged)).toEqual([null, 0]);
  });

  test('let the host sign its users in by itself', async ({ host, page, told }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
    const refresh = page.getByRole('button', { name: 'Refresh', exact: true });
    await refresh.click();
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
    expect(await told('unauthorized')).toEqual([{ name: 'unauthorized', detail: { kind: 'not_signed_in', status: 401, requestId: null, retryAfter: null, creditsCharged: 0 }, tag: 'REFERRAL-HISTORY', cancelable: true, composed: true }]);
    await page.evaluate(() => addEventListener('referral-history:unauthorized', (event) => event.preventDefault()));
    await refresh.click();
    await expect.poll(async () => (await told('unauthorized')).length).toBe(2);
    await expect(page.getByRole('link', { name: 'Sign in' })).toHaveCount(0);
    await expect(page.getByText('You are not signed in')).toHaveCount(0);
    await expect(rows(page)).toHaveCount(25);
  });
});

test.describe('another user', () => {
  const load = (page) => page.getByRole('button', { name: 'Load referrals' });
  const choose = async (page) => {
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await page.getByRole('searchbox').fill('SECRET1');
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

  test('clear() takes rows and choices away before anything is painted, and asks nothing', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
    await expect(rows(page)).toHaveCount(25);
    await choose(page);
    expect(await heldAfter(page, 'clear')).toEqual(NOTHING);
    await expect(page.getByRole('heading', { name: 'Your referrals are no longer shown' })).toBeVisible();
    // What is only shown otherwise brings nothing back.
    await set(page, 'theme', 'dark');
    await expect(page.locator('.rh')).toHaveAttribute('data-theme', 'dark');
    expect(watch.events).toHaveLength(1);
    await load(page).click();
    await expect(rows(page)).toHaveCount(25);
    expect(query(page)).toBe('?keep=1');
    expect(watch.events).toHaveLength(2);
    await element(page).evaluate((element) => {
      element.clear();
      element.refresh();
    });
    await expect(rows(page)).toHaveCount(25);
    expect(watch.events).toHaveLength(3);
  });

  test('clear() takes the details of a referral away, too', async ({ host, page }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('button', { name: 'Details of SECRET3' }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await element(page).evaluate((element) => element.clear());
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByText(/SECRET|secret-campaign/)).toHaveCount(0);
    await expect(load(page)).toBeVisible();
  });

  test('clear() aborts the request, whose answer is shown to nobody', async ({ host, page, watch, told }) => {
    await host(ENTRY);
    await page.unroute(EVENTS);
    let waiting;
    await page.route(EVENTS, (route) => (waiting = route));
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect.poll(() => waiting !== undefined).toBe(true);
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/referrals/me/events'));
    await element(page).evaluate((element) => element.clear());
    expect((await failed).failure().errorText).toBe('net::ERR_ABORTED');
    await expect(load(page)).toBeVisible();
    expect(watch.events).toHaveLength(1);
    for (const name of ['load', 'error']) expect(await told(name)).toEqual([]);
  });

  test('clear() while the program is loading aborts the request that was made already', async ({ host, page, watch, told }) => {
    await page.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (...all) => {
        await new Promise((goOn) => (window.goOn = goOn));
        return instantiateStreaming(...all);
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
    await expect(load(page)).toBeVisible();
    expect(watch.events).toHaveLength(1);
    for (const name of ['load', 'error']) expect(await told(name)).toEqual([]);
  });

  test('clear() before anything was asked has nothing asked, also not for what was set before', async ({ host, page, watch }) => {
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
    await expect(load(page)).toBeVisible();
    await element(page).evaluate((element) => {
      element.limit = 7;
      element.clear();
    });
    await expect(load(page)).toBeVisible();
    await page.waitForTimeout(200);
    expect(watch.events).toHaveLength(0);
    await page.evaluate(() => window.handle.refresh());
    await expect(rows(page)).toHaveCount(25);
    expect(new URL(watch.events[0].url()).search).toBe('?limit=7');
    await page.evaluate(() => window.handle.clear());
    await expect(load(page)).toBeVisible();
    expect(watch.events).toHaveLength(1);
  });

  test('another session takes rows and choices away before anything is painted, and asks once', async ({ host, page, watch, answerWith }) => {
    await host(`${ENTRY}<referral-history session="one"></referral-history>`, { address: '/host/?keep=1' });
    await expect(rows(page)).toHaveCount(25);
    await choose(page);
    await page.getByRole('button', { name: 'Details of SECRET1' }).first().press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.unroute(EVENTS);
    let waiting;
    await page.route(EVENTS, (route) => (waiting = route));
    expect(await heldAfter(page, 'session', 'two')).toEqual(NOTHING);
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect.poll(() => waiting !== undefined).toBe(true);
    const items = records(3).map((record) => ({ ...record, code: 'OTHER', campaign: 'other-campaign' }));
    await waiting.fulfill({ json: { code: 200, msg: 'ok', data: { items } } });
    await expect(rows(page)).toHaveCount(3);
    expect(query(page)).toBe('?keep=1');
    expect(watch.events).toHaveLength(2);
    expect(watch.events.map((request) => request.url()).join()).not.toMatch(/one|two/);
    // The same once more, and what has nothing to do with it.
    await answerWith(records(30));
    await set(page, 'session', 'two');
    await set(page, 'theme', 'dark');
    await expect(page.locator('.rh')).toHaveAttribute('data-theme', 'dark');
    await expect(rows(page)).toHaveCount(3);
    expect(watch.events).toHaveLength(2);
    // Whoever signs out leaves nothing either.
    await element(page).evaluate((element) => (element.session = null));
    await expect(rows(page)).toHaveCount(25);
    expect(watch.events).toHaveLength(3);
  });

  test('another session does not wait for what the former one was asked to wait for', async ({ host, page, watch, answerWith }) => {
    await host(`${ENTRY}<referral-history session="one"></referral-history>`);
    await expect(rows(page)).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 429, headers: { 'retry-after': '600' }, body: '' }));
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(page.getByRole('heading', { name: /Too many requests/ })).toBeVisible();
    await answerWith(records(3));
    await set(page, 'session', 'two');
    await expect(rows(page)).toHaveCount(3);
    await expect(page.getByRole('button', { name: 'Refresh', exact: true })).toBeEnabled();
    expect(watch.events).toHaveLength(3);
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
      for (const format of ['CSV for a spreadsheet', /^JSON/]) {
        await history.export.click();
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: format }).click()]);
        const file = await readFile(await download.path(), 'utf8');
        expect(codes.filter((code) => file.includes(code))).toEqual([]);
        expect(others.filter((code) => !file.includes(code))).toEqual([]);
      }
      expect(watch.events).toHaveLength(2);
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
});

test.describe('manners', () => {
  const HOSTILE = `
    * { all: unset; color: red !important; font: 40px/2 cursive !important; text-transform: uppercase !important; letter-spacing: 1em !important; text-align: right !important; direction: rtl }
    html { font-size: 62.5% }
    table, dialog, button, svg, input, [role] { display: none !important }
    .rh, .rh-card, .rh-table { display: none !important }
  `;

  test('no style of the page goes out', async ({ host, page }) => {
    await host('<h1>Host</h1><table><tr><th>A</th><td>B</td></tr></table><dl><dt>C</dt><dd>D</dd></dl><button class="rh-button">E</button><input><dialog open>F</dialog><div class="rh rh-card">G</div>');
    const outside = () =>
      page.evaluate(() => ({
        styles: [...document.querySelectorAll('html, body, body *:not(referral-history)')].map((part) => {
          const style = getComputedStyle(part);
          // The height of what the element stands in is the one thing that it changes.
          return [part.tagName, ...[...style].filter((name) => !/block-size|^height|origin/.test(name)).map((name) => `${name}: ${style[name]}`)].join('; ');
        }),
        sheets: [document.styleSheets.length, document.adoptedStyleSheets.length],
        head: document.head.innerHTML,
      }));
    const before = await outside();
    expect(before.styles.length).toBeGreaterThan(12);
    await page.evaluate(async () => {
      await import('/referral-history.js');
      document.body.append(document.createElement('referral-history'));
    });
    await expect(rows(page)).toHaveCount(25);
    expect(await outside()).toEqual(before);
  });

  test('nothing of the page comes before what the host has above it, or out of what the host scrolls', async ({ host, page }) => {
    await host(`<link rel="stylesheet" href="/host/scroll.css">${ENTRY}<main><header></header><p></p>${ELEMENT}</main>`, {
      files: {
        'scroll.css': `
          body { margin: 0 }
          main { height: 100vh; overflow: auto }
          main p { height: 200vh }
          header { position: sticky; top: 0; z-index: 1; height: 60vh; background: white }
        `,
      },
    });
    await expect(rows(page)).toHaveCount(25);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
    // Below the header now: buttons of figures, the choice of a role, and rows.
    for (const part of ['.rh-figure-button', '.rh-segment:has(:checked)', '.rh-menu-button', 'tbody button']) {
      const above = await page.locator(part).first().evaluate((part) => {
        document.querySelector('main').scrollTop += part.getBoundingClientRect().top - 20;
        const { left, top, width, height } = part.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2).tagName;
      });
      expect(above, part).toBe('HEADER');
    }
  });

  test('no style of the host comes in', async ({ host, page }) => {
    // Nothing is on its way from one colour to another.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    const looks = () =>
      page.evaluate(() =>
        deep.all('.rh, .rh *').map((part) => {
          const { color, fontSize, fontFamily, letterSpacing, textTransform, textAlign, display, direction, lineHeight, visibility } = getComputedStyle(part);
          const { width, height } = part.getBoundingClientRect();
          return [part.className?.baseVal ?? part.className, color, fontSize, fontFamily, letterSpacing, textTransform, textAlign, display, direction, lineHeight, visibility, Math.round(width), Math.round(height)].join(' ');
        }),
      );
    await page.setViewportSize({ width: 1280, height: 900 });
    const before = await looks();
    expect(before.length).toBeGreaterThan(300);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, HOSTILE.replace('* {', '* { margin: 0; padding: 0;').replace('all: unset;', 'all: unset; display: block;'));
    // The window's width is the host's to give: the body had a margin before.
    await page.evaluate((css) => document.adoptedStyleSheets[0].insertRule('referral-history { margin: 8px }', document.adoptedStyleSheets[0].cssRules.length), '');
    expect(await looks()).toEqual(before);
    // An element that comes then is no other.
    await page.evaluate(() => {
      const again = document.createElement('referral-history');
      document.querySelector('referral-history').replaceWith(again);
      return again.ready;
    });
    await expect(rows(page)).toHaveCount(25);
    expect(await looks()).toEqual(before);
  });

  test('a host themes it by custom properties and parts', async ({ host, page }) => {
    await host(`<link rel="stylesheet" href="/host/theme.css">${ENTRY}${ELEMENT}`, {
      files: {
        'theme.css': `
          referral-history { --rh-accent: rgb(1, 2, 3); --rh-radius: 0px; --rh-font: monospace; --rh-row: 60px; --rh-space: 8px; --rh-background: rgb(250, 240, 230) }
          referral-history::part(title) { color: rgb(9, 8, 7) }
        `,
      },
    });
    await expect(rows(page)).toHaveCount(25);
    const style = (selector, name) => page.locator(selector).first().evaluate((part, name) => getComputedStyle(part)[name], name);
    expect(await style('.rh-title', 'color')).toBe('rgb(9, 8, 7)');
    expect(await style('.rh-card', 'borderTopLeftRadius')).toBe('0px');
    expect(await style('.rh-card', 'backgroundColor')).toBe('rgb(250, 240, 230)');
    expect(await style('.rh', 'fontFamily')).toBe('monospace');
    expect(await style('.rh-segment:has(:checked)', 'backgroundColor')).toBe('rgb(1, 2, 3)');
    expect((await rows(page).first().boundingBox()).height).toBeGreaterThanOrEqual(60);
  });

  test('a move in the document asks nothing and loses nothing', async ({ host, page, watch }) => {
    await host(`${ENTRY}<div id="one">${ELEMENT}</div><div id="two"></div>`);
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await page.getByRole('searchbox').fill('SECRET1');
    const shown = await rows(page).count();
    for (const move of [
      () => document.getElementById('two').append(document.querySelector('referral-history')),
      () => document.getElementById('one').moveBefore?.(document.querySelector('referral-history'), null),
      () => {
        const element = document.querySelector('referral-history');
        element.remove();
        document.getElementById('two').prepend(element);
      },
    ]) {
      await page.evaluate(move);
      await page.waitForTimeout(50);
      await expect(rows(page)).toHaveCount(shown);
      await expect(page.getByRole('searchbox')).toHaveValue('SECRET1');
    }
    expect(query(page)).toBe('?role=referrer&q=SECRET1');
    // A panel that is open stays open, above the page.
    await page.getByRole('button', { name: /^Details of SECRET1/ }).first().press('Enter');
    const panel = page.getByRole('dialog');
    await expect(panel).toBeVisible();
    await page.evaluate(() => document.getElementById('one').append(document.querySelector('referral-history')));
    expect(await panel.evaluate((panel) => panel.matches(':modal'))).toBe(true);
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    // A move takes the focus from whatever has it; but it is not lost for whoever uses the keys.
    await expect(element(page)).toBeFocused();
    expect(watch.events).toHaveLength(1);
  });

  test('one that is replaced by another leaves it the address', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await page.evaluate(() => document.querySelector('referral-history').replaceWith(document.createElement('referral-history')));
    await expect(rows(page)).toHaveCount(25);
    expect(query(page)).toBe('');
    await page.getByRole('radio', { name: 'Referred', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referred');
    expect(watch.events).toHaveLength(2);
  });

  test('several on a page are each their own', async ({ host, page, watch }) => {
    await host(`${ENTRY}<referral-history url-sync="a-"></referral-history><referral-history url-sync="b-"></referral-history><referral-history url-sync="b-"></referral-history>`);
    for (const place of [0, 1, 2]) await expect(rows(element(page).nth(place))).toHaveCount(25);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('url-sync "b-"')]);
    for (const [place, role] of [[0, 'Referrer'], [1, 'Referred'], [2, 'Referrer']]) await element(page).nth(place).getByRole('radio', { name: role, exact: true }).check();
    await expect.poll(() => query(page)).toBe('?a-role=referrer&b-role=referred');
    // In its shadow root an id is its own.
    const roots = await element(page).evaluateAll((elements) => elements.map(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[id]')].map(({ id }) => id)));
    for (const ids of roots) expect(new Set(ids).size, ids.join()).toBe(ids.length);
    expect(watch.events).toHaveLength(3);
    await page.goBack();
    await expect(element(page).nth(1).getByRole('radio', { name: 'All', exact: true })).toBeChecked();
    await expect(element(page).nth(0).getByRole('radio', { name: 'Referrer', exact: true })).toBeChecked();
  });

  for (const mode of ['open', 'closed']) {
    test(`in a host's own ${mode} shadow root`, async ({ host, page, watch }) => {
      await host(`<div id="outer"></div>${ENTRY}<script src="/host/shadow.js"></script>`, {
        files: {
          'shadow.js': `
            window.root = document.getElementById('outer').attachShadow({ mode: '${mode}' });
            root.append(document.createElement('referral-history'));
          `,
        },
      });
      const inner = (run, value) => page.evaluateHandle(() => window.root.querySelector('referral-history').shadowRoot).then((root) => root.evaluate(run, value));
      await expect.poll(() => inner((root) => root.querySelectorAll('[part=table] tbody tr').length)).toBe(25);
      await inner((root) => root.querySelector('.rh-menu-button').click());
      await expect.poll(() => inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(2);
      // A press in the menu is none outside of it.
      const box = await inner((root) => root.querySelector('.rh-menu-list p').getBoundingClientRect().toJSON());
      await page.mouse.click(box.x + 5, box.y + 5);
      expect(await inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(2);
      await page.mouse.click(2, 2);
      await expect.poll(() => inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(0);
      expect(watch.events).toHaveLength(1);
    });
  }

  test('in a frame, which tells a parent of its own origin how high it is', async ({ host, page, answerWith, watch }) => {
    // The page as it is, but that it may be framed.
    await page.route('**/framed/*', async (route) => {
      const { origin, pathname } = new URL(route.request().url());
      const response = await route.fetch({ url: origin + pathname.replace('/framed/', '/') });
      const policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
      route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    await answerWith(records(30));
    await host(`<script src="/host/frame.js"></script><iframe title="History" src="/framed/" width="700"></iframe>`, {
      policy: POLICY.replace("default-src 'none'", "default-src 'none'; frame-src 'self'"),
      // As the README has it.
      files: {
        'frame.js': `
          window.heights = [];
          addEventListener('message', ({ data, origin }) => {
            heights.push({ ...data, origin });
            if (origin === location.origin && data.type === 'referral-history:height') document.querySelector('iframe').style.height = data.height + 'px';
          });
        `,
      },
    });
    const frame = page.frameLocator('iframe');
    await expect(rows(frame)).toHaveCount(25);
    const last = () => page.evaluate(() => window.heights.at(-1));
    await expect.poll(async () => (await last())?.height).toBeGreaterThan(1000);
    expect(await last()).toEqual({ type: 'referral-history:height', height: expect.any(Number), origin: new URL(page.url()).origin });
    // The frame is as high as the page, then and when the page has become lower.
    const heights = async () => [await page.locator('iframe').evaluate((frame) => frame.clientHeight), await frame.locator('main').evaluate((main) => Math.ceil(main.getBoundingClientRect().height))];
    const [height, within] = await heights();
    expect(height).toBe(within);
    await frame.getByRole('combobox', { name: 'Rows per page' }).selectOption('10');
    await expect.poll(async () => (await heights())[0]).toBeLessThan(height - 300);
    const [lower, lowerWithin] = await heights();
    expect(lower).toBe(lowerWithin);
    expect(watch.events).toHaveLength(1);
  });
});

test.describe('leaving', () => {
  test('by the handle: update, refresh, unmount', async ({ host, page, watch }) => {
    await host(`<div id="here"></div><script type="module" src="/host/mount.js"></script>`, {
      files: { 'mount.js': "import { mount } from '/referral-history.js'; window.handle = await mount(document.getElementById('here'), { pageSize: 10, theme: 'dark', urlSync: 'h-' });" },
      address: '/host/?keep=1',
    });
    await expect(rows(page)).toHaveCount(10);
    await page.evaluate(() => window.handle.update({ lang: 'de', theme: null }));
    await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
    await expect(element(page)).not.toHaveAttribute('theme');
    expect(watch.events).toHaveLength(1);
    await page.evaluate(() => window.handle.refresh());
    await expect.poll(() => watch.events.length).toBe(2);
    await page.evaluate(() => window.handle.update({ nonsense: 1 }));
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('no option nonsense')]);
    await page.getByRole('searchbox').fill('SECRET2');
    await expect.poll(() => query(page)).toBe('?keep=1&h-q=SECRET2');
    await page.evaluate(() => window.handle.unmount());
    await expect(element(page)).toHaveCount(0);
    expect(query(page)).toBe('?keep=1');
    await page.waitForTimeout(300);
    expect(watch.events).toHaveLength(2);
  });

  test('aborts the request', async ({ host, page }) => {
    await host(ENTRY);
    await page.unroute(EVENTS);
    let waiting;
    await page.route(EVENTS, (route) => (waiting = route));
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/referrals/me/events'));
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect.poll(() => waiting !== undefined).toBe(true);
    await element(page).evaluate((element) => element.remove());
    expect((await failed).failure().errorText).toBe('net::ERR_ABORTED');
  });

  test('ends what waits to ask again', async ({ host, page, watch }) => {
    await page.clock.install();
    await host(ENTRY);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 503, body: '' }));
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect(page.getByText('Retrying (1 of 2)').first()).toBeVisible();
    expect(watch.events).toHaveLength(1);
    await element(page).evaluate((element) => element.unmount());
    await page.clock.runFor(120_000);
    await page.waitForTimeout(200);
    expect(watch.events).toHaveLength(1);
  });

  test('asks nothing more for who is leaving, and for who only moves what was set on the way', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.limit = 50;
      element.remove();
      element.apiOrigin = location.origin;
      document.body.append(element);
      element.limit = 100;
      element.apiOrigin = null;
      element.theme = 'dark';
    });
    await expect(page.locator('.rh')).toHaveAttribute('data-theme', 'dark');
    expect(watch.events).toHaveLength(1);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.limit = 50;
      element.remove();
      element.theme = 'light';
    });
    await page.waitForTimeout(300);
    expect(watch.events).toHaveLength(1);
  });

  test('before it was there costs nothing', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.evaluate(() => {
      // As React does in its strict mode: put in, taken out, put in.
      const again = document.createElement('referral-history');
      again.urlSync = 'off';
      document.body.append(again);
      again.unmount();
      document.body.append(again);
    });
    await expect(rows(element(page).nth(1))).toHaveCount(25);
    expect(watch.events).toHaveLength(2);
  });

  test('in the same go as it came costs nothing, and holds nothing', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.evaluate(async () => {
      document.querySelector('referral-history').unmount();
      const again = document.createElement('referral-history');
      document.body.append(again);
      again.remove();
      await new Promise((next) => setTimeout(next, 100));
    });
    expect(watch.events).toHaveLength(1);
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    expect(watch.events).toHaveLength(2);
  });

  test('leaves alone what stands in the address of another page', async ({ host, page }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    // As a router does: first the address, then the view.
    await page.evaluate(() => {
      history.pushState(null, '', '/billing?page=2&q=acme');
      document.querySelector('referral-history').unmount();
    });
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=2&q=acme');
  });

  test('takes along what is in the address, also where not all that was chosen is', async ({ host, page, answerWith }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?keep=1' });
    await expect(rows(page)).toHaveCount(25);
    await answerWith(records(30).map((record) => ({ ...record, status: 'x'.repeat(200) })));
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await page.getByRole('checkbox', { name: /^x+/ }).check();
    await page.getByRole('combobox', { name: 'Rows per page' }).selectOption('10');
    await expect(rows(page)).toHaveCount(10);
    await expect.poll(() => query(page)).toBe('?keep=1&per_page=10');
    await element(page).evaluate((element) => element.unmount());
    expect(query(page)).toBe('?keep=1');
  });

  test('leaves alone what a host that keeps its pages in the query has written', async ({ host, page }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?view=referrals' });
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?view=referrals&role=referrer');
    await page.evaluate(() => {
      history.pushState(null, '', '?view=orders&status=open&page=2');
      document.querySelector('referral-history').unmount();
    });
    expect(query(page)).toBe('?view=orders&status=open&page=2');
  });

  test('hears nothing of the way to another page once it is taken away', async ({ host, page, told }) => {
    await host(ENTRY + ELEMENT, { address: '/host/?page=2' });
    await expect(rows(page)).toHaveCount(5);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.addEventListener('referral-history:change', () => (window.heard = true));
      // A router that listens for longer takes the page away first.
      history.replaceState(null, '', '/billing?page=1&q=acme');
      element.remove();
      dispatchEvent(new PopStateEvent('popstate'));
      return new Promise((next) => setTimeout(next, 100));
    });
    expect(await page.evaluate(() => window.heard)).toBe(undefined);
    expect(await told('change')).toEqual([]);
    expect(new URL(page.url()).pathname + query(page)).toBe('/billing?page=1&q=acme');
  });

  test('in the middle of a change ends the change', async ({ host, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    await page.evaluate(async () => {
      const element = document.querySelector('referral-history');
      const { replaceState } = history;
      history.replaceState = function (...all) {
        history.replaceState = replaceState;
        replaceState.apply(this, all);
        element.unmount();
        // By the view and by the router, say.
        element.unmount();
      };
      element.limit = 7;
      await new Promise((next) => setTimeout(next, 200));
    });
    await expect(element(page)).toHaveCount(0);
    expect(watch.events).toHaveLength(1);
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
  });

  test('one that cannot keeps no other from it', async ({ host, page, watch }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(rows(element(page).nth(place))).toHaveCount(25);
    await page.evaluate(async () => {
      const { remove } = Element.prototype;
      Element.prototype.remove = function () {
        Element.prototype.remove = remove;
        throw new Error('not now');
      };
      window.both = [...document.querySelectorAll('referral-history')];
      document.body.replaceChildren();
      await new Promise((next) => setTimeout(next, 50));
    });
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('not now')]);
    await page.evaluate(() => document.body.append(window.both[1]));
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect(rows(page)).toHaveCount(15);
    expect(watch.events).toHaveLength(3);
  });

  test('500 times leaves nothing behind', async ({ host, page }) => {
    test.setTimeout(180_000);
    await page.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (...all) => {
        const result = await instantiateStreaming(...all);
        window.memory = result.instance.exports.memory;
        return result;
      };
    });
    await host(ENTRY, { many: 100 });
    // From now on the browser itself answers, which is quicker.
    await page.unroute(EVENTS);
    await page.evaluate((items) => {
      const body = JSON.stringify({ code: 200, msg: 'ok', data: { items } });
      const { fetch } = window;
      window.fetch = (request, ...more) =>
        String(request.url ?? request).includes('/referrals/me/events') ? Promise.resolve(new Response(body)) : fetch(request, ...more);
    }, records(100));
    const devtools = await page.context().newCDPSession(page);
    const rounds = async (many) => {
      await page.evaluate(async (many) => {
        for (let round = 0; round < many; round += 1) {
          const element = document.createElement('referral-history');
          document.body.append(element);
          await element.ready;
          while (!element.shadowRoot.querySelector('tbody tr time')) await new Promise((next) => setTimeout(next));
          element.unmount();
        }
      }, many);
      for (let time = 0; time < 3; time += 1) await devtools.send('HeapProfiler.collectGarbage');
      const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
      return { nodes, jsEventListeners, memory: await page.evaluate(() => window.memory.buffer.byteLength) };
    };
    await rounds(50);
    const before = await rounds(150);
    const after = await rounds(300);
    console.log('after 200 and 500 mounts:', JSON.stringify(before), JSON.stringify(after));
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 5);
    expect(after.jsEventListeners).toBeLessThanOrEqual(before.jsEventListeners);
    expect(after.memory).toBe(before.memory);
  });
});

test.describe('when it fails to start', () => {
  const message = (page) => page.getByRole('alert').getByText('could not be shown in this browser');

  for (const [what, prepare] of Object.entries({
    'no WebAssembly': (page) => page.addInitScript(() => delete globalThis.WebAssembly),
    'a module that is blocked': (page) => page.route('**/*.wasm', (route) => route.abort()),
    'a script that is missing': (page) => page.route('**/element-*.js', (route) => route.fulfill({ status: 404, body: '' })),
    'a style sheet that is missing': (page) => page.route('**/referral-history-*.css', (route) => route.fulfill({ status: 404, body: '' })),
  })) {
    test(`${what} is said in place, and told`, async ({ host, page, watch, told }) => {
      await prepare(page);
      await host(ENTRY + ELEMENT);
      await expect(message(page)).toBeVisible();
      expect((await told('error')).map(({ detail }) => detail)).toEqual([{ kind: 'start', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
      expect(watch.events).toHaveLength(0);
      const own = watch.broken.splice(0).filter((line) => line.includes('referral-history: '));
      expect(own).toHaveLength(1);
    });
  }

  test('files that never come are waited for a minute, no longer', async ({ host, page, watch, told }) => {
    await page.clock.install();
    await page.route('**/*.wasm', () => {});
    await host(`${ENTRY}<referral-history><p>What the host wrote.</p></referral-history>`);
    await expect(element(page)).toHaveJSProperty('isConnected', true);
    await page.clock.runFor(59_000);
    await expect(page.getByText('What the host wrote.')).toBeVisible();
    await page.clock.runFor(2_000);
    await expect(message(page)).toBeVisible();
    await expect(page.getByText('What the host wrote.')).toBeHidden();
    expect((await told('error')).map(({ detail }) => detail.kind)).toEqual(['start']);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('did not come in time')]);
  });

  test('until it is there, what the host wrote stands in for it', async ({ host, page }) => {
    let send;
    await page.route('**/*.wasm', (route) => (send = () => route.continue()));
    await host(`${ENTRY}<referral-history><p>What the host wrote.</p></referral-history>`);
    await expect.poll(() => send !== undefined).toBe(true);
    await expect(page.getByText('What the host wrote.')).toBeVisible();
    await send();
    await expect(rows(page)).toHaveCount(25);
    await expect(page.getByText('What the host wrote.')).toBeHidden();
  });

  test('what failed can be put on the page again', async ({ host, page, watch }) => {
    await page.route('**/*.wasm', (route) => route.abort());
    await host(`<div id="here"></div>${ENTRY}<script type="module" src="/host/mount.js"></script>`, {
      files: { 'mount.js': "import { mount } from '/referral-history.js'; window.mount = mount; window.failed = await mount(document.getElementById('here')).then(() => null, (error) => String(error));" },
    });
    await expect(message(page)).toBeVisible();
    expect(await page.evaluate(() => window.failed)).toMatch(/Error/);
    await page.unroute('**/*.wasm');
    await element(page).evaluate((element) => {
      const { parentNode } = element;
      element.unmount();
      parentNode.append(element);
    });
    await expect(rows(page)).toHaveCount(25);
    await expect(message(page)).toHaveCount(0);
    expect(watch.events).toHaveLength(1);
    watch.broken.splice(0);
  });

  test('a panic is told once, with its message and place, and the element can be put on again', async ({ host, page, watch, told }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(rows(element(page).nth(place))).toHaveCount(25);
    await page.evaluate(provokeDefect);
    await page.getByRole('button', { name: 'Details of SECRET3' }).first().press('Enter');
    await expect(message(page)).toHaveCount(2);
    const detail = { kind: 'panic', status: null, requestId: null, retryAfter: null, creditsCharged: null };
    expect((await told('error')).map(({ detail }) => detail)).toEqual([detail, detail]);
    const lines = watch.broken.splice(0);
    expect(lines).toEqual([expect.stringMatching(/referral-history: panicked at \S+\.rs:\d+:\d+:\s+\S/)]);
    // Nothing of what was stopped goes on.
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await page.mouse.click(3, 3);
    await element(page).first().evaluate((element) => {
      element.unmount();
      document.body.append(element);
    });
    await expect(rows(page)).toHaveCount(25);
    await expect(message(page)).toHaveCount(1);
    expect(watch.events).toHaveLength(3);
    // What was stopped does nothing either when the browser clears it away.
    await page.getByRole('radio', { name: 'Referrer', exact: true }).check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    const devtools = await page.context().newCDPSession(page);
    for (let time = 0; time < 3; time += 1) await devtools.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(300);
    expect(query(page)).toBe('?role=referrer');
    expect(watch.broken).toEqual([]);
  });

  test('a host that is told of a panic may take all of them away', async ({ host, page, watch, told }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(rows(element(page).nth(place))).toHaveCount(25);
    await page.evaluate(() => {
      addEventListener('referral-history:error', () => {
        for (const element of document.querySelectorAll('referral-history')) element.unmount();
      });
    });
    await page.evaluate(provokeDefect);
    await page.getByRole('button', { name: 'Details of SECRET3' }).first().press('Enter');
    await expect(element(page)).toHaveCount(0);
    expect((await told('error')).map(({ detail }) => detail.kind)).toEqual(['panic']);
    expect(await warned(watch, 1)).toEqual([expect.stringContaining('panicked at')]);
  });

  test('an entry that does not come leaves the standalone page a sentence', async ({ page, watch }) => {
    await page.route('**/referral-history.js', (route) => route.abort());
    await page.goto('/');
    await expect(page.getByText('needs JavaScript and WebAssembly')).toBeVisible();
    watch.broken.splice(0);
  });

  test('an entry that does not come leaves what the host put there', async ({ host, page, watch }) => {
    await page.route('**/referral-history.js', (route) => route.abort());
    await host(`${ENTRY}<referral-history>It could not be loaded.</referral-history>`);
    await expect(page.getByText('It could not be loaded.')).toBeVisible();
    watch.broken.splice(0);
  });
});
