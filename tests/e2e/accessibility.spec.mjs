// What axe-core finds in every state of the page, and what people rely on who use a keyboard, more contrast,
// forced colours or less motion.
import { violations } from './axe.mjs';
import { expect, test } from './fixtures.mjs';
import { WIDTHS, beyond } from './layout.mjs';

const THEMES = ['light', 'dark'];

/** What the page shows to an account. */
const ACCOUNTS = {
  Busy: (page) => page.getByRole('table', { name: 'Referrals' }),
  'Hostile text': (page) => page.getByRole('table', { name: 'Referrals' }),
  'Broken records': (page) => page.getByRole('table', { name: 'Referrals' }),
  'From the future': (page) => page.getByRole('table', { name: 'Referrals' }),
  Empty: (page) => page.getByRole('heading', { name: 'No referrals yet' }),
  Stalled: (page) => page.getByRole('paragraph').filter({ hasText: 'Still loading…' }),
  'Bad gateway': (page) => page.getByRole('heading', { name: 'We couldn’t load your referrals' }),
  'Rate limited': (page) => page.getByRole('heading', { name: 'Too many requests' }),
  'Signed out upstream': (page) => page.getByRole('link', { name: 'Sign in' }),
  'Not allowed': (page) => page.getByRole('heading', { name: 'You are not allowed to see this' }),
};

/**
 * Pairs of a theme and a width that have each theme and each width. The states take turns, so that what is there at
 * one width only is seen in both themes.
 */
function pairsOf(state) {
  const [one, other] = state % 2 ? THEMES : [...THEMES].reverse();
  return [[one, 320], [one, 768], [other, 1280]];
}

/** Accessible in both themes, and never scrolls sideways. A width changes no colours: they are checked once a theme. */
async function isSound(page, pairs) {
  const seen = new Set();
  for (const [colorScheme, width] of pairs) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    expect(await beyond(page), `${width} px`).toBeLessThanOrEqual(0);
    expect(await violations(page, { contrast: !seen.has(colorScheme) }), `${colorScheme} ${width}`).toEqual([]);
    seen.add(colorScheme);
  }
}

for (const [state, [account, shown]] of Object.entries(ACCOUNTS).entries()) {
  test(`${account}: accessible, and never scrolls sideways`, async ({ signIn, page }) => {
    await signIn(account);
    // What comes after three seconds, too.
    await expect(shown(page)).toBeAttached({ timeout: 15_000 });
    await isSound(page, pairsOf(state));
  });
}

test('Busy: accessible in each theme at each width', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  for (const theme of THEMES) {
    for (const width of WIDTHS) await isSound(page, [[theme, width]]);
  }
});

/** What a person can open or bring about on a page with rows. */
const STATES = {
  'with everything open that opens': async ({ history, page }) => {
    await history.tab('Campaigns').click();
    await history.dates.selectOption('Choose dates');
    await page.setViewportSize({ width: 320, height: 900 });
    await history.filters.click();
    await expect(history.sortBy).toBeVisible();
  },
  'with the numbers of the chart': async ({ history }) => {
    await history.tab('Table').click();
    await expect(history.numbers).toBeVisible();
  },
  'with a bar pressed, which says what it stands for': async ({ history }) => {
    await history.bars.last().click();
    await expect(history.tip).toBeVisible();
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
    await expect(history.csv).toBeVisible();
  },
  'with details open': async ({ history }) => {
    await history.rows.nth(1).getByRole('button').press('Enter');
    await expect(history.details).toBeVisible();
    await history.details.getByRole('button', { name: 'Copy ID' }).press('Enter');
  },
  'with nothing that matches': async ({ history, page }) => {
    await history.search.fill('x'.repeat(200));
    await expect(page.getByRole('heading', { name: 'No referrals match the filters' })).toBeVisible();
  },
  'after a refresh that failed': async ({ history, page }) => {
    await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 502, body: '' }));
    await history.refresh.click();
    await expect(page.getByRole('heading', { name: /^Refresh failed/ })).toBeVisible();
  },
  'while it waits for a retry': async ({ history, page }) => {
    await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '30' }, body: '' }));
    await history.refresh.click();
    await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeVisible();
  },
};

for (const [state, [name, reach]] of Object.entries(STATES).entries()) {
  test(`Busy ${name}: accessible, and never scrolls sideways`, async ({ signIn, history, page, context }) => {
    await context.grantPermissions(['clipboard-write']);
    await signIn('Busy', '/?per_page=10');
    await expect(history.rows).toHaveCount(10);
    await reach({ history, page });
    await isSound(page, pairsOf(state));
  });
}

for (const [state, account] of ['Hostile text', 'Broken records', 'From the future'].entries()) {
  test(`${account} with everything open that opens: accessible, and never scrolls sideways`, async ({ signIn, history, page }) => {
    await signIn(account);
    await expect(history.rows.first()).toBeVisible();
    await history.tab('Campaigns').click();
    await history.rows.nth(6).getByRole('button').press('Enter');
    await expect(history.details).toBeVisible();
    await isSound(page, pairsOf(state));
  });
}

for (const [state, lang] of ['ar', 'de', 'es', 'fr', 'ja', 'pt-BR', 'zh-Hans'].entries()) {
  test(`in ${lang}: accessible in both themes, and never scrolls sideways at any width`, async ({ signIn, page }) => {
    await signIn('Busy', `/?lang=${lang}&per_page=10`);
    await expect(page.locator('.rh-table tbody tr')).toHaveCount(10);
    await expect(page.locator('.rh')).toHaveAttribute('lang', lang);
    await isSound(page, pairsOf(state));
    await page.locator('.rh-row-button').first().press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await isSound(page, pairsOf(state));
    await signIn('Bad gateway', `/?lang=${lang}`);
    await expect(page.locator('.rh-rows h2, .rh-rows h3').first()).toBeVisible();
    await isSound(page, pairsOf(state));
  });
}

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

test('targets are at least 24 px', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?per_page=10');
  await expect(history.rows).toHaveCount(10);
  await history.dates.selectOption('Choose dates');
  await history.role('Referrer').check();
  /** What is smaller, by how far from its middle a press still reaches it. */
  const small = (root) =>
    page.locator(`${root} :is(a, button, select, summary, label:has(input), input:not(label input))`).evaluateAll((all) => {
      const sizes = [];
      // The numbers of the answer are in a sentence, whose lines are as high as they are (WCAG 2.2, 2.5.8: inline).
      for (const target of all.filter((target) => target.checkVisibility({ visibilityProperty: true }) && !target.matches('.rh-answer *'))) {
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
    if (width < 640) {
      await history.filters.click();
      expect(await small('.rh-sheet'), `the sheet, ${width} px`).toEqual({ many: 23, small: [] });
      await page.keyboard.press('Escape');
      await history.overview.click();
    }
    await expect(history.bars.first()).toBeAttached();
    const page_ = await small('.rh');
    expect(page_.many).toBeGreaterThan(width < 640 ? 40 : 55);
    expect(page_.small, `${width} px`).toEqual([]);
    await history.tab('Campaigns').click();
    expect((await small('[part=chart]')).small, `${width} px`).toEqual([]);
    await history.tab('Chart').click();
    await history.export.click();
    expect(await small('.rh-menu'), `${width} px`).toEqual({ many: 5, small: [] });
    await page.keyboard.press('Escape');
    await history.rows.nth(1).getByRole('button').press('Enter');
    expect(await small('dialog'), `${width} px`).toEqual({ many: 7, small: [] });
    await page.keyboard.press('Escape');
  }
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
    if (width < 640) await history.overview.click();
    await history.tab(width < 640 ? 'Campaigns' : 'Chart').click();
    await history.dates.selectOption('Choose dates');
    await page.evaluate(() => deep.active().blur());
    await page.mouse.click(2, 2);
    const all = await stops(page);
    expect(all.length).toBeGreaterThan(width < 640 ? 35 : 50);
    expect(all.filter(({ isShown, isInView }) => !isShown || !isInView)).toEqual([]);
    await history.export.press('Enter');
    await page.keyboard.press('Tab');
    await history.rows.first().getByRole('button').press('Enter');
    const inside = (await stops(page)).slice(0, 4);
    expect(inside.map(({ name }) => name)).toEqual(['Copy Code', 'Copy ID', 'Copy details for support', 'Copy link']);
    expect(inside.filter(({ isShown, isInView }) => !isShown || !isInView)).toEqual([]);
  });
}

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

test('bars are seen on their ground, chosen or not', async ({ answerWith, history, page }) => {
  await page.clock.setFixedTime(new Date('2026-05-12T12:00:00Z'));
  const reward = (reward_credits, rewarded_at) => ({ id: rewarded_at, status: 'rewarded', reward_credits, rewarded_at });
  await answerWith([reward(20, '2026-03-10T12:00:00Z'), reward(-10, '2026-03-17T12:00:00Z'), reward(5, '2026-03-24T12:00:00Z')]);
  await page.goto('/?by=rewarded&from=2026-03-09&to=2026-03-22');
  const marked = (is) => history.chart.locator(`[data-included=${is}] > .rh-column`);
  await expect(marked(true)).toHaveCount(2);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const bar of [marked(true).first(), marked(true).last(), marked(false).first()]) {
      const ground = await styleOf(history.chart, 'backgroundColor');
      expect(await contrast(page, await styleOf(bar, 'backgroundColor'), ground)).toBeGreaterThanOrEqual(3);
    }
    expect(await styleOf(marked(true).first(), 'backgroundColor')).not.toBe(await styleOf(marked(false).first(), 'backgroundColor'));
  }
  // Without colours: below the line, with a pattern, and the chosen ones with a mark.
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await styleOf(marked(true).last(), 'backgroundImage')).toMatch(/^repeating-linear-gradient/);
  const mark = await styleOf(marked(true).first().locator('xpath=..'), 'backgroundColor', '::before');
  expect(mark).not.toBe(await styleOf(history.chart, 'backgroundColor'));
});

test('in forced colours nothing is told by a colour that is gone', async ({ signIn, history, page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await signIn('Busy', '/?status=rewarded');
  await expect(history.rows.first()).toBeVisible();
  // A choice that is made differs from the others; the parts of the bar have edges, and patterns of their own.
  const chip = (name) => history.statusChoice(name).locator('xpath=..');
  expect(await styleOf(chip('Rewarded'), 'backgroundColor')).not.toBe(await styleOf(chip('Failed'), 'backgroundColor'));
  for (const part of await history.parts.all()) expect(await styleOf(part, 'borderTopStyle', '::before')).toBe('solid');
  const grounds = await history.parts.evaluateAll((parts) => parts.map((part) => getComputedStyle(part, '::before').background));
  for (const [place, ground] of grounds.entries()) expect(ground).not.toBe(grounds[place + 1]);
  const bar = history.chart.locator('.rh-column').first();
  expect(await styleOf(bar, 'backgroundColor')).not.toBe(await styleOf(page.locator('body'), 'backgroundColor'));
  await history.rows.first().getByRole('button').press('Enter');
  const filled = await styleOf(history.details.getByRole('listitem').first(), 'backgroundColor', '::before');
  expect(filled).not.toBe(await styleOf(history.details, 'backgroundColor'));
  expect(await violations(page)).toEqual([]);
});

test('in forced colours failures differ by their icons', async ({ signIn, page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const drawn = new Set();
  for (const account of ['Bad gateway', 'Signed out upstream', 'Not allowed']) {
    await signIn(account);
    await expect(ACCOUNTS[account](page)).toBeVisible();
    const icon = page.getByRole('region', { name: /^You are|^We couldn/ }).locator('svg').first();
    await expect(icon).toBeVisible();
    drawn.add(await icon.locator('path').first().getAttribute('d'));
    expect(await violations(page)).toEqual([]);
  }
  expect(drawn.size).toBe(3);
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
