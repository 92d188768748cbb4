// What the page is like: at every width and in both themes, how still, and where it runs.
import AxeBuilder from '@axe-core/playwright';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures.mjs';

const WIDTHS = [320, 768, 1280];
const THEMES = ['light', 'dark'];
const FACES = {
  Busy: (page) => page.getByRole('table', { name: 'Referral events' }),
  'Hostile text': (page) => page.getByRole('table', { name: 'Referral events' }),
  'Broken records': (page) => page.getByRole('table', { name: 'Referral events' }),
  'From the future': (page) => page.getByRole('table', { name: 'Referral events' }),
  Empty: (page) => page.getByRole('heading', { name: 'No referrals yet' }),
  Stalled: (page) => page.getByRole('status').filter({ hasText: 'Loading' }),
  'Bad gateway': (page) => page.getByRole('heading', { name: 'The service could not answer' }),
  'Rate limited': (page) => page.getByRole('heading', { name: 'Too many requests' }),
  'Signed out upstream': (page) => page.getByRole('link', { name: 'Sign in' }),
};

for (const [account, face] of Object.entries(FACES)) {
  test(`${account}: accessible, and never scrolls sideways`, async ({ signIn, page }) => {
    await signIn(account);
    await expect(face(page)).toBeAttached();
    for (const colorScheme of THEMES) {
      for (const width of WIDTHS) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(beyond, `${width} px`).toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), `${colorScheme} ${width}`).toEqual([]);
      }
    }
  });
}

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

test('Clear filters comes and goes without moving anything', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const places = () => page.locator('.rh fieldset, table').evaluateAll((all) => all.map((part) => part.getBoundingClientRect().top));
    const before = await places();
    expect(before).toEqual([...before].sort((a, b) => a - b));
    await history.role('Referrer').check();
    await expect(history.clear).toBeVisible();
    expect(await places(), `${width} px`).toEqual(before);
    await history.clear.click();
  }
});

test('targets are at least 24 px', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const sizes = await page.locator('.rh :is(button, select, label:has(input))').evaluateAll((all) =>
      all.map((target) => target.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
    );
    expect(sizes.length).toBeGreaterThan(12);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  }
});

test('nothing moves when the rows come, or when the page tries again', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [account, width, rows] of [
    ['Busy', 1280, 25],
    ['Slow', 1280, 25],
    ['Busy', 390, 25],
    ['Flaky', 1280, 12],
    ['Flaky', 390, 12],
    ['Broken records', 390, 25],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    await signIn(account);
    await expect(history.rows).toHaveCount(rows, { timeout: 10_000 });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.shift), `${account} at ${width} px`).toBeLessThan(0.01);
  }
});

test('each file is asked for once', async ({ signIn, history, page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const files = asked.slice(asked.lastIndexOf('/')).filter((file) => file !== '/favicon.ico');
  expect(files.some((file) => file.endsWith('.wasm'))).toBe(true);
  expect(files).toEqual([...new Set(files)]);
});

test('the build runs below any path', async ({ page }) => {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname.startsWith('/api/')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end('{"code":200,"msg":"ok","data":{"items":[{"code":"BELOW"}]}}');
    }
    const file = pathname.replace('/some/where/', '') || 'index.html';
    try {
      const body = await readFile(path.join(process.env.DIST, path.basename(file)));
      response.writeHead(200, { 'content-type': types[path.extname(file)] });
      return response.end(body);
    } catch {
      response.writeHead(404);
      return response.end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  // Another server is another origin than the console's, and the watch over this page is for that
  // one: this is a page of its own.
  await page.goto('/');
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${server.address().port}/some/where/`);
  await expect(other.getByRole('cell', { name: 'BELOW' })).toBeVisible();
  await other.close();
  server.closeAllConnections();
  server.close();
});

test('a browser without WebAssembly is told so', async ({ page, watch }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto('/');
  await expect(page.getByText('The page could not be started in this browser.')).toBeVisible();
  // The error is reported, once, for whoever looks.
  expect(watch.broken.splice(0)).toHaveLength(1);
});
