// The element is loaded once, mounted, moved, replaced and unmounted.
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, EVENTS, historyIn, query, records, takeWarnings, test } from './host.mjs';

test('imported twice, under two addresses, it is the same element', async ({ host, history, page, watch }) => {
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
  await expect(historyIn(element(page).nth(0)).rows).toHaveCount(25);
  await expect(historyIn(element(page).nth(1)).rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(2);
});

test('a second element downloads nothing further', async ({ host, history, page }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.evaluate(() => {
    const second = document.createElement('referral-history');
    second.urlSync = 'off';
    document.body.append(second);
  });
  await expect(historyIn(element(page).nth(1)).rows).toHaveCount(25);
  expect(asked).toEqual(['/api/v1/referrals/me/events']);
});

test('a move in the document asks nothing and loses nothing', async ({ host, history, page, watch }) => {
  await host(`${ENTRY}<div id="one">${ELEMENT}</div><div id="two"></div>`);
  await expect(history.rows).toHaveCount(25);
  await history.role('Referrer').check();
  await history.search.fill('SECRET1');
  const shown = await history.rows.count();
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
    await expect(history.rows).toHaveCount(shown);
    await expect(history.search).toHaveValue('SECRET1');
  }
  expect(query(page)).toBe('?role=referrer&q=SECRET1');
  // A panel that is open stays open, above the page.
  await page.getByRole('button', { name: /^Details of SECRET1/ }).first().press('Enter');
  const panel = history.details;
  await expect(panel).toBeVisible();
  await page.evaluate(() => document.getElementById('one').append(document.querySelector('referral-history')));
  expect(await panel.evaluate((panel) => panel.matches(':modal'))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  // A move takes the focus from whatever has it; but it is not lost for whoever uses the keys.
  await expect(element(page)).toBeFocused();
  expect(watch.requests).toHaveLength(1);
});

test('one that is replaced by another leaves it the address', async ({ host, history, page, watch }) => {
  await host(ENTRY + ELEMENT);
  await expect(history.rows).toHaveCount(25);
  await history.role('Referrer').check();
  // It is written once it is drawn.
  await expect.poll(() => query(page)).toBe('?role=referrer');
  await page.evaluate(() => document.querySelector('referral-history').replaceWith(document.createElement('referral-history')));
  await expect(history.rows).toHaveCount(15);
  expect(query(page)).toBe('?role=referrer');
  await history.role('Referred').check();
  await expect.poll(() => query(page)).toBe('?role=referred');
  expect(watch.requests).toHaveLength(2);
});

test.describe('an element that comes back', () => {
  const leave = (page) =>
    page.evaluate(async () => {
      window.kept = document.querySelector('referral-history');
      window.kept.remove();
      await new Promise((next) => setTimeout(next, 100));
    });
  const comeBack = (page) => page.evaluate(() => document.body.append(window.kept));

  test('asks nothing, and shows what it had, as it was chosen', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await history.rowsPerPage.selectOption('10');
    await leave(page);
    await expect(history.rows).toHaveCount(0);
    // As a router does.
    await page.evaluate(() => window.history.pushState(null, '', '/host/'));
    await comeBack(page);
    await expect(history.rows).toHaveCount(10);
    await expect(history.role('Referrer')).toBeChecked();
    await expect.poll(() => query(page)).toBe('?role=referrer&per_page=10');
    expect(watch.requests).toHaveLength(1);
    await history.refresh.click();
    await expect.poll(() => watch.requests.length).toBe(2);
    await expect(history.rows).toHaveCount(10);
  });

  test('asks for another user, and after it was told to forget', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await leave(page);
    await page.evaluate(() => (window.kept.session = 'another'));
    await comeBack(page);
    await expect(history.rows).toHaveCount(25);
    await expect.poll(() => watch.requests.length).toBe(2);
    await leave(page);
    await page.evaluate(() => window.kept.clear());
    await comeBack(page);
    await expect(history.rows).toHaveCount(25);
    expect(watch.requests).toHaveLength(3);
  });

  test('is one of the last four, or asks again', async ({ host, history, page, watch }) => {
    await host(ENTRY);
    await page.evaluate(() => (window.all = []));
    for (let number = 1; number <= 5; number += 1) {
      await page.evaluate(() => document.body.append(window.all[window.all.push(document.createElement('referral-history')) - 1]));
      await expect(history.rows).toHaveCount(25);
      await page.evaluate(() => window.all.at(-1).remove());
      await expect(history.rows).toHaveCount(0);
    }
    expect(watch.requests).toHaveLength(5);
    for (const [place, requests] of [[1, 5], [0, 6]]) {
      await page.evaluate((place) => document.body.append(window.all[place]), place);
      await expect(history.rows).toHaveCount(25);
      expect(watch.requests).toHaveLength(requests);
      await page.evaluate((place) => window.all[place].remove(), place);
      await expect(history.rows).toHaveCount(0);
    }
  });

  test('through another document has its styles', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    const look = () => history.table.evaluate((table) => getComputedStyle(table.querySelector('th')).textAlign + getComputedStyle(table).borderCollapse);
    const before = await look();
    for (const isSlow of [false, true]) {
      await page.evaluate(async (isSlow) => {
        const element = document.querySelector('referral-history');
        const next = document.implementation.createHTMLDocument();
        next.body.append(element);
        if (isSlow) await new Promise((go) => setTimeout(go, 100));
        document.body.append(element);
      }, isSlow);
      await expect(history.rows).toHaveCount(25);
      expect(await look()).toBe(before);
      expect(await element(page).evaluate(({ shadowRoot }) => shadowRoot.adoptedStyleSheets.length + shadowRoot.querySelectorAll('link').length)).toBe(2);
    }
    expect(watch.requests).toHaveLength(1);
  });

  test('was only hidden: nothing happens', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    for (const display of ['none', '']) await element(page).evaluate((element, display) => (element.style.display = display), display);
    await expect(history.rows).toHaveCount(15);
    expect(watch.requests).toHaveLength(1);
  });
});

test('mount() that is aborted before it has begun asks nothing: an effect that runs twice', async ({ host, history, page, watch }) => {
  const script = `import { mount } from '/referral-history.js';
    const effect = () => {
      const abort = new AbortController();
      mount(document.body, { signal: abort.signal });
      return () => abort.abort();
    };
    effect()();
    window.end = effect();`;
  await host('<script type="module" src="/host/effect.js"></script>', { files: { 'effect.js': script } });
  await expect(history.rows).toHaveCount(25);
  await page.waitForTimeout(300);
  expect(watch.requests).toHaveLength(1);
  await page.evaluate(() => window.end());
  await expect(element(page)).toHaveCount(0);
});

test.describe('unmounting', () => {
  test('by the handle: update, refresh, unmount', async ({ host, history, page, watch }) => {
    await host(`<div id="here"></div><script type="module" src="/host/mount.js"></script>`, {
      files: { 'mount.js': "import { mount } from '/referral-history.js'; window.handle = await mount(document.getElementById('here'), { pageSize: 10, theme: 'dark', urlSync: 'h-' });" },
      address: '/host/?keep=1',
    });
    await expect(history.rows).toHaveCount(10);
    await page.evaluate(() => window.handle.update({ lang: 'de', theme: null }));
    await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
    await expect(element(page)).not.toHaveAttribute('theme');
    expect(watch.requests).toHaveLength(1);
    await page.evaluate(() => window.handle.refresh());
    await expect.poll(() => watch.requests.length).toBe(2);
    await page.evaluate(() => window.handle.update({ nonsense: 1 }));
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('no option nonsense')]);
    // It is German by now.
    await page.getByRole('searchbox').fill('SECRET2');
    await expect.poll(() => query(page)).toBe('?keep=1&h-q=SECRET2');
    await page.evaluate(() => window.handle.unmount());
    await expect(element(page)).toHaveCount(0);
    // The address is the host's again, as it stands.
    expect(query(page)).toBe('?keep=1&h-q=SECRET2');
    await page.waitForTimeout(300);
    expect(watch.requests).toHaveLength(2);
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
    expect(watch.requests).toHaveLength(1);
    await element(page).evaluate((element) => element.unmount());
    await page.clock.runFor(120_000);
    await page.waitForTimeout(200);
    expect(watch.requests).toHaveLength(1);
  });

  test('asks nothing more for who is leaving, and for who only moves what was set on the way', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
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
    expect(watch.requests).toHaveLength(1);
    await page.evaluate(() => {
      const element = document.querySelector('referral-history');
      element.limit = 50;
      element.remove();
      element.theme = 'light';
    });
    await page.waitForTimeout(300);
    expect(watch.requests).toHaveLength(1);
  });

  test('before it was there costs nothing', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await page.evaluate(() => {
      // As React does in its strict mode: put in, taken out, put in.
      const again = document.createElement('referral-history');
      again.urlSync = 'off';
      document.body.append(again);
      again.unmount();
      document.body.append(again);
    });
    await expect(historyIn(element(page).nth(1)).rows).toHaveCount(25);
    expect(watch.requests).toHaveLength(2);
  });

  test('in the same go as it came costs nothing, and holds nothing', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await page.evaluate(async () => {
      document.querySelector('referral-history').unmount();
      const again = document.createElement('referral-history');
      document.body.append(again);
      again.remove();
      await new Promise((next) => setTimeout(next, 100));
    });
    expect(watch.requests).toHaveLength(1);
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    expect(watch.requests).toHaveLength(2);
  });

  test('in the middle of a change ends the change', async ({ host, history, page, watch }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    await page.evaluate(async () => {
      const element = document.querySelector('referral-history');
      const { warn } = console;
      // As a script that watches the console may: the element warns of a value that is invalid.
      console.warn = () => {
        console.warn = warn;
        element.unmount();
        // By the view and by the router, say.
        element.unmount();
      };
      element.limit = 'many';
      await new Promise((next) => setTimeout(next, 200));
    });
    await expect(element(page)).toHaveCount(0);
    expect(watch.requests).toHaveLength(1);
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect(history.rows).toHaveCount(15);
    await history.role('All').check();
    await expect.poll(() => query(page)).toBe('');
  });

  test('one that cannot keeps no other from it', async ({ host, history, page, watch }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(historyIn(element(page).nth(place)).rows).toHaveCount(25);
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
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('not now')]);
    await page.evaluate(() => document.body.append(window.both[1]));
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect(history.rows).toHaveCount(15);
    expect(watch.requests).toHaveLength(2);
  });

  test('500 times leaves nothing behind', async ({ host, page }) => {
    test.setTimeout(180_000);
    await page.addInitScript(() => {
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = async (...all) => {
        const instance = await instantiate(...all);
        window.memory ??= instance.exports.memory;
        return instance;
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
    // The browser frees listeners of the window when it collects garbage, in a task of its own.
    const collect = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      await page.evaluate(() => new Promise((next) => setTimeout(next)));
    };
    const rounds = async (many) => {
      for (let round = 0; round < many; round += 10) {
        await page.evaluate(async () => {
          for (let round = 0; round < 10; round += 1) {
            const element = document.createElement('referral-history');
            document.body.append(element);
            await element.ready;
            while (!element.shadowRoot.querySelector('tbody tr time')) await new Promise((next) => setTimeout(next));
            element.unmount();
          }
        });
        await collect();
      }
      for (let time = 0; time < 3; time += 1) await collect();
      const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
      return { nodes, jsEventListeners, memory: await page.evaluate(() => window.memory.buffer.byteLength) };
    };
    const first = await rounds(50);
    const last = await rounds(450);
    console.log('after 50 and 500 mounts:', JSON.stringify(first), JSON.stringify(last));
    expect(last.nodes).toBeLessThanOrEqual(first.nodes + 5);
    expect(last.jsEventListeners).toBeLessThanOrEqual(first.jsEventListeners);
    // The memory grows by whole pages of 64 KiB: 150 bytes that each mount leaves behind are one.
    expect(last.memory).toBe(first.memory);
  });
});
