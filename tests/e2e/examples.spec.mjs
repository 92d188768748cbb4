// The element in other hosts than its own page: each of examples/, as built.
import { violations } from './axe.mjs';
import { expect, History, post, test } from './fixtures.mjs';

const FRAMEWORKS = ['angular', 'react', 'react-18', 'solid', 'svelte', 'vue'];
const HOSTS = ['html', 'leptos', ...FRAMEWORKS];
// One of each way to have the element, where frameworks do not differ.
const WAYS = ['html', 'leptos', 'react'];

if (!process.env.EXAMPLES) throw new Error('The examples are not built: `cargo xtask test --only e2e` builds them.');

/** What surrounds the history in each of the hosts. */
const around = (page) => ({
  theme: page.getByRole('combobox', { name: 'Theme' }),
  language: page.getByRole('combobox', { name: 'Language' }),
  told: page.getByRole('log', { name: 'Events' }).getByRole('listitem'),
});

/** How all of the history looks that a document may reach for: what it is, and its computed style. */
function looks(page) {
  return page.evaluate(() => {
    const names = [
      'background-color',
      'border-block-end-color',
      'border-block-end-style',
      'box-sizing',
      'color',
      'cursor',
      'direction',
      'display',
      'font-family',
      'font-size',
      'font-style',
      'font-weight',
      'letter-spacing',
      'line-height',
      'opacity',
      'text-align',
      'text-indent',
      'text-transform',
      'visibility',
      'white-space',
      'word-spacing',
    ];
    return deep.all('.rh, .rh *').map((element) => {
      const style = getComputedStyle(element);
      return [element.localName, ...names.map((name) => `${name}: ${style.getPropertyValue(name)}`)].join('; ');
    });
  });
}

const colour = (locator) => locator.evaluate((element) => getComputedStyle(element).color);

for (const host of HOSTS) {
  test.describe(`in ${host}`, () => {
    test('one view is one request, however the host mounts it', async ({ signInByHand, history, page, watch }) => {
      await signInByHand('A few', `/examples/${host}/`);
      await expect(history.rows).toHaveCount(7);
      await history.shows(await history.records());
      // What would come late: a second one from an effect that was begun twice.
      await page.waitForTimeout(500);
      expect(watch.requests).toHaveLength(1);
      const usage = await page.request.get('/demo/usage');
      expect(await usage.json()).toEqual({ account: 'few', requests: 1, credits: 1 });
    });

    test('the theme, the language and the width follow the host, and ask nothing', async ({ signIn, history, page, watch }) => {
      await page.emulateMedia({ colorScheme: 'light' });
      await signIn('A few', `/examples/${host}/`);
      await expect(history.rows).toHaveCount(7);
      const { theme, language } = around(page);
      const light = await colour(history.table);
      await theme.selectOption('dark');
      await expect.poll(() => colour(history.table)).not.toBe(light);
      await theme.selectOption('light');
      await expect.poll(() => colour(history.table)).toBe(light);

      await language.selectOption('de');
      await expect(page.getByRole('table', { name: 'Empfehlungen' })).toBeVisible();
      await language.selectOption('ar');
      await expect.poll(() => page.evaluate(() => getComputedStyle(deep.one('.rh table')).direction)).toBe('rtl');
      await language.selectOption('en');
      await expect(history.rows).toHaveCount(7);
      // On a phone nothing scrolls sideways.
      await page.setViewportSize({ width: 320, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(watch.requests).toHaveLength(1);
    });
  });
}

for (const host of WAYS) {
  test(`whoever is not signed in is led from ${host} to signing in, and back`, async ({ history, page }) => {
    await page.goto(`/examples/${host}/`);
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'A few', exact: true }).click();
    await page.waitForURL(`**/examples/${host}/`);
    await expect(history.rows).toHaveCount(7);
  });
}

for (const host of FRAMEWORKS) {
  test(`${host} sets the options under their names, and hears what happens`, async ({ signIn, history, page }) => {
    await signIn('A few', `/examples/${host}/`);
    await expect(history.rows).toHaveCount(7);
    if (host === 'react') await page.getByRole('button', { name: 'Referrals, as an element' }).click();
    await expect(history.rows).toHaveCount(7);
    const options = { 'api-base': '/api/v1', 'page-size': '10', theme: 'system', lang: 'en' };
    const attributes = await page.locator('referral-history').evaluate((element) => Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])));
    expect(attributes).toEqual(options);
    const { told } = around(page);
    await expect(told.first()).toHaveText(/^referral-history:load \{"count":7,/);
    await history.role('Referrer').check();
    await expect(told.first()).toHaveText('referral-history:change {"role":"referrer"}');
  });
}

test('the sign-in page leads to each of them', async ({ page }) => {
  await page.goto('/sign-in');
  const examples = page.getByRole('navigation', { name: 'Examples of other hosts' });
  const hosts = [...HOSTS].sort();
  await expect(examples.getByRole('listitem')).toHaveCount(hosts.length);
  await expect(examples.getByRole('link')).toHaveText(hosts.flatMap((host) => [host, 'With its event log']));
  // Each with a snippet of how it has the element.
  for (const code of await examples.locator('pre').all()) await expect(code).toContainText(/<referral-history|<ReferralHistory /);
  await examples.getByRole('link', { name: 'html', exact: true }).click();
  await page.waitForURL('**/examples/html/');
});

for (const host of WAYS) {
  test(`the log beside ${host} shows what the element tells, as it happens`, async ({ page, watch }) => {
    // From the index, where nobody is signed in yet.
    await page.goto('/sign-in');
    await page.getByRole('link', { name: `${host} with its event log` }).click();
    await page.getByRole('button', { name: 'A few', exact: true }).click();
    await page.waitForURL(`**/sign-in/examples/${host}`);

    const history = new History(page.frameLocator('iframe'));
    const told = page.getByRole('log', { name: 'Event log' }).getByRole('listitem');
    // The program of the Leptos example is large, and two pages are loaded here.
    await expect(history.rows).toHaveCount(7, { timeout: 15_000 });
    await expect(told).toHaveText([/^\d\d:\d\d:\d\d referral-history:load \{"count":7,"requestId":"[^"]+","creditsCharged":1\}$/]);
    await history.role('Referrer').check();
    await expect(told).toHaveCount(2);
    await expect(told.first()).toContainText('referral-history:change {"role":"referrer"}');
    // The choice is in the address of the frame.
    await expect(page).toHaveURL(new RegExp(`/sign-in/examples/${host}$`));
    expect(watch.requests).toHaveLength(1);

    await post(page, '/sign-out');
    await history.refresh.click();
    await expect(told).toHaveCount(3);
    await expect(told.first()).toContainText('referral-history:unauthorized {"kind":"not_signed_in","status":401,');
    // A link that leads out of the example does not stay in the frame.
    await history.signInLink.click();
    await page.waitForURL('**/sign-in?return=*');
    expect(page.frames()).toHaveLength(1);
  });
}

test('the log shows a failure, and an example that is loaded anew', async ({ signIn, page }) => {
  await signIn('Not allowed', '/sign-in/examples/html');
  const told = page.getByRole('log', { name: 'Event log' }).getByRole('listitem');
  await expect(told).toHaveCount(1);
  await expect(told).toContainText('referral-history:error {"kind":"not_allowed","status":403,');
  await page.frames()[1].evaluate(() => void setTimeout(() => location.reload(), 100));
  await expect(told).toHaveCount(2);
});

for (const colorScheme of ['light', 'dark']) {
  test(`an example with its log: accessible in ${colorScheme}, and never scrolls sideways`, async ({ signIn, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await signIn('A few', '/sign-in/examples/react');
    const told = page.getByRole('log', { name: 'Event log' }).getByRole('listitem');
    await expect(told).toHaveCount(1);
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${width} px`).toBeLessThanOrEqual(0);
      expect(await violations(page), `${width} px`).toEqual([]);
    }
  });
}

test('the pages in the console\'s frames may be framed by it alone', async ({ page }) => {
  await page.goto('/sign-in');
  const policy = async (path) => (await page.request.get(path)).headers()['content-security-policy'];
  for (const path of ['/examples/html/', '/sign-in/preview/frame']) expect(await policy(path)).toContain("frame-ancestors 'self'");
  await post(page, '/sign-in', { account: 'few', return: '/' });
  for (const path of ['/', '/sign-in', '/sign-in/preview', '/sign-in/examples/html']) expect(await policy(path)).toContain("frame-ancestors 'none'");
});

test('a host whose styles undo everything changes nothing in the element', async ({ signIn, history, page }) => {
  // Nothing is on its way from one colour to another, and the mouse is on nothing.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signIn('Busy');
  await page.mouse.move(0, 0);
  await expect(history.rows).toHaveCount(25);
  // The chart comes after the rows.
  await expect(history.bars.first()).toBeVisible();
  const alone = await looks(page);
  await page.goto('/examples/html/');
  await expect(history.rows).toHaveCount(25);
  await expect(history.table).toBeVisible();
  await expect(history.bars.first()).toBeVisible();
  // The host means it: its own tables and buttons are hidden.
  const own = await page.evaluate(() => {
    const table = document.body.appendChild(document.createElement('table'));
    const { display, color } = getComputedStyle(table);
    table.remove();
    return [display, color];
  });
  expect(own).toEqual(['none', 'rgb(255, 0, 0)']);
  const embedded = await looks(page);
  expect(embedded.length).toBeGreaterThan(500);
  expect(embedded).toEqual(alone);
});

test('a plain host hears what happens, and nothing of what is in a record', async ({ signIn, history, page }) => {
  await signIn('A few', '/examples/html/');
  const { told } = around(page);
  await expect(told).toHaveText([/^referral-history:load \{"count":7,"requestId":"[^"]+","creditsCharged":1\}$/]);
  await history.role('Referrer').check();
  await expect(told.first()).toHaveText('referral-history:change {"role":"referrer"}');
  await expect(page).toHaveURL(/\/examples\/html\/\?role=referrer$/);
});

test('a plain host hears that nobody is signed in', async ({ page }) => {
  await page.goto('/examples/html/');
  await expect(around(page).told).toHaveText([/^referral-history:unauthorized \{"kind":"not_signed_in","status":401,/]);
});

test('React takes it away and brings it back: what it asked stays one request a view', async ({ signIn, history, page, watch }) => {
  await signIn('A few', '/examples/react/');
  await expect(history.rows).toHaveCount(7);
  await history.role('Referrer').check();
  await expect(page).toHaveURL(/\?role=referrer$/);

  await page.getByRole('button', { name: 'Overview' }).click();
  await expect(page.locator('referral-history')).toHaveCount(0);
  await expect(history.table).toHaveCount(0);
  // The address is the host's.
  await expect(page).toHaveURL(/\/examples\/react\/\?role=referrer$/);
  expect(watch.requests).toHaveLength(1);

  await page.getByRole('button', { name: 'Referrals', exact: true }).click();
  await expect(history.role('Referrer')).toBeChecked();
  await history.role('All').check();
  await expect(history.rows).toHaveCount(7);
  expect(watch.requests).toHaveLength(2);
  await page.getByRole('button', { name: 'Referrals, as an element' }).click();
  await expect(history.rows).toHaveCount(7);
  await expect(page.locator('referral-history')).toHaveCount(1);
  await page.waitForTimeout(500);
  expect(watch.requests).toHaveLength(3);
  await expect(around(page).told).toHaveText([/:load /, /:change /, /:load /, /:change /, /:load /]);
});

test('React that leaves at once has asked nothing, or ended what it asked', async ({ signIn, page, watch }) => {
  await signIn('Slow', '/examples/react/');
  await expect.poll(() => watch.requests.length).toBe(1);
  await page.getByRole('button', { name: 'Overview' }).click();
  await expect(page.locator('referral-history')).toHaveCount(0);
  await expect.poll(() => watch.requests[0].failure()?.errorText).toBe('net::ERR_ABORTED');
  // Begun and ended before anything of it could be loaded.
  await page.evaluate(() => {
    const [overview, referrals] = document.querySelectorAll('nav button');
    referrals.click();
    overview.click();
  });
  await page.waitForTimeout(500);
  expect(watch.requests).toHaveLength(1);
});

test('Leptos takes it away and brings it back', async ({ signIn, history, page, watch }) => {
  await signIn('A few', '/examples/leptos/');
  await expect(history.rows).toHaveCount(7);
  const toggle = page.getByRole('button', { name: 'Referrals', exact: true });
  await history.role('Referrer').check();
  await expect(page).toHaveURL(/\?role=referrer$/);
  await toggle.click();
  await expect(history.table).toHaveCount(0);
  expect(await page.evaluate(() => deep.all('.rh').length)).toBe(0);
  await expect(page).toHaveURL(/\/examples\/leptos\/\?role=referrer$/);
  expect(watch.requests).toHaveLength(1);
  await toggle.click();
  await expect(history.role('Referrer')).toBeChecked();
  expect(watch.requests).toHaveLength(2);
  await expect(page.getByRole('status').filter({ hasText: /^2$/ })).toBeVisible();
});
