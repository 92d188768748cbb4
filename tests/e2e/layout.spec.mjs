// What stands where: at every width, at 400 % zoom, with more space in text, on paper, and after each choice.
import { expect, test } from './fixtures.mjs';
import { WIDTHS, beyond } from './layout.mjs';

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
    // On a phone the filters are in a sheet, which covers the rest.
    const within = width < 640 ? '.rh-sheet' : null;
    if (within) await history.filters.click();
    /** Where each part stands, down to the table; the button that counts the filters may grow with its number. Other rewards are other bars, in the same panel. */
    const places = () =>
      page.locator('.rh :is(h1, h2, dt, dd, p, button, fieldset, label, input, select, table, .rh-shares, .rh-panel, .rh-outcome)').evaluateAll((all, within) =>
        all
          // What says in words what is chosen changes with it, in a place that keeps its height.
          .filter((part) => part.checkVisibility() && !part.closest('tbody, nav, .rh-keys-line, details, .rh-shares > *, .rh-slots, .rh-hidden, .rh-answer > *, .rh-outcome > *, .rh-by, .rh-footer'))
          .filter((part) => !within || part.closest(within))
          .map((part, place) => [part.ariaLabel ?? `${part.className || part.tagName} ${place}`, part.tagName, part.getBoundingClientRect()])
          .map(([name, tag, { x, top, height }]) => `${name}: ${Math.round(x)} ${Math.round(top + scrollY)} ${tag === 'TABLE' ? '' : Math.round(height)}`),
        within,
      );
    const before = await places();
    const moved = {};
    for (const [what, choose] of Object.entries({
      'a role': () => history.role('Referrer').check(),
      'a status': () => history.statusChoice('Rewarded').check(),
      'a campaign': () => history.campaign.selectOption('=spring-launch'),
      ...(within
        ? {}
        : {
            'Expiring soon': () => history.expiringSoon.click(),
            'some days': () => history.dates.selectOption('Last 90 days'),
            'a search': () => history.search.fill('a'),
          }),
    })) {
      await choose();
      await expect(history.clear).toHaveCount(1);
      const after = (await places()).filter((place) => !before.includes(place));
      if (after.length > 0) moved[what] = after.slice(0, 3);
      // By script: a press beside the sheet would close it.
      await history.clear.evaluate((button) => button.click());
      await expect(history.clear).toHaveCount(0);
      expect(await places(), 'and cleared again').toEqual(before);
    }
    expect(moved).toEqual({});
  });
}

test.describe('nothing moves', () => {
  test.beforeEach(async ({ page }) => {
    await page.addInitScript(() => {
      window.shift = { by: 0, parts: [] };
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
          window.shift.by += value;
          window.shift.parts.push(...sources.map(({ node }) => node?.className || node?.nodeName));
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
  });

  /** How far parts of the page have moved until all of it is drawn, as Web Vitals has it; and which. */
  async function shift(page) {
    await expect(page.locator('.rh-table > tbody > tr').first()).toBeVisible({ timeout: 10_000 });
    await expect(page.locator('.rh-search')).toBeVisible();
    // What moves is reported after its frame.
    await page.waitForTimeout(300);
    return page.evaluate(() => window.shift);
  }

  for (const [title, wait] of [
    ['when the rows come, or when the page tries again', 500],
    ['when the rows come before the rest', 0],
  ])
    test(title, async ({ signIn, page }) => {
      // With an answer that takes a while, the page is painted before it comes.
      await page.route('**/referrals/me/events*', async (route) => {
        await new Promise((later) => setTimeout(later, wait));
        await route.continue();
      });
      const moved = {};
      for (const [account, width] of [
        ['Busy', 1280],
        ['Busy', 1024],
        ['Busy', 768],
        ['Busy', 390],
        ['Busy', 320],
        ['Flaky', 1280],
        ['Flaky', 390],
        ['Broken records', 390],
      ]) {
        await page.setViewportSize({ width, height: 900 });
        await signIn(account);
        const { by, parts } = await shift(page);
        if (by >= 0.01) moved[`${account} at ${width} px`] = `${by.toFixed(3)}: ${[...new Set(parts)]}`;
      }
      expect(moved).toEqual({});
    });

  // Longer words may take a line more than the bones keep free for them. Web Vitals calls 0.1 good.
  test('more than a line, in any language, or with words that nobody knew', async ({ signIn, page }) => {
    const moved = {};
    for (const [account, lang] of [...['ar', 'de', 'es', 'fr', 'ja', 'pt-BR', 'zh-Hans'].map((lang) => ['Busy', lang]), ['From the future', 'en']]) {
      for (const width of [320, 768, 1024, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await signIn(account, `/?lang=${lang}`);
        const { by, parts } = await shift(page);
        if (by >= 0.03) moved[`${account} in ${lang} at ${width} px`] = `${by.toFixed(3)}: ${[...new Set(parts)]}`;
      }
    }
    expect(moved).toEqual({});
  });

  test('more than a line, with large text', async ({ signIn, page }) => {
    await page.addInitScript(() =>
      document.addEventListener('readystatechange', () => document.querySelector('referral-history')?.style.setProperty('--rh-font-size', '24px'), { once: true }),
    );
    for (const width of [390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await signIn('Busy');
      const { by, parts } = await shift(page);
      await expect(page.locator('.rh-title')).toHaveCSS('font-size', '36px');
      expect(by, `${parts}`).toBeLessThan(0.03);
    }
  });
});

test('long headings scroll within their card on a phone, and widen nothing', async ({ signIn, page }) => {
  await page.setViewportSize({ width: 320, height: 900 });
  await signIn('Busy', '/?lang=es');
  await page.locator('.rh-overview-toggle').click();
  for (const tab of [0, 1, 2]) {
    await page.locator('.rh-tabs > button').nth(tab).click();
    await expect(page.locator('.rh-panel > *').first()).toBeVisible();
    expect(await beyond(page), `tab ${tab}`).toBeLessThanOrEqual(0);
  }
});

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
    await history.showFound.click();
    await history.export.click();
    const csv = history.csv;
    await csv.scrollIntoViewIfNeeded();
    await expect(csv).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await history.rows.last().getByRole('button').click();
    expect(await beyond(page)).toBeLessThanOrEqual(0);
    // The panel's own head and foot leave room for what stands between them.
    for (const part of [history.details.getByRole('paragraph').first(), history.details.getByRole('listitem').last(), history.field('Reward')]) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toBeInViewport({ ratio: 0.9 });
    }
    const body = await history.details.locator('.rh-details-body').evaluate((body) => body.clientHeight);
    expect(body).toBeGreaterThan(96);
    await expect(history.details.getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 });
    await expect(history.details.getByRole('button', { name: 'Copy details for support' })).toBeInViewport({ ratio: 1 });
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

// WCAG 2.2, 1.4.4: as whoever has set the browser's text to twice its size sees it.
test('text at 200 % cuts nothing off, and makes nothing scroll sideways', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  await page.locator('referral-history').evaluate((element) => element.style.setProperty('--rh-font-size', '32px'));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await beyond(page), `${width} px`).toBeLessThanOrEqual(0);
    const cut = await page.locator('.rh :is(h1, h2, dt, dd, .rh-answer, .rh-number, .rh-button, .rh-toggle, .rh-chip bdi, .rh-badge bdi, .rh-found)').evaluateAll((all) =>
      all.filter((box) => box.checkVisibility() && box.clientWidth > 1 && box.scrollWidth > box.clientWidth).map((box) => box.textContent),
    );
    expect(cut, `${width} px`).toEqual([]);
  }
  // One figure a row, and one column in a card.
  await page.setViewportSize({ width: 390, height: 900 });
  const [one, other] = await history.summary.locator('dl > div').evaluateAll((figures) => figures.map((figure) => figure.getBoundingClientRect().left));
  expect(one).toBe(other);
  const lefts = await history.rows.first().getByRole('cell').evaluateAll((cells) => cells.filter((cell) => cell.clientWidth > 1 && cell.dataset.column !== 'details').map((cell) => Math.round(cell.getBoundingClientRect().left)));
  expect(new Set(lefts).size).toBe(1);
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
    for (const part of [page.getByRole('heading', { level: 1 }), history.figure('Credits earned').first(), history.rows.first(), history.rows.last()]) {
      await expect(part).toBeVisible();
    }
    await expect(history.heading('Date')).toBeVisible();
    await expect(page.getByText(/^Latest 100 referrals/)).toBeVisible();
    await expect(page.getByText('Times in Berlin time')).toBeVisible();
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
