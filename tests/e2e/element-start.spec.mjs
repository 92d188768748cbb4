// What the element shows while the program is loading, and when it cannot start or has panicked.
import { provokeDefect } from './defect.mjs';
import { expect } from './fixtures.mjs';
import { element, ELEMENT, ENTRY, historyIn, query, takeWarnings, test } from './host.mjs';

test('until it is there, what the host wrote stands in for it', async ({ host, history, page }) => {
  let send;
  await page.route('**/*.wasm', (route) => (send = () => route.continue()));
  await host(`${ENTRY}<referral-history><p>What the host wrote.</p></referral-history>`);
  await expect.poll(() => send !== undefined).toBe(true);
  await expect(page.getByText('What the host wrote.')).toBeVisible();
  await send();
  await expect(history.rows).toHaveCount(25);
  await expect(page.getByText('What the host wrote.')).toBeHidden();
});

test.describe('when it fails to start', () => {
  const message = (page) => page.getByRole('alert').getByText('could not be shown in this browser');

  for (const [what, prepare] of Object.entries({
    'no WebAssembly': (page) => page.addInitScript(() => delete globalThis.WebAssembly),
    'a module that is blocked': (page) => page.route('**/*.wasm', (route) => route.abort()),
    'a script that is missing': (page) => page.route('**/element-*.js', (route) => route.fulfill({ status: 404, body: '' })),
    'a style sheet that is missing': (page) => page.route('**/referral-history-*.css', (route) => route.fulfill({ status: 404, body: '' })),
  })) {
    test(`${what} is said in place, and told`, async ({ host, page, watch, received }) => {
      await prepare(page);
      await host(ENTRY + ELEMENT);
      await expect(message(page)).toBeVisible();
      expect((await received('error')).map(({ detail }) => detail)).toEqual([{ kind: 'start', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
      expect(watch.requests).toHaveLength(0);
      const own = watch.problems.splice(0).filter((line) => line.includes('referral-history: '));
      expect(own).toHaveLength(1);
    });
  }

  test('files that never come are waited for a minute, no longer', async ({ host, page, watch, received }) => {
    await page.clock.install();
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
    watch.problems.splice(0);
  });

  test('an entry that does not come leaves what the host put there', async ({ host, history, page, watch }) => {
    await page.route('**/referral-history.js', (route) => route.abort());
    await host(`${ENTRY}<referral-history>It could not be loaded.</referral-history>`);
    await expect(page.getByText('It could not be loaded.')).toBeVisible();
    watch.problems.splice(0);
  });
});
