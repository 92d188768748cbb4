// Scripts of a host’s that change what the browser does, or what the page has: old libraries, monitoring, page
// translators, shortcuts. The page works beside them.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, POLICY, query, takeWarnings, test } from './host.mjs';
import { LIBRARIES, MOO_TOOLS } from './libraries/bundles.mjs';

/** What users do, with 30 records of three statuses. Rows, counts and range agree. */
async function use(history, page) {
  await expect(history.rows).toHaveCount(25);
  await history.role('Referrer').check();
  await expect(history.rows).toHaveCount(15);
  await history.statusChoice('Rewarded').check();
  await expect(history.rows).toHaveCount(5);
  await expect(history.found).toHaveText('5 of 30 referrals');
  await expect(history.pagination).toContainText('1–5 of 5');
  await history.search.pressSequentially('secret1');
  await expect(history.rows).toHaveCount(2);
  await expect.poll(() => query(page)).toBe('?role=referrer&status=rewarded&q=secret1');
  await history.clear.click();
  await expect(history.rows).toHaveCount(25);
  await history.next.click();
  await expect(history.rows).toHaveCount(5);
  await history.openDetails('SECRET29');
  await page.keyboard.press('Escape');
  await expect(history.details).toBeHidden();
  await history.refresh.click();
  await expect.poll(() => page.evaluate(() => window.loads)).toBe(2);
  await history.export.click();
  const download = page.waitForEvent('download');
  await history.csv.click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await page.keyboard.press('Escape');
}

// What these scripts need of a host's policy.
const LENIENT = POLICY.replace("; require-trusted-types-for 'script'", '; worker-src blob:').replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

for (const [name, script] of Object.entries(LIBRARIES)) {
  test(`beside ${name} the page works, and can be taken away and put back`, async ({ host, history, page }) => {
    await page.route('**/monitoring*', (route) => route.fulfill({ contentType: 'application/json', body: '{}' }));
    await host(`<script src="/host/library.js"></script>${ENTRY}${ELEMENT}`, { files: { 'library.js': await script() }, policy: LENIENT });
    await use(history, page);
    await page.evaluate(() => {
      window.left = document.querySelector('referral-history');
      window.left.remove();
    });
    await expect(history.rows).toHaveCount(0);
    await page.evaluate(() => document.body.appendChild(window.left));
    await expect(history.rows).toHaveCount(5);
    // What they keep is theirs.
    await page.evaluate(() => [localStorage, sessionStorage].forEach((storage) => storage.clear()));
  });
}

test('MooTools replaces what the browser calls a window: the page fails, and says so', async ({ host, history, page, received, watch }) => {
  await host(`<script src="/host/library.js"></script>${ENTRY}${ELEMENT}`, { files: { 'library.js': await MOO_TOOLS() }, policy: LENIENT });
  await expect(page.locator('referral-history').getByRole('alert')).toBeVisible();
  expect((await received('error')).map(({ detail }) => detail.kind)).toEqual(['start']);
  await expect(history.rows).toHaveCount(0);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('the document cannot be used')]);
});

/** A page translator, as browsers and extensions have them: each text is replaced by elements with another one. */
function translate({ respects }) {
  const texts = [];
  const collect = (node) => {
    if (node.nodeType === Node.TEXT_NODE && /\p{L}|\d/u.test(node.data) && node.parentNode.localName !== 'font') texts.push(node);
    if (respects && node.nodeType === Node.ELEMENT_NODE && node.getAttribute('translate') === 'no') return;
    if (node.shadowRoot) collect(node.shadowRoot);
    if (node.localName !== 'style' && node.localName !== 'script') [...node.childNodes].forEach(collect);
  };
  collect(document.body);
  for (const text of texts) {
    const [outer, inner] = ['font', 'font'].map((name) => document.createElement(name));
    inner.textContent = `«${text.data}»`;
    outer.append(inner);
    text.replaceWith(outer);
  }
}

for (const respects of [true, false]) {
  test.describe(`a translator that ${respects ? 'leaves alone what is not to be translated' : 'translates everything'}`, () => {
    test('leaves rows, counts and range that agree, each time', async ({ host, history, page, watch }) => {
      await host(ENTRY + ELEMENT, { many: 60 });
      await expect(history.rows).toHaveCount(25);
      for (const choose of [
        () => page.getByRole('radio').nth(1).check(),
        () => page.getByRole('checkbox').nth(1).check(),
        () => history.heading(/Reward/).getByRole('button').click(),
        () => page.getByRole('button', { name: /Clear filters/ }).click(),
        () => page.getByRole('combobox', { name: /Rows per page/ }).selectOption('10'),
      ]) {
        await page.evaluate(translate, { respects });
        await choose();
        await page.waitForTimeout(50);
        const [rows, range, found] = await Promise.all([
          history.rows.count(),
          page.locator('.rh-range').textContent(),
          history.found.textContent(),
        ]);
        const total = Number(/of «?(\d+)/.exec(range)[1]);
        const last = Number(/–(\d+)/.exec(range)[1]);
        expect(rows, range).toBe(last);
        expect(Number(/\d+/.exec(found)[0]), found).toBe(total);
        // Nothing stands beside what replaced it.
        expect(range.match(/ of /g), range).toHaveLength(1);
        expect(found.match(/referrals/g), found).toHaveLength(1);
        const counts = await page.locator('.rh-segment .rh-count').allTextContents();
        for (const count of counts) expect(count).toMatch(/^«?\d+»?$/);
        const [all, ...roles] = counts.map((count) => Number(count.replace(/[«»]/g, '')));
        expect(roles.reduce((sum, count) => sum + count, 0)).toBe(all);
      }
      await page.evaluate(translate, { respects });
      await history.rows.first().getByRole('button').press('Enter');
      await expect(history.details).toBeVisible();
      await page.evaluate(translate, { respects });
      await page.keyboard.press('j');
      await page.keyboard.press('Escape');
      await expect(history.details).toBeHidden();
      await element(page).evaluate((element) => (element.lang = 'de'));
      await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
      await expect(page.locator('font')).toHaveCount(0);
      await expect(page.locator('.rh-table tbody tr')).toHaveCount(10);
      expect(watch.requests).toHaveLength(1);
    });
  });
}

test('codes, ids and numbers are not to be translated', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(translate, { respects: true });
  for (const column of ['code', 'campaign', 'reward_credits']) {
    for (const text of await history.cells(column).allTextContents()) expect(text).not.toContain('«');
  }
  for (const text of await page.locator('.rh-count, .rh-figure-value').allTextContents()) expect(text).not.toContain('«');
  await expect(page.locator('.rh-title')).toContainText('«');
});

test('what is typed into the page fires no shortcut of the host’s, and other keys do', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ['keydown', 'keypress', 'keyup']) document.addEventListener(name, ({ key }) => window.heard.push(`${name} ${key}`));
  });
  await history.search.pressSequentially('go ?/');
  await page.keyboard.press('Backspace');
  expect(await page.evaluate(() => window.heard)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+k');
  const heard = await page.evaluate(() => window.heard);
  expect(heard).toContain('keydown Tab');
  expect(heard).toContain('keydown k');
  await history.search.fill('');
  // A key that acts here acts only here; one that does nothing is the host's.
  await history.rows.first().getByRole('button').focus();
  await page.evaluate(() => (window.heard = []));
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const downs = (await page.evaluate(() => window.heard)).filter((event) => event.startsWith('keydown'));
  expect(downs).toEqual(['keydown x']);
});
