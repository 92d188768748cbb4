// The package in a host that a bundler puts together: Vite, as its documentation says, with nothing
// but what docs/deploy.md asks for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';
import { install, openBrowser, pathOf, run, temporaryDirectory } from './support.mjs';

const VITE = pathOf('examples/react/node_modules/vite/bin/vite.js');

const host = temporaryDirectory();
let browser;

before(async () => {
  await install(host);
  await mkdir(join(host, 'src'));
  await writeFile(join(host, 'index.html'), '<!doctype html><html lang="en"><head><title>Host</title></head><body><script type="module" src="/src/main.js"></script></body></html>');
  await writeFile(join(host, 'src', 'main.js'), "import { mount } from 'referral-history';\nwindow.mounted = mount(document.body).then(() => 'shown', String);\n");
  await writeFile(join(host, 'vite.config.js'), "export default { optimizeDeps: { exclude: ['referral-history'] } };\n");
  browser = await openBrowser();
});
after(() => browser?.close());

const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (answer) => answer.ok,
    () => false,
  );

/** What a browser finds that Vite serves by a command. */
async function shows(command) {
  const port = String(await freePort());
  const vite = spawn(process.execPath, [VITE, ...command, '--host', '127.0.0.1', '--port', port, '--strictPort'], { cwd: host, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let printed = '';
    for (const output of [vite.stdout, vite.stderr]) output.on('data', (text) => (printed += text));
    // Not what it prints when it is ready: that has colours in it where CI is set.
    const start = Date.now();
    while (!(await answers(port))) {
      assert.ok(vite.exitCode === null && Date.now() - start < 30_000, `Vite does not answer:\n${printed}`);
      await sleep(50);
    }
    const page = await browser.newPage();
    await page.route('**/api/v1/**', (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: [] } } }));
    await page.goto(`http://127.0.0.1:${port}/`);
    assert.equal(await page.evaluate(() => window.mounted), 'shown');
    await page.getByRole('heading', { name: 'Referral history' }).waitFor();
    await page.close();
  } finally {
    if (vite.exitCode === null) {
      const end = once(vite, 'exit');
      vite.kill();
      await end;
    }
  }
}

test('a build takes all files along, and runs', async () => {
  await run(process.execPath, [VITE, 'build', '--logLevel', 'warn'], { cwd: host });
  const names = await readdir(join(host, 'dist', 'assets'));
  for (const file of [/^element-.*\.js$/, /^element-.*\.wasm$/, /^referral-history-.*\.css$/, /^locale-ar-.*\.json$/, /^locale-de-.*\.json$/]) {
    assert.equal(names.filter((name) => file.test(name)).length, 1, `${file} among ${names}`);
  }
  await shows(['preview']);
});

test('the development server shows it', () => shows([]));
