// docs/nginx.conf in a real nginx: what it sends with each kind of file, and that a page of another
// origin can show the element from there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { freePort } from '../free-port.mjs';
import { given, openBrowser, pathOf, source, startNginx, temporaryDirectory } from './support.mjs';

const RECORDS = [
  { id: 'a1', code: 'A1B2C3', role: 'referrer', status: 'rewarded', reward_credits: 10000, created_at: '2026-03-01T09:30:00Z' },
  { id: 'a2', code: 'A1B2C3', role: 'referred', status: 'qualified', created_at: '2026-03-02T09:30:00Z' },
  { id: 'a3', code: 'A1B2C3', role: 'referrer', status: 'capped', created_at: '2026-03-03T09:30:00Z' },
];
const ANSWER = JSON.stringify({ code: 200, msg: 'ok', data: { items: RECORDS } });
const EVENTS = '/api/v1/referrals/me/events?limit=100';
/** When the API made its answer. */
const MADE = 'Thu, 05 Mar 2026 12:00:00 GMT';

// A copy, whose files the tests may change; and below a path, too, since the files are to work there.
const root = join(temporaryDirectory(), 'root');
cpSync(given('DIST'), root, { recursive: true });
const names = readdirSync(root);
cpSync(given('DIST'), join(root, 'below', 'a-path'), { recursive: true });
const named = (pattern) => names.find((name) => pattern.test(name));
const SCRIPT = named(/^element-[0-9a-f]{8,16}\.js$/);
const MODULE = named(/^element-[0-9a-f]{8,16}_bg\.wasm$/);
const LATER = named(/^element-later-[0-9a-f]{8,16}\.wasm$/);
const LOCALES = names.filter((name) => /^locale-[A-Za-z-]+-[0-9a-f]{8,16}\.json$/.test(name));
const STYLE = named(/^referral-history-[0-9a-f]{8,16}\.css$/);

const prefix = temporaryDirectory();
let nginx;
let origin;
let backend;
const asked = [];

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function end(server) {
  server.closeAllConnections?.();
  server.close();
  await once(server, 'close');
}

before(async () => {
  backend = http.createServer((request, response) => {
    asked.push(request);
    if (request.url.includes('drop')) return request.socket.destroy();
    response.setHeader('x-request-id', request.headers['x-request-id'] ?? 'none');
    response.setHeader('cache-control', 'public, max-age=60');
    response.setHeader('date', MADE);
    response.setHeader('age', '3600');
    response.setHeader('content-type', 'application/json');
    if (request.headers.cookie) return response.end(ANSWER);
    response.statusCode = 401;
    return response.end('{"code":401,"msg":"Sign in."}');
  });
  const backendPort = await listen(backend);
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const servers = `
  upstream console { server 127.0.0.1:${backendPort}; }
  server {
    listen 127.0.0.1:${port};
    root ${JSON.stringify(root)};
    include ${JSON.stringify(pathOf('docs/nginx.conf'))};
  }`;
  nginx = await startNginx(prefix, servers, origin);
});

after(async () => {
  if (nginx?.exitCode === null) {
    nginx.kill('SIGQUIT');
    await Promise.race([once(nginx, 'exit'), sleep(3000).then(() => nginx.exitCode ?? nginx.kill('SIGTERM'))]);
  }
  if (backend?.listening) await end(backend);
});

/** An answer as it was sent: `fetch` would unpack it and hide what says so. */
function get(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(path, origin), { headers, agent: false }, (response) => {
      const parts = [];
      response.on('data', (bytes) => parts.push(bytes));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
  });
}

const FOR_GOOD = 'public, max-age=31536000, immutable';
const SHARED = {
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'content-security-policy': undefined,
};
const hashed = (type) => ({ ...SHARED, 'content-type': type, 'cache-control': FOR_GOOD });
const entry = (type) => ({ ...SHARED, 'content-type': type, 'cache-control': 'no-cache' });

/** The policy that the development console sends with the page, which the tests in browsers prove. */
async function pagePolicy() {
  const [, policy] = (await source('dev-console/src/security_headers.rs')).match(/PAGE_POLICY: &str = "([^"]+)"/);
  return policy.replace(/\\\n\s*/g, '');
}

async function page(type) {
  return {
    'content-type': type,
    'cache-control': 'no-cache',
    'content-security-policy': await pagePolicy(),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'access-control-allow-origin': undefined,
  };
}

const JS = 'text/javascript; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const FILES = {
  [SCRIPT]: () => hashed(JS),
  [MODULE]: () => hashed('application/wasm'),
  [LATER]: () => hashed('application/wasm'),
  [STYLE]: () => hashed('text/css; charset=utf-8'),
  [named(/^standalone-[0-9a-f]{8,16}\.css$/)]: () => hashed('text/css; charset=utf-8'),
  [named(/^bones-[0-9a-f]{8,16}\.css$/)]: () => hashed('text/css; charset=utf-8'),
  [named(/^icon-[0-9a-f]{8,16}\.png$/)]: () => hashed('image/png'),
  ...Object.fromEntries(LOCALES.map((name) => [name, () => hashed('application/json')])),
  'referral-history.js': () => entry(JS),
  ...Object.fromEntries(['referral-history', 'react', 'react-18', 'solid', 'svelte', 'vue'].map((name) => [`${name}.d.ts`, () => entry('text/plain; charset=utf-8')])),
  'package.json': () => entry('application/json'),
  'LICENSE-MIT': () => entry('text/plain; charset=utf-8'),
  'LICENSE-APACHE': () => entry('text/plain; charset=utf-8'),
  'index.html': () => page(HTML),
  '': () => page(HTML),
  'standalone.js': () => page(JS),
};

function hasHeaders(answer, wanted) {
  const found = Object.fromEntries(Object.keys(wanted).map((name) => [name, answer.headers[name]]));
  assert.deepEqual(found, wanted);
}

test('every file of the build is one that something is said about', () => {
  assert.deepEqual(names.toSorted(), Object.keys(FILES).filter(Boolean).toSorted());
});

for (const folder of ['/', '/below/a-path/']) {
  describe(`files in ${folder}`, () => {
    for (const [name, headers] of Object.entries(FILES)) {
      test(name || 'the folder itself', async () => {
        const answer = await get(folder + name);
        assert.equal(answer.status, 200);
        hasHeaders(answer, await headers());
        assert.deepEqual(answer.body, await readFile(join(root, name || 'index.html')));
        assert.equal(answer.headers['content-encoding'], undefined);
      });
    }
  });
}

test('what only looks like a file of the build is left as it is', async () => {
  const nearly = ['element-0123456.js', 'element-0123456789abcdef0.js', 'element-0123456789ABCDEF.js', '-0123456789abcdef.js', 'element-0123456789abcdef.wasm', 'element-later-0123456.wasm'];
  // A console's bundles, and files of its users with a day in their name.
  const others = ['main-0123456789abcdef.js', 'my-element-0123456789abcdef.js', 'page-0123456789abcdef.css', 'statement-20260301.pdf'];
  for (const name of [...nearly, ...others]) {
    await writeFile(join(root, name), 'text');
    const answer = await get(`/${name}`);
    assert.equal(answer.status, 200, name);
    hasHeaders(answer, { 'cache-control': undefined, 'access-control-allow-origin': undefined, 'cross-origin-resource-policy': undefined });
    await rm(join(root, name));
  }
});

test('nothing of the API is taken for a file', async () => {
  for (const name of ['element-0123456789abcdef.js', 'index.html']) {
    const answer = await get(`/api/v1/${name}`, { cookie: 'session=1' });
    assert.equal(answer.body.toString(), ANSWER, name);
  }
});

test('a missing file is not remembered as missing, and says so to other origins', async () => {
  for (const name of ['element-0123456789abcdef.js', 'below/referral-history.js', 'below/index.html']) {
    const answer = await get(`/${name}`);
    assert.equal(answer.status, 404);
    hasHeaders(answer, { 'cache-control': 'no-cache', 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' });
  }
});

test('the entry is asked about, and sent again only after an update', async () => {
  const { etag, ...first } = (await get('/referral-history.js')).headers;
  assert.ok(etag && first['last-modified']);
  const again = await get('/referral-history.js', { 'if-none-match': etag });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  const { 'content-type': _, ...headers } = entry(JS);
  hasHeaders(again, headers);

  const later = new Date(Date.now() + 5000);
  await utimes(join(root, 'referral-history.js'), later, later);
  assert.equal((await get('/referral-history.js', { 'if-none-match': etag })).status, 200);
});

test('what is asked for compressed comes compressed, and beforehand where it is', async () => {
  const asks = { 'accept-encoding': 'gzip' };
  for (const name of [SCRIPT, MODULE, LATER, STYLE, 'referral-history.js', '']) {
    const answer = await get(`/${name}`, asks);
    hasHeaders(answer, { 'content-encoding': 'gzip', vary: 'Accept-Encoding', ...(await FILES[name]()) });
    const plain = await readFile(join(root, name || 'index.html'));
    assert.deepEqual(gunzipSync(answer.body), plain);
    assert.ok(answer.body.length < plain.length * 0.7, `${name}: ${answer.body.length} of ${plain.length}`);
  }
  // Its revalidation does not depend on who compressed it.
  const { etag } = (await get('/referral-history.js', asks)).headers;
  assert.equal((await get('/referral-history.js', { ...asks, 'if-none-match': etag })).status, 304);

  const compressed = gzipSync(await readFile(join(root, MODULE)), { level: 9 });
  await writeFile(join(root, `${MODULE}.gz`), compressed);
  const answer = await get(`/${MODULE}`, asks);
  hasHeaders(answer, { 'content-encoding': 'gzip', ...hashed('application/wasm') });
  assert.deepEqual(answer.body, compressed);
  await rm(join(root, `${MODULE}.gz`));
});

test('the console is asked as the browser asks, once, and its answer is kept nowhere', async () => {
  asked.length = 0;
  const answer = await get(EVENTS, { cookie: 'session=1', 'x-request-id': 'r-1', host: 'console.example:81', accept: 'application/json' });
  assert.equal(answer.status, 200);
  hasHeaders(answer, { 'cache-control': 'no-store', 'x-request-id': 'r-1', 'content-type': 'application/json' });
  // nginx has a clock of its own, which says nothing of how old an answer is.
  hasHeaders(answer, { date: MADE, age: '3600' });
  assert.equal(answer.body.toString(), ANSWER);
  assert.equal(asked.length, 1);
  const [{ url, headers }] = asked;
  assert.deepEqual(
    [url, headers.cookie, headers.host, headers.accept, headers['x-forwarded-for'], headers['x-forwarded-proto']],
    [EVENTS, 'session=1', 'console.example:81', 'application/json', '127.0.0.1', 'http'],
  );
});

test('what the console refuses comes through as it is', async () => {
  const answer = await get(EVENTS);
  assert.equal(answer.status, 401);
  hasHeaders(answer, { 'cache-control': 'no-store' });
  assert.equal(JSON.parse(answer.body).msg, 'Sign in.');
});

// Each request that reaches the API costs the user a credit.
test('a request that the console drops is not repeated', async () => {
  asked.length = 0;
  const answer = await get('/api/v1/drop');
  assert.equal(answer.status, 502);
  hasHeaders(answer, { 'cache-control': 'no-store' });
  assert.equal(asked.length, 1);
});

describe('in a browser', () => {
  let browser;

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  /** A page in a browser of its own, with what it asked for and what it complained about. */
  async function open(url, host) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const requests = [];
    const complaints = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    if (host) await host(context);
    await page.goto(url);
    return { page, requests, complaints, close: () => context.close() };
  }

  /** A host on an origin of its own, which answers the API and has a policy and a page. */
  async function serveHost({ policy, body, headers = {} }) {
    const api = [];
    const server = http.createServer((request, response) => {
      const { pathname } = new URL(request.url, 'http://host');
      if (pathname === '/api/v1/referrals/me/events') {
        api.push(request.url);
        response.setHeader('content-type', 'application/json');
        return response.end(ANSWER);
      }
      if (pathname !== '/') {
        response.statusCode = 404;
        return response.end();
      }
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', policy);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      return response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">${body}`);
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    return { url, api, end: () => end(server) };
  }

  const files = () => ['referral-history.js', SCRIPT, MODULE, LATER, STYLE].map((name) => `${origin}/${name}`).sort();
  const elsewhere = () => `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src 'self' ${origin}; img-src data:; base-uri 'none'; require-trusted-types-for 'script'`;
  const element = () => `<script type="module" src="${origin}/referral-history.js"></script><referral-history></referral-history>`;
  const rows = (page) => page.locator('referral-history [part=table] tbody tr');

  for (const [what, headers] of [
    ['', {}],
    [' that isolates itself', { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }],
  ]) {
    test(`a host${what} shows the element from another origin`, async () => {
      const host = await serveHost({ policy: elsewhere(), body: element(), headers });
      const { page, requests, complaints, close } = await open(host.url);
      try {
        await rows(page).nth(2).waitFor();
        assert.equal(await rows(page).count(), RECORDS.length);
        assert.deepEqual(host.api, [EVENTS]);
        assert.deepEqual(requests.filter((url) => url.startsWith(origin)).sort(), files());
        assert.deepEqual(complaints, []);
        assert.equal(await page.evaluate(() => crossOriginIsolated), Boolean(headers['cross-origin-embedder-policy']));
      } finally {
        await close();
        await host.end();
      }
    });
  }

  // The policy that the documentation gives is the least that will do.
  for (const [what, change] of [
    ['scripts', (policy) => policy.replace(`script-src ${origin}`, "script-src 'self'")],
    ['connections', (policy) => policy.replace(` ${origin}; img-src`, '; img-src')],
    ['WebAssembly', (policy) => policy.replace(" 'wasm-unsafe-eval'", '')],
  ]) {
    test(`a host whose policy does not allow ${what} shows nothing, and asks for nothing`, async () => {
      const host = await serveHost({ policy: change(elsewhere()), body: element() });
      const { page, complaints, close } = await open(host.url);
      try {
        if (what === 'scripts') await page.waitForLoadState('networkidle');
        else await page.getByRole('alert').waitFor();
        assert.ok(complaints.some((text) => text.includes('Content Security Policy')), complaints.join('\n'));
        assert.equal(await rows(page).count(), 0);
        assert.deepEqual(host.api, []);
      } finally {
        await close();
        await host.end();
      }
    });
  }

  test('a host can pin the entry, and with it all that it loads', async () => {
    const bytes = await crypto.subtle.digest('SHA-384', await readFile(join(root, 'referral-history.js')));
    const right = `sha384-${Buffer.from(bytes).toString('base64')}`;
    for (const [integrity, runs] of [
      [right, true],
      [right.replace(/-./, '-A').replace(/.$/, 'A'), false],
    ]) {
      const body = `<script type="module" src="${origin}/referral-history.js" integrity="${integrity}" crossorigin></script><referral-history></referral-history>`;
      const host = await serveHost({ policy: elsewhere(), body });
      const { page, complaints, close } = await open(host.url);
      try {
        if (runs) await rows(page).nth(2).waitFor();
        else await page.waitForLoadState('networkidle');
        assert.equal(complaints.some((text) => text.includes('integrity')), !runs, complaints.join('\n'));
        assert.deepEqual(host.api, runs ? [EVENTS] : []);
      } finally {
        await close();
        await host.end();
      }
    }
  });

  // Whoever can write to the files' server, or a release put in place by half.
  for (const [what, name, add] of [
    ['script', SCRIPT, '\nwindow.ran = true;'],
    ['WebAssembly', MODULE, '\0\x04\x03abc'],
    ['style sheet', STYLE, '\n.changed {}'],
  ]) {
    for (const [where, place] of [
      ['of another origin', elsewhere],
      ['of the page itself', () => undefined],
    ]) {
      test(`a ${what} ${where} that is not the release's is not used`, async () => {
        const file = join(root, name);
        const before = await readFile(file);
        await writeFile(file, Buffer.concat([before, Buffer.from(add, 'latin1')]));
        const host = place() && (await serveHost({ policy: place(), body: element() }));
        const cookie = (context) => context.addCookies([{ name: 'session', value: '1', url: origin }]);
        const { page, complaints, close } = await open(host?.url ?? `${origin}/`, cookie);
        try {
          await page.getByRole('alert').waitFor();
          assert.equal(await rows(page).count(), 0);
          assert.equal(await page.evaluate(() => window.ran), undefined);
          assert.ok(complaints.some((text) => text.includes('integrity')), complaints.join('\n'));
        } finally {
          await close();
          await host?.end();
          await writeFile(file, before);
        }
      });
    }
  }

  test('a host whose policy goes by nonces shows the element', async () => {
    const policy = elsewhere().replace(`script-src ${origin}`, "script-src 'nonce-abc'");
    const host = await serveHost({ policy, body: element().replace('<script', '<script nonce="abc"') });
    const { page, complaints, close } = await open(host.url);
    try {
      await rows(page).nth(2).waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await host.end();
    }
  });

  test('the page by itself runs under its policy, with the console behind it', async () => {
    asked.length = 0;
    const { page, requests, complaints, close } = await open(`${origin}/below/a-path/`, (context) => context.addCookies([{ name: 'session', value: '1', url: origin }]));
    try {
      await rows(page).nth(2).waitFor();
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        asked.map(({ url }) => url),
        [EVENTS],
      );
      assert.ok(requests.every((url) => url.startsWith(origin)), requests.join(' '));
    } finally {
      await close();
    }
  });
});

test('nginx had nothing to warn of', () => {
  const lines = nginx.said.split('\n').filter((line) => /\[(?:warn|error|crit|alert|emerg)\]/.test(line));
  // What the tests above provoke.
  const expected = /No such file or directory|prematurely closed connection/;
  assert.deepEqual(
    lines.filter((line) => !expected.test(line)),
    [],
  );
});
