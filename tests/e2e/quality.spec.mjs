// What the page is like: at every width and in both themes, how still, and where it runs.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { violations } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

const WIDTHS = [320, 768, 1280];
const THEMES = ['light', 'dark'];
const FACES = {
  Busy: (page) => page.getByRole('table', { name: 'Referral events' }),
  'Hostile text': (page) => page.getByRole('table', { name: 'Referral events' }),
  'Broken records': (page) => page.getByRole('table', { name: 'Referral events' }),
  'From the future': (page) => page.getByRole('table', { name: 'Referral events' }),
  Empty: (page) => page.getByRole('heading', { name: 'No referrals yet' }),
  Stalled: (page) => page.getByRole('status').filter({ hasText: 'Loading' }),
  'Bad gateway': (page) => page.getByRole('heading', { name: 'The service could not answer' }),
  'Rate limited': (page) => page.getByRole('heading', { name: 'Too many requests' }),
  'Signed out upstream': (page) => page.getByRole('link', { name: 'Sign in' }),
};

/** How far the page, or any part of it, goes beyond the sides of the window. */
const beyond = (page) =>
  page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    const parts = [...deep.all('.rh, .rh > *, .rh-card, .rh-menu-list, dialog[open]')].map((part) => part.getBoundingClientRect());
    return Math.max(scrollWidth - innerWidth, ...parts.map(({ right }) => right - innerWidth), ...parts.map(({ left }) => -left));
  });

/** Accessible in both themes and at every width, and never scrolls sideways. */
async function isSound(page) {
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      expect(await beyond(page), `${width} px`).toBeLessThanOrEqual(0);
      expect(await violations(page), `${colorScheme} ${width}`).toEqual([]);
    }
  }
}

for (const [account, face] of Object.entries(FACES)) {
  test(`${account}: accessible, and never scrolls sideways`, async ({ signIn, page }) => {
    await signIn(account);
    await expect(face(page)).toBeAttached();
    await isSound(page);
  });
}

/** What a person can open or bring about on a page with rows. */
const STATES = {
  'with everything open that opens': async ({ history, page }) => {
    await history.chart.getByText('Numbers').click();
    await history.campaigns.getByRole('heading').click();
    await history.dates.selectOption('Choose dates');
    await page.setViewportSize({ width: 320, height: 900 });
    await history.filters.click();
    await expect(history.sortBy).toBeVisible();
  },
  'with filters, an order and UTC': async ({ history }) => {
    await history.role('Referrer').check();
    await history.part('Rewarded').click();
    await history.campaign.selectOption('none');
    await history.heading('Reward').getByRole('button').click();
    await history.showUtc.click();
    await expect(history.clear).toBeVisible();
  },
  'with Expiring soon pressed': async ({ history }) => {
    await history.expiringSoon.click();
    await expect(history.expiringSoon).toHaveAttribute('aria-pressed', 'true');
  },
  'with the export open': async ({ history, page }) => {
    await history.export.click();
    await expect(page.getByRole('button', { name: 'CSV for a spreadsheet' })).toBeVisible();
  },
  'with details open': async ({ history }) => {
    await history.rows.nth(1).getByRole('button').press('Enter');
    await expect(history.details).toBeVisible();
    await history.details.getByRole('button', { name: 'Copy ID' }).press('Enter');
  },
  'with nothing that matches': async ({ history, page }) => {
    await history.search.fill('x'.repeat(200));
    await expect(page.getByRole('heading', { name: 'No events match the filters' })).toBeVisible();
  },
  'after a refresh that failed': async ({ history, page }) => {
    await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 502, body: '' }));
    await history.refresh.click();
    await expect(page.getByRole('heading', { name: /^Refresh failed/ })).toBeVisible();
  },
};

for (const [state, reach] of Object.entries(STATES)) {
  test(`Busy ${state}: accessible, and never scrolls sideways`, async ({ signIn, history, page, context }) => {
    await context.grantPermissions(['clipboard-write']);
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    await reach({ history, page });
    await isSound(page);
  });
}

for (const account of ['Hostile text', 'Broken records', 'From the future']) {
  test(`${account} with everything open that opens: accessible, and never scrolls sideways`, async ({ signIn, history, page }) => {
    await signIn(account);
    await expect(history.rows.first()).toBeVisible();
    const numbers = history.chart.getByText('Numbers');
    // Where no reward has a plausible date there are none.
    if (await numbers.isVisible()) await numbers.click();
    await history.campaigns.getByRole('heading').click();
    await history.rows.nth(6).getByRole('button').press('Enter');
    await expect(history.details).toBeVisible();
    await isSound(page);
  });
}

test('no date, no status and no code is cut off at any width', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  for (const width of [320, 390, 640, 767, 768, 800, 991, 992, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = await history.table.locator('tbody td:is([data-column=created_at], [data-column=status], [data-column=code])').evaluateAll((cells) =>
      cells
        .flatMap((cell) => [cell, ...cell.querySelectorAll('*')])
        .filter((box) => box.clientWidth > 0 && box.scrollWidth > box.clientWidth)
        .map((box) => box.textContent),
    );
    expect(cut, `${width} px`).toEqual([]);
  }
});

for (const width of WIDTHS) {
  test(`a choice moves nothing, at ${width} px`, async ({ signIn, history, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    if (width < 640) await history.filters.click();
    /** Where each part stands, down to the table; the button that counts the filters may grow with its number. */
    const places = () =>
      page.locator('.rh :is(h1, h2, dt, dd, p, button, fieldset, label, input, select, table, .rh-shares, .rh-slots)').evaluateAll((all) =>
        all
          .filter((part) => part.checkVisibility() && !part.closest('tbody, nav, details, .rh-shares > *, .rh-hidden') && !/^(Clear )?[Ff]ilters/.test(part.textContent))
          .map((part, place) => [part.ariaLabel ?? `${part.className || part.tagName} ${place}`, part.tagName, part.getBoundingClientRect()])
          .map(([name, tag, { x, top, height }]) => `${name}: ${Math.round(x)} ${Math.round(top + scrollY)} ${tag === 'TABLE' ? '' : Math.round(height)}`),
      );
    const before = await places();
    const moved = {};
    for (const [what, choose] of Object.entries({
      'a role': () => history.role('Referrer').check(),
      'a status': () => history.statusChoice('Rewarded').check(),
      'Expiring soon': () => history.expiringSoon.click(),
      'a campaign': () => history.campaign.selectOption('=spring-launch'),
      'some days': () => history.dates.selectOption('Last 90 days'),
      'a search': () => history.search.fill('a'),
    })) {
      await choose();
      await expect(history.clear).toBeVisible();
      const after = (await places()).filter((place) => !before.includes(place));
      if (after.length > 0) moved[what] = after.slice(0, 3);
      await history.clear.click();
      await expect(history.clear).toHaveCount(0);
      expect(await places(), 'and cleared again').toEqual(before);
    }
    expect(moved).toEqual({});
  });
}

test('targets are at least 24 px', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?per_page=10');
  await expect(history.rows).toHaveCount(10);
  await history.chart.getByText('Numbers').click();
  await history.campaigns.getByRole('heading').click();
  await history.dates.selectOption('Choose dates');
  await history.role('Referrer').check();
  /** What is smaller, by how far from its middle a press still reaches it. */
  const small = (root) =>
    page.locator(`${root} :is(a, button, select, summary, label:has(input), input:not(label input))`).evaluateAll((all) => {
      const sizes = [];
      for (const target of all.filter((target) => target.checkVisibility({ visibilityProperty: true }))) {
        target.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = target.getBoundingClientRect();
        const reaches = (dx, dy) => target.contains(target.getRootNode().elementFromPoint(x + width / 2 + dx, y + height / 2 + dy));
        const reach = (dx, dy) => {
          let far = 0;
          while (far < 24 && reaches(dx * (far + 1), dy * (far + 1))) far += 1;
          return far;
        };
        const size = Math.min(reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)) + 1;
        sizes.push([target.ariaLabel ?? target.textContent, size]);
      }
      return { many: sizes.length, small: sizes.filter(([, size]) => size < 24) };
    });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    if (width < 640) await history.filters.click();
    const page_ = await small('.rh');
    expect(page_.many).toBeGreaterThan(45);
    expect(page_.small, `${width} px`).toEqual([]);
    await history.export.click();
    expect(await small('.rh-menu'), `${width} px`).toEqual({ many: 3, small: [] });
    await page.keyboard.press('Escape');
    await history.rows.nth(1).getByRole('button').press('Enter');
    expect(await small('dialog'), `${width} px`).toEqual({ many: 4, small: [] });
    await page.keyboard.press('Escape');
  }
});

test('nothing moves when the rows come, or when the page tries again', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    window.shift = { by: 0, parts: [] };
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        window.shift.by += value;
        window.shift.parts.push(...sources.map(({ node }) => node?.className || node?.nodeName));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const moved = {};
  for (const [account, width, rows] of [
    ['Busy', 1280, 25],
    ['Slow', 1280, 25],
    ['Busy', 390, 25],
    ['Flaky', 1280, 12],
    ['Flaky', 390, 12],
    ['Broken records', 390, 25],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    await signIn(account);
    await expect(history.rows).toHaveCount(rows, { timeout: 10_000 });
    await page.waitForTimeout(300);
    const { by, parts } = await page.evaluate(() => window.shift);
    if (by >= 0.01) moved[`${account} at ${width} px`] = `${by.toFixed(3)}: ${[...new Set(parts)]}`;
  }
  expect(moved).toEqual({});
});

/** Every place that Tab leads to, with how it shows that it has the focus. */
async function stops(page) {
  const found = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = deep.active();
      if (element === document.body) return null;
      // A choice is drawn by its label, and a figure that is a button by what covers its card.
      const drawn = [getComputedStyle(element), getComputedStyle(element, '::after'), element.closest('label') && getComputedStyle(element.closest('label'))];
      // The browser draws a ring of its own around its own button in a date input.
      const isBrowsers = element.type === 'date' && !element.matches(':focus-visible');
      const { top, bottom, left, right } = element.getBoundingClientRect();
      return {
        name: element.ariaLabel ?? (element.textContent || element.value),
        isShown: drawn.some((style) => style && style.outlineStyle === 'solid' && Number.parseFloat(style.outlineWidth) >= 2) || isBrowsers,
        isInView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
      };
    });
    if (stop === null || found.length > 150) return found;
    found.push(stop);
  }
}

for (const width of [390, 1280]) {
  test(`every stop of the keyboard is visible, at ${width} px`, async ({ signIn, history, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await signIn('Busy', '/?per_page=10&role=referrer');
    await expect(history.rows).toHaveCount(10);
    await history.chart.getByText('Numbers').click();
    await history.campaigns.getByRole('heading').click();
    if (width < 640) await history.filters.click();
    await history.dates.selectOption('Choose dates');
    await page.evaluate(() => deep.active().blur());
    await page.mouse.click(2, 2);
    const all = await stops(page);
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ isShown, isInView }) => !isShown || !isInView)).toEqual([]);
    await history.export.press('Enter');
    await page.keyboard.press('Tab');
    await history.rows.first().getByRole('button').press('Enter');
    const inside = (await stops(page)).slice(0, 4);
    expect(inside.map(({ name }) => name)).toEqual(['Close', 'Copy ID', 'Copy Code', 'Copy for support']);
    expect(inside.filter(({ isShown, isInView }) => !isShown || !isInView)).toEqual([]);
  });
}

test.describe('at 400 % zoom', () => {
  // 1280 by 1024 px at 400 %.
  test.use({ viewport: { width: 320, height: 256 } });

  test('all of it is read by scrolling down alone, and all of it works', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    expect(await beyond(page)).toBeLessThanOrEqual(0);
    await history.filters.click();
    await history.role('Referred').check();
    await expect(history.role('Referred')).toBeChecked();
    await history.export.click();
    const csv = page.getByRole('button', { name: 'CSV for a spreadsheet' });
    await csv.scrollIntoViewIfNeeded();
    await expect(csv).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await history.rows.last().getByRole('button').click();
    expect(await beyond(page)).toBeLessThanOrEqual(0);
    // The panel's own head and foot leave room for what stands between them.
    for (const part of [history.details.getByRole('paragraph').first(), history.details.getByRole('listitem').last(), history.field('Rewarded')]) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toBeInViewport({ ratio: 0.9 });
    }
    const body = await history.details.locator('.rh-details-body').evaluate((body) => body.clientHeight);
    expect(body).toBeGreaterThan(96);
    await expect(history.details.getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 });
    await expect(history.details.getByRole('button', { name: 'Copy for support' })).toBeInViewport({ ratio: 1 });
    await history.details.getByRole('button', { name: 'Close' }).click();
    await expect(history.details).toBeHidden();
  });
});

// WCAG 2.2, 1.4.12. A code may end in an ellipsis on a card: the details have the whole of it.
test('more space in text cuts nothing off, and makes nothing scroll sideways', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  // A reader's own style sheet, which no policy of ours may forbid.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-block-end: 2em !important }
    `);
    deep.one('.rh').getRootNode().adoptedStyleSheets.push(sheet);
  });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await beyond(page), `${width} px`).toBeLessThanOrEqual(0);
    const cut = await page.locator('.rh :is(button, label, label bdi, dd, dt, h1, h2, .rh-badge, .rh-badge bdi, th, td:is([data-column=created_at], [data-column=status]))').evaluateAll((all) =>
      all
        // Above cards, the headings are for assistive technology alone.
        .filter((box) => box.checkVisibility() && box.clientWidth > 1 && !(box.matches('th') && innerWidth < 768))
        .filter((box) => box.textContent !== '' && box.scrollWidth > box.clientWidth)
        .map((box) => box.textContent),
    );
    expect(cut, `${width} px`).toEqual([]);
  }
});

test('on paper: what was found, without what finds it, and nothing cut off', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?per_page=100&role=referrer');
  await expect(history.rows.first()).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  // A4 and Letter, between usual margins; and A4 on its side.
  for (const width of [680, 718, 1047]) {
    await page.setViewportSize({ width, height: 900 });
    for (const control of [history.refresh, history.export, history.search, history.dates, history.campaign, history.rowsPerPage, history.next, history.showUtc, history.clear, history.filters]) {
      await expect(control).toBeHidden();
    }
    for (const part of [page.getByRole('heading', { level: 1 }), history.figure('Credits earned').first(), history.parts.first(), history.rows.first(), history.rows.last()]) {
      await expect(part).toBeVisible();
    }
    await expect(history.heading('Date')).toBeVisible();
    await expect(page.getByText(/^Latest 100 events/)).toBeVisible();
    await expect(page.getByText('Times in Europe/Berlin')).toBeVisible();
    expect(await beyond(page), `${width} px`).toBeLessThanOrEqual(0);
    const cut = await history.table.locator('td:not([data-column=campaign])').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent));
    expect(cut, `${width} px`).toEqual([]);
  }
  // Dark text on white paper, also by whom the screen is dark; and the headings on every sheet.
  const { color, head } = await page.evaluate(() => ({
    color: getComputedStyle(deep.one('.rh')).color,
    head: getComputedStyle(deep.one('.rh-table thead')).display,
  }));
  expect(color).toBe('rgb(20, 24, 31)');
  expect(head).toBe('table-header-group');
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  const sheets = paper.match(/\/Type\s*\/Page\b(?!s)/g).length;
  expect(sheets).toBeGreaterThanOrEqual(2);
  expect(sheets).toBeLessThanOrEqual(6);
});

/** The contrast of two colours, as WCAG has it. */
const contrast = (page, one, other) =>
  page.evaluate(
    ([one, other]) => {
      const light = (color) => {
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const [a, b] = [light(one), light(other)].sort((a, b) => b - a);
      return (a + 0.05) / (b + 0.05);
    },
    [one, other],
  );

const styleOf = (locator, name, pseudo) => locator.evaluate((element, [name, pseudo]) => getComputedStyle(element, pseudo)[name], [name, pseudo]);

test('whoever prefers more contrast gets more', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  for (const colorScheme of THEMES) {
    const measured = {};
    for (const preferred of ['no-preference', 'more']) {
      await page.emulateMedia({ colorScheme, contrast: preferred, reducedMotion: 'reduce' });
      const ground = await styleOf(page.locator('body'), 'backgroundColor');
      measured[preferred] = {
        card: await contrast(page, await styleOf(page.locator('.rh-card').first(), 'borderTopColor'), ground),
        control: await contrast(page, await styleOf(history.search, 'borderTopColor'), ground),
        muted: await contrast(page, await styleOf(history.figure('In progress').nth(1), 'color'), ground),
      };
    }
    for (const part of ['card', 'control', 'muted']) expect(measured.more[part], `${part}, ${colorScheme}`).toBeGreaterThan(measured['no-preference'][part]);
    expect(measured.more.card).toBeGreaterThanOrEqual(3);
    expect(measured.more.control).toBeGreaterThanOrEqual(4.5);
    expect(measured.more.muted).toBeGreaterThanOrEqual(7);
  }
});

test('in forced colours nothing is told by a colour that is gone', async ({ signIn, history, page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await signIn('Busy', '/?status=rewarded');
  await expect(history.rows.first()).toBeVisible();
  // A choice that is made differs from the others; the parts of the bar have edges, and patterns of their own.
  const chip = (name) => history.statusChoice(name).locator('xpath=..');
  expect(await styleOf(chip('Rewarded'), 'backgroundColor')).not.toBe(await styleOf(chip('Failed'), 'backgroundColor'));
  for (const part of await history.parts.all()) expect(await styleOf(part, 'borderTopStyle')).toBe('solid');
  const grounds = await history.parts.evaluateAll((parts) => parts.map((part) => getComputedStyle(part).background));
  for (const [place, ground] of grounds.entries()) expect(ground).not.toBe(grounds[place + 1]);
  const bar = history.chart.locator('.rh-column').first();
  expect(await styleOf(bar, 'backgroundColor')).not.toBe(await styleOf(page.locator('body'), 'backgroundColor'));
  await history.rows.first().getByRole('button').press('Enter');
  const filled = await styleOf(history.details.getByRole('listitem').first(), 'backgroundColor', '::before');
  expect(filled).not.toBe(await styleOf(history.details, 'backgroundColor'));
  expect(await violations(page)).toEqual([]);
});

test('whoever prefers less motion gets none', async ({ signIn, history, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1280, height: 900 });
  await signIn('Slow');
  await expect(history.rows).toHaveCount(25, { timeout: 10_000 });
  await history.refresh.click();
  await expect(history.table).toHaveAttribute('aria-busy', 'true');
  const moving = () =>
    page.locator('.rh *').evaluateAll((all) =>
      all.flatMap((element) =>
        [null, '::before', '::after', '::backdrop'].filter((pseudo) => {
          const { transitionDuration, animationName } = getComputedStyle(element, pseudo);
          return animationName !== 'none' || transitionDuration.split(', ').some((duration) => duration !== '0s');
        }).map((pseudo) => `${element.className} ${pseudo ?? ''}`),
      ),
    );
  expect(await moving()).toEqual([]);
  await history.rows.first().getByRole('button').press('Enter');
  expect(await moving()).toEqual([]);
  // Elsewhere something moves, but nothing for long.
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect((await moving()).length).toBeGreaterThan(0);
  const longest = await page.locator('.rh *').evaluateAll((all) => Math.max(...all.flatMap((element) => getComputedStyle(element).transitionDuration.split(', ').map(Number.parseFloat))));
  expect(longest).toBeLessThanOrEqual(0.2);
});

test('a table is a table to assistive technology at every width', async ({ signIn, history, page }) => {
  await signIn('A few');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect(history.rows).toHaveCount(7);
    await expect(history.table.getByRole('columnheader')).toHaveCount(7);
    await expect(history.rows.first().getByRole('cell')).toHaveCount(7);
    await expect(history.heading('Date')).toHaveAttribute('aria-sort', 'none');
  }
});

test('each file is asked for once', async ({ signIn, history, page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const files = asked.slice(asked.lastIndexOf('/')).filter((file) => file !== '/favicon.ico');
  expect(files.some((file) => file.endsWith('.wasm'))).toBe(true);
  expect(files).toEqual([...new Set(files)]);
});

test('the build runs below any path', async ({ page }) => {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname.startsWith('/api/')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end('{"code":200,"msg":"ok","data":{"items":[{"code":"BELOW"}]}}');
    }
    const file = pathname.replace('/some/where/', '') || 'index.html';
    try {
      const body = await readFile(path.join(process.env.DIST, path.basename(file)));
      response.writeHead(200, { 'content-type': types[path.extname(file)] });
      return response.end(body);
    } catch {
      response.writeHead(404);
      return response.end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  // Another server is another origin than the console's, and the watch over this page is for that
  // one: this is a page of its own.
  await page.goto('/');
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${server.address().port}/some/where/`);
  await expect(other.getByRole('cell', { name: 'BELOW', exact: true })).toBeVisible();
  await other.close();
  server.closeAllConnections();
  server.close();
});

test('a browser without WebAssembly is told so', async ({ page, watch }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto('/');
  await expect(page.getByText('The referral history could not be shown in this browser.')).toBeVisible();
  // The error is reported, once, for whoever looks.
  expect(watch.broken.splice(0)).toHaveLength(1);
});
