// A page that stays open for days: after hundreds of changes it holds no more nodes, listeners, timers and
// memory than after the first ten.
import { expect, test } from './fixtures.mjs';

/** How many changes come before the first measurement: what is made once and kept is made by then. */
const FIRST = 60;

/** Lets the page's memory and its timers be seen. Runs before any script of the page. */
function watchMemoryAndTimers() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...all) => {
    const instance = await instantiate(...all);
    // The later part of the program uses the memory of the first.
    window.memory ??= instance.exports.memory;
    return instance;
  };
  const live = (window.timers = new Set());
  const { setTimeout, clearTimeout, setInterval, clearInterval } = window;
  window.setTimeout = (action, ...more) => {
    const id = setTimeout((...all) => {
      live.delete(id);
      action(...all);
    }, ...more);
    live.add(id);
    return id;
  };
  window.setInterval = (...all) => {
    const id = setInterval(...all);
    live.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    live.delete(id);
    clearTimeout(id);
  };
  window.clearInterval = (id) => {
    live.delete(id);
    clearInterval(id);
  };
}

/** Makes some changes, and returns what the page holds once nothing is left to do or to collect. */
async function measure(page, change, many) {
  await page.evaluate(change, many);
  const devtools = await page.context().newCDPSession(page);
  // The outcome of a choice is announced a moment later. Then only the timer of the clock is left.
  await expect.poll(() => page.evaluate(() => window.timers.size)).toBeLessThanOrEqual(1);
  for (let time = 0; time < 3; time += 1) {
    // What left the document is held until the next frame.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await devtools.send('HeapProfiler.collectGarbage');
  }
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  const { memory, timers } = await page.evaluate(() => ({ memory: window.memory.buffer.byteLength, timers: window.timers.size }));
  await devtools.detach();
  return { nodes, listeners: jsEventListeners, timers, memory };
}

const show = (page, isShown) => page.evaluate((isShown) => (document.querySelector('referral-history').style.display = isShown ? '' : 'none'), isShown);

/** Makes `FIRST` changes, then `many`, then `FIRST` again, and compares what the page holds after the first and the last. */
async function leavesNothing(page, what, change, many) {
  const before = await measure(page, change, FIRST);
  // Nobody lays out or paints what is not shown, which is most of the work, and leaves nothing in the page.
  await show(page, false);
  // Chromium holds on to one tree that was replaced in the middle of hundreds, however many they are.
  await page.evaluate(change, many);
  await show(page, true);
  const after = await measure(page, change, FIRST);
  console.log(`after ${FIRST} and ${FIRST + many + FIRST} ${what}:`, JSON.stringify(before), JSON.stringify(after));
  expect.soft(after.nodes, 'nodes').toBeLessThanOrEqual(before.nodes);
  expect.soft(after.listeners, 'listeners').toBeLessThanOrEqual(before.listeners);
  expect.soft(after.timers, 'timers').toBe(before.timers);
  expect.soft(after.memory, 'memory').toBeLessThanOrEqual(before.memory * 1.1);
}

test.beforeEach(({ page }) => page.addInitScript(watchMemoryAndTimers));

for (const [attribute, values] of Object.entries({
  lang: ['de', 'ar', 'en'],
  theme: ['dark', 'light', 'system'],
  'page-size': ['10', '50', '25'],
  'sign-in-url': ['/one', '/two', '/sign-in'],
})) {
  test(`600 changes of ${attribute} leave nothing behind`, async ({ signIn, history, page }) => {
    test.setTimeout(120_000);
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    // `many` changes, and a few more until the last value is set: that of the beginning.
    await page.evaluate(([attribute, values]) => {
      window.change = async (many) => {
        const element = document.querySelector('referral-history');
        for (let number = 0; number < many || number % values.length; number += 1) {
          element.setAttribute(attribute, values[number % values.length]);
          await new Promise((next) => setTimeout(next));
        }
      };
    }, [attribute, values]);
    await leavesNothing(page, `changes of ${attribute}`, (many) => window.change(many), 600);
    await expect(history.rows).toHaveCount(25);
  });
}

test('1,000 changes of the bars leave nothing behind', async ({ signIn, history, page }) => {
  test.setTimeout(120_000);
  await signIn('Busy');
  await expect(history.bars.first()).toBeVisible();
  const bars = await history.bars.count();
  await page.evaluate(() => (document.querySelector('referral-history').urlSync = 'off'));
  await page.evaluate(() => {
    window.change = async (many) => {
      const [week, month] = deep.all('.rh-intervals button');
      const [all, role] = deep.all('[part=filters] input[type=radio]');
      // What was subscribed to the choices is let go when these change.
      const rounds = [month, week, month, week, role, all];
      for (let number = 0; number < many || number % rounds.length; number += 1) {
        rounds[number % rounds.length].click();
        await new Promise((next) => setTimeout(next));
      }
    };
  });
  await leavesNothing(page, 'changes of the bars', (many) => window.change(many), 1_000);
  await expect(history.bars).toHaveCount(bars);
});

test('1,000 filters leave nothing behind', async ({ signIn, history, page, watch }) => {
  test.setTimeout(120_000);
  await signIn('Busy');
  // A browser refuses so many steps in its history.
  await page.evaluate(() => (document.querySelector('referral-history').urlSync = 'off'));
  await expect(history.rows).toHaveCount(25);
  await expect(history.search).toBeVisible();
  await page.evaluate(() => {
    window.change = async (many) => {
      const inputs = (type) => deep.all(`[part=shares] input[type=${type}], [part=filters] input[type=${type}]`);
      const [all, ...roles] = inputs('radio');
      const rounds = [...roles.flatMap((role) => [role, all]), ...inputs('checkbox').flatMap((status) => [status, status])];
      for (let number = 0; number < many || number % rounds.length; number += 1) {
        rounds[number % rounds.length].click();
        await new Promise((next) => setTimeout(next));
      }
    };
  });
  await leavesNothing(page, 'filters', (many) => window.change(many), 1_000);
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(1);
});

test('100 refreshes leave nothing behind', async ({ signIn, history, page, watch }) => {
  test.setTimeout(120_000);
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const refresh = async (many) => {
    const element = document.querySelector('referral-history');
    for (let number = 0; number < many; number += 1) {
      const loaded = new Promise((next) => element.addEventListener('referral-history:load', next, { once: true }));
      element.refresh();
      await loaded;
    }
  };
  await leavesNothing(page, 'refreshes', refresh, 100);
  await expect(history.rows).toHaveCount(25);
  expect(watch.requests).toHaveLength(1 + FIRST + 100 + FIRST);
});
