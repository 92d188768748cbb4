// What the element shows while the program is loading, and when it cannot start or has panicked.
import { provokeDefect } from './defect.mjs';
import { expect, stopClock } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, EVENTS, historyIn, query, takeWarnings, test } from './host.mjs';

/** What is said of a file that is gone, by the browser and by the entry. */
const GONE = /Failed to load resource: .* 404 |is gone from the server/;

/** What the browser says of an entry that does not come, and of files that nobody uses then. */
const NOT_COME = /Failed to load resource: net::ERR_FAILED|was preloaded using link preload but not used/;

test('until it is there, what the host wrote stands in for it', async ({ host, history, page }) => {
  let send;
  await page.route('**/*_bg.wasm', (route) => (send = () => route.continue()));
  await host(`${ENTRY}<referral-history><p>What the host wrote.</p></referral-history>`);
  await expect.poll(() => send !== undefined).toBe(true);
  await expect(page.getByText('What the host wrote.')).toBeVisible();
  await send();
  await expect(history.rows).toHaveCount(25);
  await expect(page.getByText('What the host wrote.')).toBeHidden();
});

test('the rest of the program is asked for after what the rows need, and does what was asked of the rows until it is there', async ({ host, history, page, watch }) => {
  const asked = [];
  const sends = {};
  await page.route('**/*.wasm', (route) => {
    const part = route.request().url().includes('-later-') ? 'later' : 'first';
    asked.push(part);
    sends[part] = () => route.continue();
  });
  await host(ENTRY + ELEMENT);
  await expect.poll(() => asked).toEqual(['first']);
  await page.waitForTimeout(300);
  await sends.first();
  const rows = page.locator('.rh-table > tbody > tr');
  await expect(rows).toHaveCount(25);
  expect(asked).toEqual(['first', 'later']);
  await page.waitForTimeout(300);
  await expect(history.search).toHaveCount(0);
  await expect(page.locator('.rh > .rh-bones')).toHaveCount(1);
  await rows.first().click();
  await sends.later();
  await expect(history.details).toBeVisible();
  await expect.poll(() => query(page)).toMatch(/event=/);
  await page.keyboard.press('Escape');
  await expect(history.rows).toHaveCount(25);
  await expect(history.search).toBeVisible();
  expect(watch.requests).toHaveLength(1);
});

for (const [when, goOn] of [
  ['once the answer is there', ({ answer }) => answer()],
  ['soon, where there is no answer', ({ page }) => page.clock.runFor(100)],
]) {
  test(`the rest of the program is asked for ${when}, and not before`, async ({ host, page }) => {
    await stopClock(page);
    await host(ENTRY);
    let answer;
    await page.route(EVENTS, (route) => (answer = () => route.fallback()));
    let isAsked = false;
    await page.route('**/element-later-*.wasm', (route) => {
      isAsked = true;
      return route.continue();
    });
    await page.evaluate(() => document.body.append(document.createElement('referral-history')));
    await expect.poll(() => answer !== undefined).toBe(true);
    await page.waitForTimeout(700);
    expect(isAsked).toBe(false);
    // The styles come with the rows, so that the browser draws no frame for them alone.
    expect(await element(page).evaluate((element) => element.shadowRoot.adoptedStyleSheets.length)).toBe(1);
    await goOn({ page, answer });
    await expect.poll(() => isAsked).toBe(true);
  });
}

for (const [what, change, requests, rowsMeanwhile] of [
  // It comes back with the page.
  ['the element is removed and comes back', (element) => {
    element.remove();
    setTimeout(() => document.body.append(element), 100);
  }, 1, 0],
  ['the element is removed and comes back for another session', (element) => {
    element.remove();
    setTimeout(() => {
      element.setAttribute('session', 'another');
      document.body.append(element);
    }, 100);
  }, 2, 0],
  // The rows are gone at once.
  ['another session begins', (element) => element.setAttribute('session', 'another'), 2, 0],
  ['it is cleared, and another session begins', (element) => {
    element.clear();
    element.setAttribute('session', 'another');
  }, 2, 0],
  ['its options are set to what they are', (element) => {
    element.setAttribute('limit', '100');
    element.setAttribute('api-base', '/api/v1');
    element.setAttribute('session', '');
  }, 1, 25],
  ['it is to be refreshed', (element) => element.refresh(), 2, 25],
  ['another element takes its place', (element) => element.replaceWith(document.createElement('referral-history')), 2, 25],
]) {
  test(`while the rest of the program is on its way, ${what}: it is there once it has come`, async ({ host, history, page, watch }) => {
    let asked = 0;
    let send;
    await page.route('**/element-later-*.wasm', (route) => {
      asked += 1;
      send = () => route.continue();
    });
    await host(ENTRY + ELEMENT);
    const rows = page.locator('.rh-table > tbody > tr');
    await expect(rows).toHaveCount(25);
    // The page waits for it by now.
    await page.waitForTimeout(300);
    await element(page).evaluate(change);
    await page.waitForTimeout(150);
    await expect(rows).toHaveCount(rowsMeanwhile);
    await page.waitForTimeout(300);
    await send();
    await expect(history.rows).toHaveCount(25);
    await expect(history.search).toBeVisible();
    await expect(history.chart).toBeVisible();
    expect(asked).toBe(1);
    expect(watch.requests).toHaveLength(requests);
    expect(watch.problems).toEqual([]);
  });
}

test.describe('of the rows that are there before the rest of the program', () => {
  /** Shows them, and returns what has the rest come. */
  async function showRows({ host, page }, content = ELEMENT, options = {}, many = 25) {
    let send;
    await page.route('**/element-later-*.wasm', (route) => (send = () => route.continue()));
    await host(ENTRY + content, options);
    await expect(page.locator('.rh-table > tbody > tr')).toHaveCount(many);
    await expect.poll(() => send !== undefined).toBe(true);
    return () => send();
  }

  test('the page has the same ones, and the focus stays where it was', async ({ host, history, page }) => {
    const send = await showRows({ host, page });
    const button = page.locator('.rh-table > tbody > tr').nth(3).getByRole('button');
    await button.focus();
    await button.evaluate((button) => (window.row = button.closest('tr')));
    await send();
    await expect(history.search).toBeVisible();
    await expect(button).toBeFocused();
    expect(await button.evaluate((button) => button.closest('tr') === window.row)).toBe(true);
  });

  test('their times get their titles when the page has them', async ({ host, page }) => {
    const send = await showRows({ host, page });
    const times = page.locator('.rh-table tbody time');
    await page.waitForTimeout(300);
    await expect(times.and(page.locator('[title]'))).toHaveCount(0);
    await send();
    await expect(times.and(page.locator('[title]'))).not.toHaveCount(0);
    await expect(times.and(page.locator(':not([title])'))).toHaveCount(0);
  });

  test('a heading that is pressed sorts once that can be', async ({ host, history, page }) => {
    const send = await showRows({ host, page });
    await page.getByRole('columnheader', { name: 'Reward' }).getByRole('button').click();
    await send();
    await expect(history.search).toBeVisible();
    await expect.poll(() => query(page)).toMatch(/sort=-?reward_credits/);
    await expect(history.rows).toHaveCount(25);
  });

  test('a press that is under way when the rest comes opens the details', async ({ host, history, page }) => {
    const send = await showRows({ host, page });
    await page.locator('.rh-table > tbody > tr').nth(2).hover();
    await page.mouse.down();
    await send();
    await page.waitForTimeout(500);
    await page.mouse.up();
    await expect(history.details).toBeVisible();
  });

  for (const [after, before] of [
    ['', () => {}],
    [' after another session', (element) => element.setAttribute('session', 'another')],
    [' after another limit', (element) => element.setAttribute('limit', '10')],
    [' after refresh()', (element) => element.refresh()],
  ]) {
    test(`clear()${after} leaves none, and asks nothing`, async ({ host, history, page, watch }) => {
      const send = await showRows({ host, page });
      await element(page).evaluate(before);
      const left = await element(page).evaluate((element) => {
        element.clear();
        return element.shadowRoot.querySelectorAll('tbody tr').length;
      });
      expect(left).toBe(0);
      // What is only shown otherwise brings nothing back.
      await element(page).evaluate((element) => element.setAttribute('theme', 'dark'));
      await send();
      await expect(history.load).toBeVisible();
      await page.waitForTimeout(300);
      await expect(history.rows).toHaveCount(0);
      expect(watch.requests).toHaveLength(1);
    });
  }

  test('clear() in the same task as another session leaves none, and asks nothing', async ({ host, history, page, watch }) => {
    const send = await showRows({ host, page });
    await element(page).evaluate((element) => {
      element.session = 'another';
      element.clear();
    });
    await send();
    await expect(history.load).toBeVisible();
    await page.waitForTimeout(300);
    expect(watch.requests).toHaveLength(1);
  });

  test('those of an element that came back are not shown after clear()', async ({ host, history, page, watch }) => {
    const send = await showRows({ host, page });
    await element(page).evaluate(async (element) => {
      const later = () => new Promise((done) => setTimeout(done, 100));
      element.remove();
      await later();
      document.body.append(element);
      await later();
      element.clear();
      element.remove();
      await later();
      document.body.append(element);
    });
    await send();
    await expect(history.rows).toHaveCount(25);
    expect(watch.requests).toHaveLength(2);
  });

  test('another limit leaves none, and is asked for once', async ({ host, history, page, watch }) => {
    const send = await showRows({ host, page });
    expect(
      await element(page).evaluate((element) => {
        element.setAttribute('limit', '10');
        return Promise.resolve().then(() => element.shadowRoot.querySelectorAll('tbody tr').length);
      }),
    ).toBe(0);
    await send();
    await expect(history.search).toBeVisible();
    expect(watch.requests).toHaveLength(2);
    expect(new URL(watch.requests[1].url()).search).toBe('?limit=10');
  });

  test('another session has none of the choices', async ({ host, history, page, watch }) => {
    const send = await showRows({ host, page }, ELEMENT, { address: '/host/?per_page=50&sort=created_at' }, 30);
    await element(page).evaluate((element) => element.setAttribute('session', 'another'));
    await send();
    await expect(history.rows).toHaveCount(25);
    expect(query(page)).toBe('');
    expect(watch.requests).toHaveLength(2);
  });

  test('where there are none, another session has none of what came', async ({ host, history, page, watch }) => {
    const send = await showRows({ host, page }, ELEMENT, { address: '/host/?sort=campaign' }, 0);
    await expect.poll(() => watch.requests.length).toBe(1);
    await page.waitForTimeout(300);
    await element(page).evaluate((element) => element.setAttribute('session', 'another'));
    await send();
    await expect(history.rows).toHaveCount(25);
    expect(watch.requests).toHaveLength(2);
  });

  test('what came is shown also where another element has to wait', async ({ host, page, watch }) => {
    let send;
    await page.route('**/element-later-*.wasm', (route) => (send = () => route.continue()));
    await host(ENTRY);
    await page.route('**/referrals/me/events?limit=50', (route) => route.fulfill({ status: 429, headers: { 'retry-after': '60' }, body: '' }));
    await page.evaluate(() => {
      const [waiting, shown] = ['referral-history', 'referral-history'].map((name) => document.createElement(name));
      waiting.limit = 50;
      waiting.urlSync = 'off';
      document.body.append(waiting, shown);
    });
    const rows = page.locator('.rh-table > tbody > tr');
    await expect(rows).toHaveCount(25);
    await expect.poll(() => send !== undefined).toBe(true);
    await send();
    await expect(page.getByText('Too many requests')).toHaveCount(1);
    await expect(page.getByRole('searchbox')).toHaveCount(1);
    await expect(rows).toHaveCount(25);
    expect(watch.requests).toHaveLength(2);
    watch.expected = /429/;
  });

  test('what they may have cost is said where they are gone and the rest is missing', async ({ host, page, received, watch }) => {
    let fail;
    await page.route('**/element-later-*.wasm', (route) => (fail = () => route.fulfill({ status: 404, body: '' })));
    await host(ENTRY + ELEMENT);
    await expect(page.locator('.rh-table > tbody > tr')).toHaveCount(25);
    await expect.poll(() => fail !== undefined).toBe(true);
    await element(page).evaluate((element) => element.setAttribute('limit', '10'));
    await fail();
    await expect(page.getByRole('alert').getByText('Reload the page to get')).toBeVisible();
    expect((await received('error')).map(({ detail }) => [detail.kind, detail.creditsCharged])).toEqual([['outdated', null]]);
    expect(watch.requests).toHaveLength(1);
    watch.expected = GONE;
  });

  test('an order by campaign shows none: the rest compares the names', async ({ host, history, page }) => {
    const send = await showRows({ host, page }, ELEMENT, { address: '/host/?sort=campaign' }, 0);
    await page.waitForTimeout(300);
    await expect(page.locator('.rh')).toHaveCount(0);
    await send();
    await expect(history.rows).toHaveCount(25);
  });
});

test('where no row passes the filters, nothing is drawn before what says so', async ({ host, history, page }) => {
  let send;
  await page.route('**/element-later-*.wasm', (route) => (send = () => route.continue()));
  await host(ENTRY + ELEMENT, { address: '/host/?q=nothing-like-this' });
  await expect.poll(() => send !== undefined).toBe(true);
  await page.waitForTimeout(300);
  await expect(page.locator('.rh')).toHaveCount(0);
  await send();
  await expect(history.search).toHaveValue('nothing-like-this');
  await expect(page.getByText('No referrals match')).toBeVisible();
});

test.describe('the WebAssembly starts', () => {
  test('with another MIME type', async ({ host, history, page }) => {
    await page.route('**/*.wasm', async (route) => route.fulfill({ response: await route.fetch(), contentType: 'application/octet-stream' }));
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
  });

  test('where the host has another Response and fetch', async ({ host, history, page }) => {
    // As a polyfill makes them: `instanceof` takes its responses for native ones, and the browser does not.
    await page.addInitScript(() => {
      const { fetch } = window;
      class Response {
        constructor(native) {
          const { ok, status, headers, type } = native;
          Object.assign(this, { ok, status, headers, type, text: () => native.text(), arrayBuffer: () => native.arrayBuffer() });
        }
      }
      window.Response = Response;
      window.fetch = async (...request) => (String(request[0]).endsWith('.wasm') ? new Response(await fetch(...request)) : fetch(...request));
    });
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
  });

  test('where the browser cannot compile while it loads', async ({ host, history, page }) => {
    await page.addInitScript(() => delete WebAssembly.compileStreaming);
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
  });

  test('behind a service worker that answers all requests itself', async ({ signIn, history, page }) => {
    const worker = 'addEventListener("activate", (event) => event.waitUntil(clients.claim()));\n' +
      'addEventListener("fetch", (event) => event.respondWith(fetch(event.request).then(async (response) => new Response(await response.blob(), response))));';
    await page.context().route('**/worker.js', (route) => route.fulfill({ contentType: 'text/javascript', body: worker }));
    // A page without Trusted Types, which would forbid it.
    await page.route('**/plain', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Plain</title>' }));
    await page.goto('/plain');
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await signIn('A few');
    await expect(history.rows).toHaveCount(7);
    expect(await page.evaluate(() => performance.getEntriesByType('resource').find(({ name }) => name.endsWith('.wasm')).workerStart)).toBeGreaterThan(0);
  });
});

test('texts that are a web page are warned of, and asked for once more', async ({ host, page, watch }) => {
  await page.route('**/locale-de-*.json', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>The console</title>' }), { times: 1 });
  let send;
  await page.route('**/*_bg.wasm', (route) => (send = () => route.continue()));
  await host(`${ENTRY}<referral-history lang="de"></referral-history>`);
  expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('the texts in "de" could not be loaded')]);
  await expect.poll(() => send !== undefined).toBe(true);
  await send();
  await expect(page.getByRole('heading', { name: 'Empfehlungsverlauf' })).toBeVisible();
});

test('an attribute that is misspelled is warned of once, with its right name', async ({ host, page, watch }) => {
  const misspelled = '<referral-history apibase="/api/v1" url_sync="off" class="wide" data-theme="dark" aria-label="Referrals"></referral-history>';
  await host(ENTRY + misspelled + misspelled);
  for (const place of [0, 1]) await expect(historyIn(element(page).nth(place)).rows).toHaveCount(25);
  expect(watch.problems.splice(0).filter((line) => line.includes('the attribute'))).toEqual([
    expect.stringContaining('the attribute apibase does nothing: its name is api-base.'),
    expect.stringContaining('the attribute url_sync does nothing: its name is url-sync.'),
  ]);
});

test.describe('when it fails to start', () => {
  const message = (page) => page.getByRole('alert').getByText('could not be shown in this browser');
  const answerStyles = (page, answer) => page.route('**/referral-history-*.css', (route) => route.fulfill(answer));

  for (const [what, prepare] of Object.entries({
    'no WebAssembly': (page) => page.addInitScript(() => delete globalThis.WebAssembly),
    'a module that is blocked': (page) => page.route('**/*.wasm', (route) => route.abort()),
    'a script that is missing': (page) => page.route('**/element-*.js', (route) => route.fulfill({ status: 404, body: '' })),
    'a style sheet that the server cannot send': (page) => answerStyles(page, { status: 500, body: '' }),
    'a style sheet that is a web page': (page) => answerStyles(page, { contentType: 'text/html', body: '<!doctype html><style>:host { color: red }</style>' }),
    'a style sheet that is a web page by another type': (page) => answerStyles(page, { contentType: 'text/css', body: '<!doctype html><title>The console</title>' }),
    'a style sheet that is empty': (page) => answerStyles(page, { contentType: 'text/css', body: '' }),
    // What Vite and webpack make of a style sheet.
    'a style sheet that is a script': (page) => answerStyles(page, { contentType: 'text/javascript', body: '/* bundled */ import { update } from "/@vite/client";\nupdate(":host{display:block}")' }),
    'a style sheet that is a script by another type': (page) => answerStyles(page, { contentType: 'text/css', body: 'var list = [];\nlist.push([1, `:host {\n}\n.rh {\n}`, ""]);' }),
  })) {
    test(`${what} is said in place, and told`, async ({ host, page, watch, received }) => {
      await prepare(page);
      await host(ENTRY + ELEMENT);
      await expect(message(page)).toBeVisible();
      await expect(page.getByRole('alert')).not.toContainText('credit');
      expect((await received('error')).map(({ detail }) => detail)).toEqual([{ kind: 'start', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
      expect(watch.requests).toHaveLength(0);
      const own = watch.problems.splice(0).filter((line) => line.includes('referral-history: '));
      expect(own).toHaveLength(1);
    });
  }

  test('a module that is no WebAssembly is said in place; what was requested meanwhile may have cost a credit', async ({ host, page, watch, received }) => {
    await page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: 'no' }));
    await host(ENTRY + ELEMENT);
    await expect(message(page)).toBeVisible();
    expect((await received('error')).map(({ detail }) => [detail.kind, detail.creditsCharged])).toEqual([['start', watch.requests.length ? null : 0]]);
    expect(watch.problems.splice(0)).toHaveLength(1);
  });

  test.describe('because a release has removed its files', () => {
    const reload = (page) => page.getByRole('alert').getByText('Reload the page to get the current version');
    const FILES = /\/(?:element-|referral-history-|locale-)/;

    for (const [what, pattern, answer] of [
      ['all are answered with 404', FILES, { status: 404, body: '' }],
      ['all are answered with 410', FILES, { status: 410, body: '' }],
      ['all are answered with the console’s page', FILES, { contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>The console</title>' }],
      // The browser has kept the others.
      ['only the style sheet is', /\/referral-history-.*\.css$/, { status: 404, body: '' }],
    ]) {
      test(`it says to reload, in place and to the host: ${what}`, async ({ host, page, watch, received }) => {
        await page.route(pattern, (route) => route.fulfill(answer));
        await host(ENTRY + ELEMENT);
        await expect(reload(page)).toBeVisible();
        expect((await received('error')).map(({ detail }) => detail)).toEqual([{ kind: 'outdated', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
        expect(watch.requests).toHaveLength(0);
        const own = watch.problems.splice(0).filter((line) => line.includes('referral-history: '));
        expect(own).toEqual([expect.stringContaining('is gone from the server')]);
      });
    }

    test('it says so in the page’s language', async ({ host, page, watch }) => {
      await page.route(FILES, (route) => route.fulfill({ status: 404, body: '' }));
      await host(`${ENTRY}<referral-history lang="de-AT"></referral-history>`);
      await expect(page.getByRole('alert')).toHaveText(/Diese Seite ist veraltet.*Laden Sie die Seite neu/);
      watch.expected = GONE;
    });
  });

  test('files that never come are waited for a minute, no longer', async ({ host, page, watch, received }) => {
    await stopClock(page);
    await page.route('**/*.wasm', () => {});
    await host(`${ENTRY}<referral-history><p>What the host wrote.</p></referral-history>`);
    await expect(element(page)).toHaveJSProperty('isConnected', true);
    await page.clock.runFor(59_000);
    await expect(page.getByText('What the host wrote.')).toBeVisible();
    await page.clock.runFor(2_000);
    await expect(message(page)).toBeVisible();
    await expect(page.getByText('What the host wrote.')).toBeHidden();
    expect((await received('error')).map(({ detail }) => detail.kind)).toEqual(['start']);
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('did not come in time')]);
  });

  test.describe('because the later part of the program is not there', () => {
    const LATER = '**/element-later-*.wasm';

    test('it says so in the page’s language, as that separates sentences', async ({ host, page, watch }) => {
      await page.route(LATER, (route) => route.fulfill({ status: 404, body: '' }));
      await host(`${ENTRY}<referral-history lang="ja"></referral-history>`);
      await expect(page.getByRole('alert')).toHaveText(/ご利用ください。再読み込みすると/);
      watch.expected = GONE;
    });

    for (const [what, answer, times, kind, reason] of [
      ['it is blocked', (route) => route.abort(), 2, 'start', /fetch/i],
      ['a release has removed it', (route) => route.fulfill({ status: 404, body: '' }), 1, 'outdated', /is gone from the server/],
      ['the console’s page is in its place', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }), 1, 'outdated', /is gone from the server/],
      ['another file is in its place', (route) => route.fulfill({ contentType: 'application/wasm', body: Buffer.of(0, 97, 115, 109, 1, 0, 0, 0) }), 2, 'start', /its integrity differs/],
    ]) {
      test(`${what}: this is said in place of the rows, told, and a reload may cost another credit`, async ({ host, history, page, watch, received }) => {
        let asked = 0;
        await page.route(LATER, (route) => {
          asked += 1;
          return answer(route);
        });
        await host(ENTRY + ELEMENT);
        await expect(page.getByRole('alert')).toHaveText(/Reload the page to .*\. Reloading may cost another credit\.$/);
        await expect(page.locator('.rh-table')).toHaveCount(0);
        expect(asked).toBe(times);
        expect((await received('error')).map(({ detail }) => detail)).toEqual([{ kind, status: null, requestId: null, retryAfter: null, creditsCharged: null }]);
        expect(watch.requests).toHaveLength(1);
        const own = watch.problems.splice(0).filter((line) => !line.includes('Failed to load resource'));
        expect(own).toEqual([expect.stringMatching(reason)]);
        expect(own[0]).toContain('referral-history: it could not be started');
        // The element can be put on the page again.
        await page.unroute(LATER);
        await element(page).evaluate((element) => {
          element.unmount();
          document.body.append(element);
        });
        await expect(history.rows).toHaveCount(25);
        expect(watch.problems).toEqual([]);
      });
    }

    test('it is waited for a minute, with the rows', async ({ host, page, watch, received }) => {
      await stopClock(page);
      await page.route(LATER, () => {});
      await host(ENTRY + ELEMENT);
      const rows = page.locator('.rh-table > tbody > tr');
      await expect.poll(async () => (await page.clock.runFor(100), rows.count())).toBe(25);
      await page.clock.runFor(58_000);
      await expect(rows).toHaveCount(25);
      await page.clock.runFor(4_000);
      await expect(message(page)).toBeVisible();
      await expect(rows).toHaveCount(0);
      expect((await received('error')).map(({ detail }) => detail.kind)).toEqual(['start']);
      expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('did not come in time')]);
    });

    test('it is asked for once more where the connection was lost', async ({ host, history, page, watch }) => {
      await page.route(LATER, (route) => route.abort(), { times: 1 });
      await host(ENTRY + ELEMENT);
      await expect(history.rows).toHaveCount(25);
      await expect(history.search).toBeVisible();
      expect(watch.requests).toHaveLength(1);
      expect(watch.problems.splice(0)).toEqual([expect.stringContaining('Failed to load resource')]);
    });

    test('all elements say so, also one that came back, and ask nothing', async ({ host, page, watch, received }) => {
      let fail;
      await page.route(LATER, (route) => (fail = () => route.fulfill({ status: 404, body: '' })));
      await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
      await expect(page.locator('.rh-table > tbody > tr')).toHaveCount(50);
      await element(page).first().evaluate(async (element) => {
        element.remove();
        await new Promise((done) => setTimeout(done, 100));
        document.body.append(element);
      });
      await expect(page.locator('.rh-table > tbody > tr')).toHaveCount(25);
      await fail();
      await expect(page.getByRole('alert').getByText('Reload the page to get')).toHaveCount(2);
      const failures = (await received('error')).map(({ detail }) => [detail.kind, detail.creditsCharged]);
      expect(failures).toEqual([['outdated', null], ['outdated', null]]);
      expect(watch.requests).toHaveLength(2);
      watch.expected = GONE;
    });
  });

  test('what failed can be put on the page again', async ({ host, history, page, watch }) => {
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
    await expect(history.rows).toHaveCount(25);
    await expect(message(page)).toHaveCount(0);
    expect(watch.requests).toHaveLength(1);
    watch.problems.splice(0);
  });

  test('a panic is told once, with its message and place, and the element can be put on again', async ({ host, history, page, watch, received }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(historyIn(element(page).nth(place)).rows).toHaveCount(25);
    await page.evaluate(provokeDefect);
    await history.detailsOf('SECRET3').press('Enter');
    await expect(message(page)).toHaveCount(2);
    const detail = { kind: 'panic', status: null, requestId: null, retryAfter: null, creditsCharged: null };
    expect((await received('error')).map(({ detail }) => detail)).toEqual([detail, detail]);
    const lines = watch.problems.splice(0);
    expect(lines).toEqual([expect.stringMatching(/referral-history: panicked at \S+\.rs:\d+:\d+:\s+\S/)]);
    // Nothing of what was stopped goes on.
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await page.mouse.click(3, 3);
    await element(page).first().evaluate((element) => {
      element.unmount();
      document.body.append(element);
    });
    await expect(history.rows).toHaveCount(25);
    await expect(message(page)).toHaveCount(1);
    expect(watch.requests).toHaveLength(3);
    // What was stopped does nothing either when the browser clears it away.
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    const devtools = await page.context().newCDPSession(page);
    for (let time = 0; time < 3; time += 1) await devtools.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(300);
    expect(query(page)).toBe('?role=referrer');
    expect(watch.problems).toEqual([]);
  });

  test('a host that is told of a panic may take all of them away', async ({ host, history, page, watch, received }) => {
    await host(`${ENTRY}${ELEMENT}<referral-history url-sync="off"></referral-history>`);
    for (const place of [0, 1]) await expect(historyIn(element(page).nth(place)).rows).toHaveCount(25);
    await page.evaluate(() => {
      addEventListener('referral-history:error', () => {
        for (const element of document.querySelectorAll('referral-history')) element.unmount();
      });
    });
    await page.evaluate(provokeDefect);
    await history.detailsOf('SECRET3').press('Enter');
    await expect(element(page)).toHaveCount(0);
    expect((await received('error')).map(({ detail }) => detail.kind)).toEqual(['panic']);
    expect(await takeWarnings(watch, 1)).toEqual([expect.stringContaining('panicked at')]);
  });

  test('an entry that does not come leaves the standalone page a sentence', async ({ history, page, watch }) => {
    await page.route('**/referral-history.js', (route) => route.abort());
    await page.goto('/');
    await expect(page.getByText('needs JavaScript and WebAssembly')).toBeVisible();
    watch.expected = NOT_COME;
  });

  test('an entry that does not come leaves what the host put there', async ({ host, history, page, watch }) => {
    await page.route('**/referral-history.js', (route) => route.abort());
    await host(`${ENTRY}<referral-history>It could not be loaded.</referral-history>`);
    await expect(page.getByText('It could not be loaded.')).toBeVisible();
    watch.expected = NOT_COME;
  });
});
