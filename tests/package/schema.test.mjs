// docs/events.openapi.yaml describes what the development console answers and what the tests make up: a test
// with answers that the service never gives would prove nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freePort } from '../free-port.mjs';
import { given, requirePackage, source } from './support.mjs';

const { parse } = requirePackage('yaml');
const Ajv = requirePackage('ajv/dist/2020').default;
const addFormats = requirePackage('ajv-formats').default;

const document = parse(await source('docs/events.openapi.yaml'));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, 'events');
const schema = (name) => ajv.compile({ $ref: `events#/components/schemas/${name}` });
const isEvents = schema('Events');
const isEvent = schema('Event');
const isError = schema('Error');

const EVENTS = '/api/v1/referrals/me/events?limit=100';

async function startConsole(context, args = [], env = {}) {
  const child = spawn(given('DEV_CONSOLE'), ['--port', '0', ...args], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } });
  context.after(() => child.kill());
  const [line] = await once(createInterface(child.stdout), 'line');
  const origin = new URL(line.match(/http:\S+/)[0]).origin;
  const signIn = async (account) => {
    const answer = await fetch(`${origin}/sign-in`, { method: 'POST', headers: { origin }, body: new URLSearchParams({ account }), redirect: 'manual' });
    return answer.headers.get('set-cookie').split(';')[0];
  };
  return { origin, signIn };
}

/** Why a body is not what the schema says; empty where it is. */
async function problems(answer) {
  let body;
  try {
    body = await answer.json();
  } catch {
    return 'no JSON';
  }
  const fits = answer.ok ? isEvents : isError;
  return fits(body) ? '' : ajv.errorsText(fits.errors);
}

test('the schema itself is OpenAPI 3.1 with one path, and refuses what it should', () => {
  assert.match(document.openapi, /^3\.1\./);
  assert.deepEqual(Object.keys(document.paths), ['/referrals/me/events']);
  for (const [name, wrong] of [
    [isEvents, { data: { items: {} } }],
    [isEvents, { data: { items: ['text'] } }],
    [isEvent, { id: 1 }],
    [isEvent, { reward_credits: '10' }],
    [isEvent, { created_at: 'yesterday' }],
    [isError, { message: 'none of the shapes' }],
    [isError, { error: 'a text' }],
  ]) {
    assert.equal(name(wrong), false, JSON.stringify(wrong));
  }
});

// What an account is for where its answers are not those of the documentation.
const ODD = {
  new: 'null in place of the list',
  broken: 'fields that cannot be read',
  garbled: 'truncated JSON',
  html: 'a web page',
  gateway: 'a web page',
};
// It answers after a minute, and as `few` does.
const NOT_ASKED = ['stalled'];

test('every account of the development console answers as documented, but for those that say otherwise', async (context) => {
  const { origin, signIn } = await startConsole(context);
  const page = await (await fetch(`${origin}/sign-in`)).text();
  const accounts = [...page.matchAll(/name="account" value="([^"]+)"/g)].map(([, account]) => account);
  assert.ok(accounts.length > 20, accounts.join());
  const odd = {};
  await Promise.all(
    accounts
      .filter((account) => !NOT_ASKED.includes(account))
      .map(async (account) => {
        const cookie = await signIn(account);
        // Some fail once or twice, and then succeed; or the other way round.
        for (let turn = 0; turn < 4; turn += 1) {
          const problem = await problems(await fetch(origin + EVENTS, { headers: { cookie } }));
          if (problem) odd[account] = problem;
          if (account === 'slow') break;
        }
      }),
  );
  assert.deepEqual(Object.keys(odd).sort(), Object.keys(ODD).sort(), JSON.stringify(odd, null, 1));
});

test("the proxy's own failures have the API's shapes", async (context) => {
  const upstream = http.createServer((request, response) => {
    if (request.url.includes('/lost/')) request.socket.destroy();
    else if (request.url.includes('/unusable/')) response.writeHead(302, { location: '/' }).end();
    // Otherwise there is no answer in time.
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  context.after(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const at = (path) => `http://127.0.0.1:${upstream.address().port}/${path}`;
  for (const [code, base] of [
    ['upstream_unreachable', `http://127.0.0.1:${await freePort()}/`],
    ['upstream_lost', at('lost')],
    ['upstream_unusable', at('unusable')],
    ['upstream_timeout', at('timeout')],
  ]) {
    const { origin, signIn } = await startConsole(context, ['--upstream', base, '--allow-no-password', '--upstream-timeout', '1'], { CRAWLORA_JWT: 'a-token-of-some-length' });
    const cookie = await signIn('crawlora');
    const answer = await fetch(origin + EVENTS, { headers: { cookie } });
    const body = await answer.clone().json();
    assert.equal(body.error.code, code);
    assert.equal(await problems(answer), '');
    for (const [path, headers] of [
      [EVENTS, {}],
      [EVENTS, { cookie, 'sec-fetch-site': 'cross-site' }],
      ['/api/v1/no-such-endpoint', { cookie }],
    ]) {
      const refused = await fetch(origin + path, { headers });
      assert.equal(refused.ok, false);
      assert.equal(await problems(refused), '', path);
    }
  }
});

test('what the tests make up is what the schema says', async () => {
  const documented = JSON.parse(await source('core/tests/fixtures/documented.json'));
  assert.ok(isEvents(documented), ajv.errorsText(isEvents.errors));
  // Read from its source: the module itself wants to run in Playwright.
  const [, body] = (await source('tests/e2e/host.mjs')).match(/export const records = (\(many\) =>[\s\S]*?\}\)\));?\n/);
  const records = new Function(`return ${body}`)();
  const made = JSON.parse(JSON.stringify(records(60)));
  assert.equal(made.length, 60);
  for (const record of made) assert.ok(isEvent(record), ajv.errorsText(isEvent.errors));
});
