// What the browser has to do for a choice: what stays as it is, is not touched. Unlike times, this is the same on
// every machine.
import { expect, test } from './fixtures.mjs';

/** The changes that a choice made in the page, until its outcome was told, and those of them that changed nothing. */
async function changes(page, choose) {
  await page.evaluate(() => {
    const root = document.querySelector('referral-history').shadowRoot;
    window.changes = [];
    const options = { subtree: true, childList: true, attributeOldValue: true, characterDataOldValue: true };
    new MutationObserver((records) => window.changes.push(...records)).observe(root, options);
  });
  await choose();
  await page.waitForTimeout(600);
  return page.evaluate(() => {
    const text = (nodes) => [...nodes].map(({ textContent }) => textContent).join('');
    const nothing = window.changes.filter(({ type, target, attributeName, oldValue, addedNodes, removedNodes }) => {
      if (type === 'attributes') return target.getAttribute(attributeName) === oldValue;
      return type === 'childList' && addedNodes.length > 0 && text(addedNodes) === text(removedNodes);
    });
    const name = ({ type, target, attributeName }) => `${target.className || target.localName} ${attributeName ?? type} ${target.textContent.slice(0, 30)}`;
    return { count: window.changes.length, nothing: nothing.map(name) };
  });
}

for (const [what, choose] of Object.entries({
  'a role': (history) => history.role('Referrer').check(),
  'a status': (history) => history.statusChoice('Rewarded').check(),
  'an order': (history) => history.heading('Status').getByRole('button').click(),
})) {
  test(`${what} changes what is different, once, and nothing else`, async ({ signIn, history, page }) => {
    await signIn('Busy', '/?per_page=100');
    await expect(history.rows).toHaveCount(100);
    await page.waitForTimeout(600);
    const { count, nothing } = await changes(page, () => choose(history));
    console.log(`${what}: ${count} changes`);
    expect(nothing).toEqual([]);
    // Each of the 100 rows may leave or move, and figures, bars and choices have some 60 texts.
    expect(count).toBeLessThan(200);
  });
}

test('a filter is one layout, and its announcement another', async ({ signIn, history, page, browser }) => {
  await signIn('Busy', '/?per_page=100');
  await expect(history.rows).toHaveCount(100);
  await page.waitForTimeout(600);
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await history.role('Referrer').evaluate((radio) => radio.click());
  await page.waitForTimeout(800);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const layouts = traceEvents.filter(({ name, ph }) => name === 'Layout' && ph === 'X');
  expect(layouts.length).toBeGreaterThan(0);
  expect(layouts.length).toBeLessThanOrEqual(2);
});

test('a choice that changes no time formats no time', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    window.formatted = [];
    for (const name of ['DateTimeFormat', 'RelativeTimeFormat']) {
      for (const [method, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(Intl[name].prototype))) {
        const noted = (format) =>
          function (...values) {
            window.formatted.push(`${name}.${method} ${values}`);
            return format.apply(this, values);
          };
        if (!method.startsWith('format')) continue;
        Object.defineProperty(Intl[name].prototype, method, get ? { get() { return noted(get.call(this)); } } : { value: noted(value) });
      }
    }
  });
  await signIn('Busy', '/?per_page=100');
  await expect(history.rows).toHaveCount(100);
  await page.waitForTimeout(600);
  expect(await page.evaluate(() => window.formatted.length)).toBeGreaterThan(100);
  // The chart follows neither.
  for (const choose of [() => history.statusChoice('Rewarded').check(), () => history.heading('Status').getByRole('button').click()]) {
    await page.evaluate(() => (window.formatted = []));
    await choose();
    await page.waitForTimeout(600);
    expect(await page.evaluate(() => window.formatted)).toEqual([]);
  }
});

test('a row is laid out and painted by itself, but while it says something below its edge', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  const open = () => history.rows.evaluateAll((rows) => rows.flatMap((row, place) => (getComputedStyle(row).contain === 'content' ? [] : [place])));
  await page.mouse.move(0, 0);
  expect(await open()).toEqual([]);
  await history.rows.nth(2).locator('.rh-badge').hover();
  expect(await open()).toEqual([2]);
  await history.rows.nth(4).getByRole('button').focus();
  expect(await open()).toEqual([2, 4]);
});

test('in a row only what was sent is a layer of its own, since fewer layers are moved and painted faster', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  await page.mouse.move(0, 0);
  const layers = await history.rows.evaluateAll((rows) => {
    const parts = rows.flatMap((row) => [...row.querySelectorAll('*')].flatMap((element) => [[element], [element, '::before'], [element, '::after']]));
    const own = { transform: 'none', opacity: '1', filter: 'none', clipPath: 'none', position: 'static', willChange: 'auto' };
    return parts.flatMap(([element, pseudo]) => {
      const style = getComputedStyle(element, pseudo);
      if (pseudo && style.content === 'none') return [];
      const properties = Object.keys(own).filter((name) => style[name] !== own[name]);
      if (style.overflow !== 'visible') properties.push(`overflow ${style.overflow}`);
      return properties.map((property) => `${element.localName}${pseudo ?? ''}${element.title ? '[title]' : ''} ${property}`);
    });
  });
  expect([...new Set(layers)]).toEqual(['td[title] overflow clip']);
});

test('the styles of the rows are computed once', async ({ signIn, history, page, browser }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const styled = async (act) => {
    await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
    await act();
    await page.waitForTimeout(800);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const counts = traceEvents.filter(({ name, ph }) => name === 'UpdateLayoutTree' && ph === 'X').map(({ args }) => args.elementCount ?? 0);
    return counts.reduce((sum, count) => sum + count, 0);
  };
  // The first time, what goes by the width of the page is styled when that is laid out, and is not in this trace.
  const again = await styled(async () => {
    await page.reload();
    await expect(history.rows).toHaveCount(25);
  });
  // Whatever computes them again is.
  const all = await styled(() => page.evaluate(() => document.querySelector('referral-history').setAttribute('theme', 'dark')));
  console.log(`elements styled: ${again} while the page is loaded, ${all} with other colours`);
  expect(all).toBeGreaterThan(400);
  expect(again).toBeLessThan(all / 4);
});

test('what the browser knows of a language is read while the program is on its way', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    window.used = [];
    for (const name of ['Collator', 'DateTimeFormat', 'NumberFormat']) {
      Intl[name] = new Proxy(Intl[name], {
        construct(target, [locale], constructor) {
          window.used.push(`${name} ${locale}`);
          return Reflect.construct(target, [locale], constructor);
        },
      });
    }
  });
  let send;
  const isSent = new Promise((resolve) => (send = resolve));
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await isSent;
    await route.fulfill({ response });
  });
  await signIn('A few');
  await page.waitForTimeout(500);
  // The events are requested once all files have answered, and before that nothing else takes time.
  expect(await page.evaluate(() => window.used)).toEqual([]);
  send();
  await expect(history.rows).toHaveCount(7);
  // The module itself names a list of locales, `en-GB,en`.
  expect((await page.evaluate(() => window.used)).slice(0, 2)).toEqual(['DateTimeFormat en-GB', 'NumberFormat en-GB']);
});

test('the rows are painted before the rest is drawn, which is then there by itself', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    const next = requestAnimationFrame.bind(window);
    const frames = [];
    window.requestAnimationFrame = (callback) => frames.push(callback);
    window.goOn = () => {
      window.requestAnimationFrame = next;
      frames.splice(0).forEach(next);
    };
    const Collator = Intl.Collator;
    window.compared = 0;
    Intl.Collator = new Proxy(Collator, {
      construct(...parameters) {
        window.compared += 1;
        return Reflect.construct(...parameters);
      },
    });
  });
  await signIn('Busy');
  const rows = page.locator('.rh-table > tbody > tr');
  await expect(rows).toHaveCount(25);
  await page.waitForTimeout(300);
  await expect(history.search).toHaveCount(0);
  await expect(history.chart).toHaveCount(0);
  expect(await page.evaluate(() => window.compared), 'names compared, which no row needs').toBe(0);
  // A row can be pressed meanwhile.
  await rows.first().click();
  await expect(history.details).toBeVisible();
  await page.keyboard.press('Escape');
  await page.evaluate(() => window.goOn());
  await expect(history.search).toBeVisible();
  await expect(history.bars.first()).toBeVisible();
});

test('to read the answer and to draw its rows are a task each, so that input need not wait for both', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = async function () {
      const result = await read.call(this);
      // All of the answer has come. What waits its turn by now has it before the rows.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.rowsBefore = deep.all('tbody tr').length);
      if (result.done) port2.postMessage(null);
      return result;
    };
  });
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  expect(await page.evaluate(() => window.rowsBefore)).toBe(0);
});

test('the WebAssembly is among the first six files, as many as a browser asks for at once', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  // In the order of the page: the browser itself asks for its icon last.
  const files = await page.evaluate(() => [...document.head.querySelectorAll('link:not([rel=icon]), script')].map(({ href, src }) => href ?? src));
  const place = files.findIndex((file) => file.endsWith('.wasm'));
  expect(place).toBeGreaterThan(-1);
  expect(place, files.join('\n')).toBeLessThan(6);
});

test('a second visit fetches nothing but what names the files: the page, its script and the entry', async ({ signIn, history, page }) => {
  const fetched = () =>
    page.evaluate(() => {
      const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      return entries.filter(({ transferSize }) => transferSize > 0).map(({ name }) => new URL(name).pathname);
    });
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  expect((await fetched()).filter((path) => path.endsWith('.wasm'))).toHaveLength(2);
  await page.goto('/');
  await expect(history.rows).toHaveCount(25);
  expect(new Set(await fetched())).toEqual(new Set(['/', '/standalone.js', '/referral-history.js', '/api/v1/referrals/me/events']));
});
