// The release build behind docs/nginx.conf, with the development console as its backend: what of the
// console contract is nginx's to break.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freePort } from '../free-port.mjs';
import { given, pathOf, run, startNginx, temporaryDirectory } from './support.mjs';

const prefix = temporaryDirectory();

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
