// The element's options: what each changes, and what it costs.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, EVENTS, POLICY, query, records, set, takeWarnings, test } from './host.mjs';

test('change live, and what is only shown otherwise asks nothing again', async ({ host, history, page, watch, received }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
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
  const steps = await page.evaluate(() => window.history.length);
  await set(page, 'page-size', '10');
  await expect(history.rows).toHaveCount(10);
  expect(query(page)).toBe('');
  // It was the host that chose: no step of the user's, and nothing to tell the host.
  expect(await page.evaluate(() => window.history.length)).toBe(steps);
  expect(await received('change')).toEqual([]);
  await element(page).evaluate((element) => (element.pageSize = null));
  await expect(history.rows).toHaveCount(25);
  await set(page, 'url-sync', 'rh-');
  await history.role('Referrer').check();
  await expect.poll(() => query(page)).toBe('?rh-role=referrer');
  await set(page, 'url-sync', 'on');
  await expect.poll(() => query(page)).toBe('?role=referrer');
  await set(page, 'url-sync', 'off');
  await expect.poll(() => query(page)).toBe('');
  await expect(history.rows).toHaveCount(15);
  expect(watch.requests).toHaveLength(1);
});

test('what is asked for otherwise is asked once, however many of them change', async ({ host, history, page, watch }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await history.role('Referred').check();
  await element(page).evaluate((element) => {
    element.limit = 7;
    element.apiBase = '/api/v1/';
    element.theme = 'dark';
  });
  await expect.poll(() => watch.requests.length).toBe(2);
  expect(new URL(watch.requests[1].url()).search).toBe('?limit=7');
  // What the user chose stays.
  await expect(history.role('Referred')).toBeChecked();
  await expect(history.rows).toHaveCount(15);
  expect(query(page)).toBe('?role=referred');
  await element(page).evaluate((element) => (element.limit = '7'));
  await page.waitForTimeout(200);
  expect(watch.requests).toHaveLength(2);
  // What is only shown otherwise is heeded, too, when it comes along.
  await element(page).evaluate((element) => {
    element.limit = 8;
    element.pageSize = 10;
  });
  await expect.poll(() => watch.requests.length).toBe(3);
  await expect(history.rows).toHaveCount(10);
  expect(query(page)).toBe('?role=referred');
});

test('what cannot be is the default, and is told once by name', async ({ host, history, page, watch }) => {
  await host(`${ENTRY}<referral-history limit="0" page-size="7" theme="blue" url-sync="a&b" sign-in-url="javascript:alert(1)"></referral-history>`);
  await expect(history.rows).toHaveCount(25);
  expect(new URL(watch.requests[0].url()).search).toBe('?limit=100');
  const warnings = await takeWarnings(watch, 5);
  for (const name of ['limit "0"', 'page-size "7"', 'theme "blue"', 'url-sync "a&b"', 'sign-in-url "javascript:alert(1)"']) {
    expect(warnings.filter((warning) => warning.includes(name)), name).toHaveLength(1);
  }
  await set(page, 'lang', 'de');
  await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
  expect(watch.problems).toEqual([]);
});

test('properties that were set before the element was one count', async ({ host, history, page }) => {
  await host(`${ELEMENT}<script src="/host/early.js"></script>${ENTRY}`, { files: { 'early.js': "document.querySelector('referral-history').pageSize = 10;" } });
  await expect(history.rows).toHaveCount(10);
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
  await page.evaluate(() => (document.querySelector('section:last-of-type').lang = 'en'));
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'en');
  // Through shadow roots, too, from where the element now is.
  await page.evaluate(() => {
    const outer = document.createElement('div');
    document.body.append(outer);
    const inner = document.createElement('div');
    outer.attachShadow({ mode: 'open' }).append(inner);
    const middle = document.createElement('section');
    inner.attachShadow({ mode: 'open' }).append(middle);
    outer.lang = 'ar';
    middle.append(document.querySelector('referral-history'));
    window.around = { outer, middle };
  });
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'ar');
  await page.evaluate(() => (window.around.outer.lang = 'de'));
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'de');
  await page.evaluate(() => (window.around.middle.lang = 'ar'));
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'ar');
  // The element's own comes first.
  await page.locator('referral-history').evaluate((element) => (element.lang = 'de'));
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'de');
  await page.evaluate(() => (window.around.middle.lang = 'en'));
  await expect(page.locator('.rh')).toHaveAttribute('lang', 'de');
  expect(watch.requests).toHaveLength(1);
});

test('a host has a place for its own next step where there are no referrals', async ({ host, history, page }) => {
  const own = '<a slot="empty" href="/host/share">Share your code</a>';
  const content = `<p>Loading</p>${own}`;
  const files = { 'host.css': 'a { font-size: 30px; color: rgb(1, 2, 3); }' };
  await host(`<link rel="stylesheet" href="/host/host.css">${ENTRY}<referral-history>${content}</referral-history>`, { many: 0, files });
  await expect(page.getByRole('heading', { name: 'No referrals yet' })).toBeVisible();
  const link = page.getByRole('link', { name: 'Share your code' });
  await expect(page.getByText('Loading', { exact: true }).and(page.locator('p:not([role])'))).toBeHidden();
  await expect(link).toBeVisible();
  // The host's own styles hold for it; what they leave open is the page's.
  expect(await link.evaluate((link) => [getComputedStyle(link).fontSize, getComputedStyle(link).color])).toEqual(['30px', 'rgb(1, 2, 3)']);
  const fonts = await page.evaluate(() => [document.querySelector('a'), deep.one('.rh')].map((element) => getComputedStyle(element).fontFamily));
  expect(fonts[0]).toBe(fonts[1]);
  expect(await link.evaluate((link) => link.getBoundingClientRect().top - deep.one('.rh-nothing p').getBoundingClientRect().bottom)).toBeGreaterThanOrEqual(16);
  await set(page, 'limit', '5');
  await page.route(EVENTS, (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: records(3) } } }));
  await history.refresh.click();
  await expect(history.rows).toHaveCount(3);
  await expect(link).toBeHidden();
});

test('another origin is not asked unless the host names it', async ({ host, history, page, watch, received }) => {
  const asked = [];
  const origin = 'https://api.example';
  await page.route(`${origin}/**`, (route) => {
    asked.push(new URL(route.request().url()));
    const headers = { 'access-control-allow-origin': new URL(page.url()).origin, 'access-control-allow-credentials': 'true', 'content-type': 'application/json' };
    route.fulfill({ headers, body: JSON.stringify({ code: 200, msg: 'ok', data: { items: records(3) } }) });
  });
  await host(`${ENTRY}<referral-history api-base="${origin}/api"></referral-history>`, { policy: POLICY.replace("connect-src 'self'", `connect-src 'self' ${origin}`) });
  await expect(page.getByRole('heading', { name: 'The page is not set up' })).toBeVisible();
  expect((await received('error')).map(({ detail }) => detail)).toEqual([{ kind: 'other_origin', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('is on another origin')]);
  // Another than the one that is named is as bad as any.
  await set(page, 'api-origin', 'https://other.example');
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('is on another origin')]);
  expect(asked).toEqual([]);
  await set(page, 'api-origin', origin);
  await expect(history.rows).toHaveCount(3);
  expect(asked.map(({ pathname, search }) => pathname + search)).toEqual(['/api/referrals/me/events?limit=100']);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('asked another origin')]);
});

test('the base of the document, and what names no origin, allow none', async ({ host, history, page, watch, received }) => {
  const asked = [];
  await page.route('https://cdn.example/**', (route) => {
    asked.push(route.request().url());
    route.abort();
  });
  const policy = POLICY.replace("connect-src 'self'", "connect-src 'self' https://cdn.example").replace("base-uri 'none'", 'base-uri https://cdn.example');
  const entry = '<script type="module" src="/host/entry.js"></script><base href="https://cdn.example/">';
  await host(entry + ELEMENT, { policy, files: { 'entry.js': "import '/referral-history.js';" } });
  await expect.poll(async () => (await received('error')).map(({ detail }) => detail.kind)).toEqual(['other_origin']);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('api-base "/api/v1" is on another origin')]);
  for (const nothing of ['yes', '/', 'https://']) {
    await set(page, 'api-origin', nothing);
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining(`api-origin ${JSON.stringify(nothing)} is not an origin`)]);
  }
  // Where the API is on the page's own origin, so is the page to sign in.
  await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
  const { origin } = new URL(page.url());
  await set(page, 'api-base', `${origin}/api/v1`);
  await expect(history.signInLink).toHaveAttribute('href', new RegExp(`^${origin}/sign-in\\?return=`));
  // And what is chosen stands in the address of the page.
  await page.route(EVENTS, (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: records(3) } } }));
  await expect(history.tryAgain).toHaveCount(0);
  await element(page).evaluate((element) => element.refresh());
  await history.role('Referrer').check();
  await expect.poll(() => page.url()).toBe(`${origin}/host/?role=referrer`);
  expect(asked).toEqual([]);
});

test('the way to sign in leads to this origin only, and comes back', async ({ host, history, page, watch }) => {
  await host(`${ENTRY}<referral-history sign-in-url="/login?from=console"></referral-history>`, { address: '/host/?keep=1&role=referred#here' });
  await expect(history.rows.first()).toBeVisible();
  await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '{"code":401,"msg":"Authentication required"}' }));
  await history.refresh.click();
  const link = history.signInLink;
  await expect(link).toHaveAttribute('href', `/login?from=console&return=${encodeURIComponent('/host/?keep=1&role=referred#here')}`);
  for (const bad of ['javascript:alert(1)', 'https://evil.example/login', '//evil.example/login', '/\\evil.example', 'data:text/html,x', 'http://']) {
    await set(page, 'sign-in-url', bad);
    await expect(link).toHaveAttribute('href', /^\/sign-in\?return=/);
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('sign-in-url')]);
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
  test(`the way to sign in comes back to where the host has gone meanwhile, ${how}`, async ({ host, history, page }) => {
    await page.route('**/sign-in?*', (route) => route.fulfill({ contentType: 'text/html', body: 'Sign in' }));
    await host(ENTRY + ELEMENT);
    await expect(history.rows.first()).toBeVisible();
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
    await history.refresh.click();
    const link = history.signInLink;
    await expect(link).toBeVisible();
    await page.evaluate(() => window.history.pushState(null, '', '/elsewhere?tab=2'));
    await use(link);
    await page.waitForURL('**/sign-in?return=%2Felsewhere%3Ftab%3D2');
  });
}
