// The console contract, asked of what other consoles may copy: docs/nginx.conf in front of the development
// console, and the proxies in docs/proxy/.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { freePort } from '../free-port.mjs';
import { given, pathOf, requirePackage, run, source, startNginx, temporaryDirectory } from './support.mjs';

const prefix = temporaryDirectory();
const snippets = temporaryDirectory();

async function startConsole(publicUrl) {
  const child = spawn(given('DEV_CONSOLE'), ['--port', '0', '--public-url', publicUrl], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, port: new URL(line.match(/http:\S+/)[0]).port };
}

test('the development console behind nginx keeps the contract', async (context) => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const backend = await startConsole(origin);
  context.after(() => backend.child.kill());
  const nginx = await startNginx(prefix, `
  upstream console { server 127.0.0.1:${backend.port}; }
  server {
    listen 127.0.0.1:${port};
    root ${JSON.stringify(given('DIST'))};
    include ${JSON.stringify(pathOf('docs/nginx.conf'))};
    location / {
      try_files $uri $uri/ @console;
    }
    location @console {
      proxy_pass http://console;
      proxy_set_header Host $http_host;
      proxy_next_upstream off;
    }
  }`, origin);
  context.after(() => nginx.kill());
  const printed = await run(given('CONTRACT'), [
    ...['--base', origin, '--page', '/', '--usage', '/demo/usage'],
    ...['--sign-in', '/sign-in', '--form', 'account=few', '--sign-out', '/sign-out'],
  ]);
  assert.match(printed, /\n(\d+) rules hold, 0 are broken, 0 cannot be seen from here\.\n$/);
});

const TOKEN = 'token-of-the-user';
const SESSION = 'session=1';
const EVENTS = '/api/v1/referrals/me/events';

async function listen(context, answer) {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/** An API that sends what no proxy may pass on, and keeps what it was asked. */
async function startApi(context) {
  const asked = [];
  const port = await listen(context, (request, response) => {
    asked.push(request);
    if (request.url.includes('drop')) return request.socket.destroy();
    if (request.url.includes('moved')) return response.writeHead(302, { location: '/sign-in' }).end();
    if (request.url.includes('leak')) return response.writeHead(500).end(request.headers.authorization);
    response.writeHead(request.url.includes('busy') ? 503 : 200, {
      'content-type': 'application/json',
      'x-request-id': request.headers['x-request-id'],
      'retry-after': '7',
      'set-cookie': 'of-the-api=1',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=60',
      date: 'Thu, 05 Mar 2026 12:00:00 GMT',
      age: '3600',
    });
    return response.end('{"code":200,"msg":"ok","data":{"items":[]}}');
  });
  return { asked, port };
}

async function startNode(context, apiPort) {
  const { serve } = requirePackage('@hono/node-server');
  // Beside its packages, as in a console's own folder.
  const { build } = requirePackage('esbuild');
  const outfile = `${snippets}/node.mjs`;
  await build({ entryPoints: [pathOf('docs/proxy/node.mjs')], bundle: true, format: 'esm', platform: 'node', nodePaths: [pathOf('tests/e2e/node_modules')], outfile });
  const { proxy } = await import(pathToFileURL(outfile));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const tokenOf = async (cookies) => (cookies === SESSION ? TOKEN : undefined);
  const server = serve({ fetch: proxy({ api: `http://127.0.0.1:${apiPort}/api/v1`, host, tokenOf }).fetch, port, hostname: '127.0.0.1' });
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}`;
}

async function startSnippet(context, apiPort) {
  const backendPort = await listen(context, (request, response) => {
    const isSignedIn = request.url === '/api-token' && request.headers.cookie === SESSION;
    response.writeHead(isSignedIn ? 200 : 401, isSignedIn ? { 'x-api-token': TOKEN } : {}).end();
  });
  const port = await freePort();
  const text = await source('docs/proxy/nginx.conf');
  const changed = text.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`).replace('127.0.0.1:8090', `127.0.0.1:${backendPort}`).replace('127.0.0.1:8091', `127.0.0.1:${apiPort}`);
  const origin = `http://127.0.0.1:${port}`;
  const nginx = await startNginx(snippets, changed, origin);
  context.after(() => nginx.kill());
  return origin;
}

for (const [name, start] of [
  ['nginx.conf', startSnippet],
  ['node.mjs', startNode],
]) {
  describe(`docs/proxy/${name}`, () => {
    test('keeps the contract, with one request up', async (context) => {
      const { asked, port } = await startApi(context);
      const origin = await start(context, port);
      const printed = await run(given('CONTRACT'), ['--base', origin, '--cookie', SESSION]);
      assert.match(printed, /\n12 rules hold, 0 are broken, 9 cannot be seen from here\.\n$/);
      assert.deepEqual(
        asked.map(({ url }) => url),
        [`${EVENTS}?limit=100`],
      );
      const [{ headers }] = asked;
      assert.deepEqual([headers.authorization, headers.cookie, headers['x-request-id']], [`Token ${TOKEN}`, undefined, 'contract-0123456789']);
    });

    test('passes on what the page reads, and says what may have cost a credit', async (context) => {
      const { asked, port } = await startApi(context);
      const origin = await start(context, port);
      const ask = async (query) => {
        asked.length = 0;
        const answer = await fetch(`${origin}${EVENTS}?${query}`, { headers: { cookie: SESSION, authorization: 'Token of-a-page' }, redirect: 'manual' });
        return { answer, body: await answer.text() };
      };
      const { answer: busy } = await ask('busy');
      assert.equal(busy.status, 503);
      const passed = ['retry-after', 'date', 'age', 'cache-control', 'set-cookie', 'access-control-allow-origin'];
      assert.deepEqual(
        passed.map((header) => busy.headers.get(header)),
        ['7', 'Thu, 05 Mar 2026 12:00:00 GMT', '3600', 'no-store', null, null],
      );
      for (const [query, code] of [
        ['drop', 'upstream_lost'],
        ['moved', 'upstream_unusable'],
      ]) {
        const { answer, body } = await ask(query);
        assert.deepEqual([answer.status, JSON.parse(body).error.code, asked.length], [502, code, 1]);
      }
      // nginx reads no bodies: whoever needs this of it asks the console's backend to pass the answer on.
      if (start === startNode) {
        const { answer, body } = await ask('leak');
        assert.deepEqual([answer.status, JSON.parse(body).error.code], [502, 'upstream_unusable']);
      }
    });
  });
}

test('docs/proxy/node.mjs promises that nothing was charged where nothing was sent', async (context) => {
  const origin = await startNode(context, await freePort());
  const answer = await fetch(origin + EVENTS, { headers: { cookie: SESSION } });
  assert.deepEqual([answer.status, (await answer.json()).error.code], [502, 'upstream_unreachable']);
});
