// What Lighthouse says of the page that the development console serves. What it judges by looking is asserted; what
// it judges by the clock differs with the machine, and is printed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { given } from './support.mjs';

const FLAGS = ['--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
// A browser does not start in its sandbox as root.
const ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** What a browser sends once it has signed in to the console as an account. */
async function signIn(url, name) {
  const page = await (await fetch(`${url}/sign-in`)).text();
  const account = page.match(new RegExp(`name="account" value="([^"]+)"[^>]*>${name}<`))[1];
  const body = new URLSearchParams({ account, return: '/' });
  const response = await fetch(`${url}/sign-in`, { method: 'POST', redirect: 'manual', headers: { origin: url }, body });
  assert.equal(response.status, 303);
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

describe('Lighthouse', () => {
  let url;
  let server;
  let chrome;
  before(async () => {
    server = spawn(given('DEV_CONSOLE'), ['--port', '0', '--dist', given('DIST')], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(createInterface(server.stdout), 'line');
    url = line.match(/http:\S+[^/\s]/)[0];
    chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: [...FLAGS, ...ROOT] });
  });
  after(() => {
    chrome?.kill();
    server?.kill();
  });

  for (const [device, config] of [['a phone', undefined], ['a desktop', desktopConfig]]) {
    test(`finds nothing wrong on ${device}`, async (context) => {
      const settings = { port: chrome.port, logLevel: 'error', extraHeaders: { Cookie: await signIn(url, 'Busy') } };
      const { lhr } = await lighthouse(`${url}/`, { ...settings, onlyCategories: ['performance', 'accessibility', 'best-practices'] }, config);
      assert.deepEqual(lhr.runWarnings, []);
      const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
      const { performance, ...others } = scores;
      const times = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'speed-index'];
      context.diagnostic(`performance ${performance}: ${times.map((id) => `${id} ${lhr.audits[id].displayValue}`).join(', ')}`);
      const failed = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === 'binary' && score === 0);
      context.diagnostic(`not passed: ${failed.map(({ id }) => id).join(', ') || 'none'}`);
      assert.deepEqual(others, { accessibility: 100, 'best-practices': 100 });
      assert.equal(lhr.audits['cumulative-layout-shift'].numericValue, 0);
    });
  }
});
