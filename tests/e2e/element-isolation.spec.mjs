// The element and its host leave each other alone: policy, styles, shadow roots, frames, other elements.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, historyIn, POLICY, query, records, takeWarnings, test } from './host.mjs';

test('it shows the page under the strict policy, with trusted types, and asks once', async ({ host, history, page, watch, received }) => {
  await host(ENTRY + ELEMENT, { headers: { 'x-request-id': 'req_1' } });
  await expect(history.rows).toHaveCount(25);
  // What makes elements, opens, saves and copies must not need what trusted types forbid.
  await history.detailsOf('SECRET3').press('Enter');
  await expect(history.details).toBeVisible();
  await page.keyboard.press('Escape');
  await history.role('Referrer').check();
  await history.tab('Campaigns').click();
  await history.export.click();
  await Promise.all([page.waitForEvent('download'), history.csv.click()]);
  expect(watch.requests).toHaveLength(1);
  expect(await received('load')).toEqual([{ name: 'load', detail: { count: 30, requestId: 'req_1', creditsCharged: 1 }, tag: 'REFERRAL-HISTORY', cancelable: false, composed: true }]);
});

test('the standalone page needs no more either', async ({ history, page, answerWith, watch }) => {
  await answerWith(records(30));
  const response = await page.goto('/');
  expect(response.headers()['content-security-policy']).toBe(POLICY);
  await expect(history.rows).toHaveCount(25);
  await history.detailsOf('SECRET3').press('Enter');
  await expect(history.details).toBeVisible();
  expect(watch.requests).toHaveLength(1);
});

const HOSTILE = `
  * { all: unset; color: red !important; font: 40px/2 cursive !important; text-transform: uppercase !important; letter-spacing: 1em !important; text-align: right !important; direction: rtl }
  html { font-size: 62.5% }
  table, dialog, button, svg, input, [role] { display: none !important }
  .rh, .rh-card, .rh-table { display: none !important }
`;

test('no style of the page goes out', async ({ host, history, page }) => {
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
  await expect(history.rows).toHaveCount(25);
  expect(await outside()).toEqual(before);
});

test('nothing of the page comes before what the host has above it, or out of what the host scrolls', async ({ host, history, page }) => {
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
  await expect(history.rows).toHaveCount(25);
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

test('no style of the host comes in', async ({ host, history, page }) => {
  // Nothing is on its way from one colour to another.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await host(ENTRY + ELEMENT);
  // All but the rows comes a moment after them.
  const isDrawn = async () => {
    await expect(history.rows).toHaveCount(25);
    await expect(page.locator('[part=chart]:not([data-pending])')).toHaveCount(1);
  };
  await isDrawn();
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
  await isDrawn();
  expect(await looks()).toEqual(before);
});

test('a host themes it by custom properties and parts', async ({ host, history, page }) => {
  await host(`<link rel="stylesheet" href="/host/theme.css">${ENTRY}${ELEMENT}`, {
    files: {
      'theme.css': `
        referral-history { --rh-accent: rgb(1, 2, 3); --rh-radius: 0px; --rh-font: monospace; --rh-row: 60px; --rh-space: 8px; --rh-background: rgb(250, 240, 230) }
        referral-history::part(title) { color: rgb(9, 8, 7) }
      `,
    },
  });
  await expect(history.rows).toHaveCount(25);
  const style = (selector, name) => page.locator(selector).first().evaluate((part, name) => getComputedStyle(part)[name], name);
  expect(await style('.rh-title', 'color')).toBe('rgb(9, 8, 7)');
  expect(await style('.rh-card', 'borderTopLeftRadius')).toBe('0px');
  expect(await style('.rh-card', 'backgroundColor')).toBe('rgb(250, 240, 230)');
  expect(await style('.rh', 'fontFamily')).toBe('monospace');
  expect(await style('.rh-segment:has(:checked)', 'backgroundColor')).toBe('rgb(1, 2, 3)');
  expect((await history.rows.first().boundingBox()).height).toBeGreaterThanOrEqual(60);
});

test('several on a page are each their own', async ({ host, page, watch }) => {
  await host(`${ENTRY}<referral-history url-sync="a-"></referral-history><referral-history url-sync="b-"></referral-history><referral-history url-sync="b-"></referral-history>`);
  for (const place of [0, 1, 2]) await expect(historyIn(element(page).nth(place)).rows).toHaveCount(25);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('url-sync "b-"')]);
  for (const [place, role] of [[0, 'Referrer'], [1, 'Referred'], [2, 'Referrer']]) await element(page).nth(place).getByRole('radio', { name: role, exact: true }).check();
  await expect.poll(() => query(page)).toBe('?a-role=referrer&b-role=referred');
  // In its shadow root an id is its own.
  const roots = await element(page).evaluateAll((elements) => elements.map(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[id]')].map(({ id }) => id)));
  for (const ids of roots) expect(new Set(ids).size, ids.join()).toBe(ids.length);
  expect(watch.requests).toHaveLength(3);
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
    // It comes after the rows.
    await expect.poll(() => inner((root) => root.querySelectorAll('.rh-menu-button').length)).toBe(1);
    await inner((root) => root.querySelector('.rh-menu-button').click());
    await expect.poll(() => inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(4);
    // A press in the menu is none outside of it.
    const box = await inner((root) => root.querySelector('.rh-menu-list p').getBoundingClientRect().toJSON());
    await page.mouse.click(box.x + 5, box.y + 5);
    expect(await inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(4);
    await page.mouse.click(2, 2);
    await expect.poll(() => inner((root) => root.querySelectorAll('.rh-menu-item').length)).toBe(0);
    expect(watch.requests).toHaveLength(1);
  });
}

test('in a frame that has no address of its own, it is at home where its document is', async ({ host, page, watch }) => {
  await host(`<iframe title="History" srcdoc='<!doctype html><html lang="en">${ENTRY}${ELEMENT}</html>' width="900"></iframe>`, { policy: `${POLICY}; frame-src 'self'` });
  await expect(historyIn(page.frameLocator('iframe')).rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(1);
});

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
    // As docs/embed.md has it.
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
  await expect(historyIn(frame).rows).toHaveCount(25);
  // The host has a choice of its own, or none.
  await expect(frame.getByRole('combobox', { name: 'Language' })).toHaveCount(0);
  const last = () => page.evaluate(() => window.heights.at(-1));
  await expect.poll(async () => (await last())?.height).toBeGreaterThan(1000);
  expect(await last()).toEqual({ type: 'referral-history:height', height: expect.any(Number), origin: new URL(page.url()).origin });
  // The frame is as high as the page, then and when the page has become lower.
  const heights = async () => [await page.locator('iframe').evaluate((frame) => frame.clientHeight), await frame.locator('main').evaluate((main) => Math.ceil(main.getBoundingClientRect().height))];
  const [height, within] = await heights();
  expect(height).toBe(within);
  await historyIn(frame).rowsPerPage.selectOption('10');
  await expect.poll(async () => (await heights())[0]).toBeLessThan(height - 300);
  const [lower, lowerWithin] = await heights();
  expect(lower).toBe(lowerWithin);
  expect(watch.requests).toHaveLength(1);
});
