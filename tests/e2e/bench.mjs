// How long a user waits, in a real browser, for the release build that the development console serves: `cargo xtask
// bench`. Times depend on the machine, so nothing passes or fails: compare two builds on one machine.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import config from './playwright.config.mjs';
import startConsole from './console.mjs';

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '5' }, json: { type: 'string' } } });
const RUNS = Number(options.runs);
const EVENTS = '/api/v1/referrals/me/events';

/** Of a slow phone, and of a slow connection: 150 ms and 1.6 Mbit/s. */
const SLOW_PROCESSOR = 4;
const SLOW_NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs before any script of the page. Notes when as many rows as a page has are painted, and when all is. */
function watchRows() {
  const shown = (selector) => document.querySelector('referral-history')?.shadowRoot?.querySelectorAll(selector).length ?? 0;
  // After the frame that is being made.
  window.painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(0);
      });
    });
  const until = (holds) => new Promise((resolve) => (function look() {
    if (holds()) resolve();
    else setTimeout(look, 4);
  })());
  document.addEventListener('DOMContentLoaded', async () => {
    await until(() => shown('tbody td > time') >= 25);
    window.rowsAt = await window.painted();
    // The chart comes last.
    await until(() => shown('.rh-slots') > 0);
    window.allAt = await window.painted();
  });
}

/** How long the page's main thread had the processor in a trace, in milliseconds, until a moment in microseconds. */
function processorTime({ traceEvents }, until = Infinity) {
  const layouts = new Map();
  for (const { name, ph, pid, tid } of traceEvents) {
    if (name === 'Layout' && ph === 'X') layouts.set(`${pid}:${tid}`, (layouts.get(`${pid}:${tid}`) ?? 0) + 1);
  }
  const [[main] = []] = [...layouts].sort(([, one], [, other]) => other - one);
  let sum = 0;
  let end = 0;
  const tasks = traceEvents.filter(({ name, ph, pid, tid, ts }) => ph === 'X' && name.endsWith('RunTask') && `${pid}:${tid}` === main && ts < until);
  for (const { ts, dur, tdur = dur } of tasks.sort((a, b) => a.ts - b.ts)) {
    if (ts < end) continue;
    end = ts + dur;
    sum += tdur;
  }
  return sum / 1000;
}

const TRACED = { categories: ['devtools.timeline', 'toplevel', 'blink.user_timing'] };

async function traced(browser, page, action) {
  await browser.startTracing(page, TRACED);
  const result = await action();
  const trace = JSON.parse((await browser.stopTracing()).toString());
  return [result, trace];
}

async function newPage(browser, { processor = 1, network } = {}) {
  const { locale, timezoneId } = config.use;
  const context = await browser.newContext({ baseURL: process.env.CONSOLE_URL, locale, timezoneId, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchRows);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: processor });
  if (network) await devtools.send('Network.emulateNetworkConditions', network);
  return { context, page, devtools };
}

async function signIn(page) {
  const sent = { headers: { origin: process.env.CONSOLE_URL }, maxRedirects: 0 };
  const form = await (await page.request.get('/sign-in')).text();
  const [, account] = form.match(/name="account" value="([^"]+)"[^>]*>Busy</);
  await page.request.post('/sign-in', { ...sent, form: { account, return: '/' } });
}

/** One view, from the navigation until all is drawn. */
async function view(browser, { page, devtools }) {
  const wire = { bytes: 0, files: 0, requests: 0 };
  const cached = new Set();
  const asked = ({ request }) => void (request.url.includes(EVENTS) && (wire.requests += 1));
  const fromCache = ({ requestId }) => cached.add(requestId);
  const finished = ({ requestId, encodedDataLength }) => {
    if (cached.has(requestId) || encodedDataLength === 0) return;
    wire.bytes += encodedDataLength;
    wire.files += 1;
  };
  devtools.on('Network.requestWillBeSent', asked).on('Network.requestServedFromCache', fromCache).on('Network.loadingFinished', finished);
  const [times, trace] = await traced(browser, page, async () => {
    await page.goto('/', { waitUntil: 'commit' });
    await page.waitForFunction(() => window.rowsAt > 0);
    await page.evaluate(() => performance.mark('rows'));
    await page.waitForFunction(() => window.allAt > 0);
    return page.evaluate(() => ({
      'first paint, ms': performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      'rows, ms': window.rowsAt,
      'all, ms': window.allAt,
    }));
  });
  devtools.off('Network.requestWillBeSent', asked).off('Network.requestServedFromCache', fromCache).off('Network.loadingFinished', finished);
  const mark = trace.traceEvents.find(({ name, cat }) => name === 'rows' && cat.includes('user_timing'));
  return {
    ...times,
    'processor until the rows, ms': processorTime(trace, mark?.ts),
    'files on the wire': wire.files - wire.requests,
    'kB on the wire': wire.bytes / 1000,
    'requests to the API': wire.requests,
  };
}

/** From a press or a key to the frame after it. */
async function interact(browser, page, action) {
  await page.evaluate(() => {
    const begin = (event) => {
      if (window.shown) return;
      window.began = event.timeStamp;
      window.shown = window.painted();
    };
    for (const type of ['pointerdown', 'keydown', 'click', 'input', 'change']) addEventListener(type, begin, { capture: true, once: true });
  });
  const [time, trace] = await traced(browser, page, async () => {
    await action();
    const time = await page.evaluate(async () => (await window.shown) - window.began);
    // What is told to a screen reader follows a moment later.
    await page.waitForTimeout(600);
    return time;
  });
  await page.evaluate(() => delete window.shown);
  return { 'to the frame, ms': time, 'processor, ms': processorTime(trace) };
}

async function interactions(browser, page) {
  const role = (value) => page.locator(`input[type=radio][value=${value}]`);
  const press = (value) => () => role(value).evaluate((radio) => radio.click());
  const search = page.getByRole('searchbox');
  const heading = page.locator('th[data-column="status"] button');
  const sort = () => heading.evaluate((button) => button.click());
  const found = { 'role filter': [], 'all roles again': [], sort: [], 'a letter of a search': [] };
  for (let run = 0; run < RUNS; run += 1) {
    found['role filter'].push(await interact(browser, page, press('referrer')));
    found['all roles again'].push(await interact(browser, page, press('all')));
    found.sort.push(await interact(browser, page, sort));
    await search.focus();
    found['a letter of a search'].push(await interact(browser, page, () => page.keyboard.press('s')));
    await search.fill('');
    await page.waitForTimeout(600);
  }
  return found;
}

/** An answer with this many records, the same each time. */
function answer(count) {
  const statuses = ['attributed', 'qualified', 'review_required', 'rewarded', 'expired', 'capped', 'failed', 'rejected'];
  const items = Array.from({ length: count }, (_, place) => {
    const created = new Date(Date.now() - place * 5 * 3_600_000);
    const status = statuses[(place * 5) % statuses.length];
    return {
      id: `evt_${place}`,
      role: place % 3 ? 'referrer' : 'referred',
      status,
      code: `CODE${(place % 40) + 100}`,
      campaign: ['spring', 'summer', 'autumn-launch', undefined][place % 4],
      created_at: created.toISOString(),
      ...(status === 'rewarded' && { reward_credits: 10_000, rewarded_at: created.toISOString() }),
    };
  });
  return JSON.stringify({ code: 200, msg: 'ok', data: { items } });
}

async function answerWith(page, body) {
  await page.route(`**${EVENTS}*`, (route) => route.fulfill({ contentType: 'application/json', body }));
}

async function records(browser) {
  const found = {};
  for (const count of [10, 100, 1000]) {
    const { context, page, devtools } = await newPage(browser);
    await signIn(page);
    await answerWith(page, answer(count));
    await page.goto('/');
    await page.locator('tbody time').first().waitFor();
    await page.waitForTimeout(600);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_PROCESSOR });
    const role = (value) => () => page.locator(`input[type=radio][value=${value}]`).evaluate((radio) => radio.click());
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await interact(browser, page, role('referrer')));
      await interact(browser, page, role('all'));
    }
    found[`role filter, ${count} records`] = runs;
    await context.close();
  }
  return found;
}

/** What 100 pages leave behind that were mounted and unmounted. */
async function mounts(browser) {
  const { context, page, devtools } = await newPage(browser);
  await signIn(page);
  await answerWith(page, answer(100));
  await page.route('**/host', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Host</title><main></main>' }));
  await page.addInitScript(() => {
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const original = WebAssembly[name];
      WebAssembly[name] = async (...all) => {
        const result = await original(...all);
        window.memory ??= (result.instance ?? result).exports.memory;
        return result;
      };
    }
  });
  await page.goto('/host');
  const mount = (times) =>
    page.evaluate(async (times) => {
      const { mount } = await import('/referral-history.js');
      for (let time = 0; time < times; time += 1) {
        const loaded = new Promise((resolve) => addEventListener('referral-history:load', resolve, { once: true }));
        const page = await mount(document.querySelector('main'), { urlSync: 'off' });
        await loaded;
        page.unmount();
      }
    }, times);
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return { 'WebAssembly, kB': await page.evaluate(() => window.memory.buffer.byteLength / 1000), 'JavaScript, kB': usedSize / 1000 };
  };
  await mount(1);
  const first = await measure();
  await mount(99);
  const last = await measure();
  await context.close();
  return { 'memory after 1 mount': [first], 'memory after 100 mounts': [last] };
}

const stop = await startConsole();
const browser = await chromium.launch(config.use.launchOptions);
const found = {};
const note = (runs) => Object.assign(found, runs);
try {
  const conditions = { '': {}, ', slow processor': { processor: SLOW_PROCESSOR }, ', slow processor and network': { processor: SLOW_PROCESSOR, network: SLOW_NETWORK } };
  for (const [condition, slowed] of Object.entries(conditions)) {
    const views = { [`first visit${condition}`]: [], [`second visit${condition}`]: [] };
    for (let run = 0; run < RUNS; run += 1) {
      const opened = await newPage(browser, slowed);
      await signIn(opened.page);
      for (const runs of Object.values(views)) runs.push(await view(browser, opened));
      await opened.context.close();
    }
    note(views);
  }
  for (const [condition, slowed] of Object.entries({ '': {}, ', slow processor': { processor: SLOW_PROCESSOR } })) {
    const { context, page, devtools } = await newPage(browser);
    await signIn(page);
    await page.goto('/?per_page=100');
    await page.locator('tbody tr:nth-child(100) time').waitFor();
    await page.waitForTimeout(600);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowed.processor ?? 1 });
    for (const [name, runs] of Object.entries(await interactions(browser, page))) note({ [`${name}, 100 rows${condition}`]: runs });
    await context.close();
  }
  note(await records(browser));
  note(await mounts(browser));
} finally {
  await browser.close();
  await stop();
}

const medians = Object.fromEntries(
  Object.entries(found).map(([what, runs]) => [
    what,
    Object.fromEntries(Object.keys(runs[0]).map((figure) => [figure, median(runs.map((run) => run[figure]))])),
  ]),
);
console.log(`medians of ${RUNS}`);
for (const [what, figures] of Object.entries(medians)) {
  console.log(what);
  for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(30)}${(value ?? NaN).toFixed(value < 20 ? 1 : 0).padStart(8)}`);
}
if (options.json) writeFileSync(options.json, `${JSON.stringify({ runs: RUNS, medians }, null, 2)}\n`);
