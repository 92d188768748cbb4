// The files of the release build: what is requested, from where, and in which browser.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures.mjs';

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
  await expect(other.getByRole('cell', { name: 'BELOW', exact: true })).toBeVisible();
  await other.close();
  server.closeAllConnections();
  server.close();
});

test('a browser without WebAssembly is told so', async ({ page, watch }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto('/');
  await expect(page.getByText('The referral history could not be shown in this browser.')).toBeVisible();
  // The error is reported, once, for whoever looks.
  expect(watch.problems.splice(0)).toHaveLength(1);
});
