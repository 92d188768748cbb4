// The package in a host that a bundler puts together, with nothing but what docs/deploy.md asks for. What a
// bundler makes is opened in a browser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';
import { given, install, openBrowser, pathOf, run, source, temporaryDirectory } from './support.mjs';

const VITE = pathOf('examples/node_modules/vite/bin/vite.js');
const require = createRequire(import.meta.url);

const host = temporaryDirectory();
let browser;

const SCRIPT = "import { mount } from 'referral-history';\nwindow.mounted = mount(document.body).then(() => 'shown', String);\n";
const page = (script) => `<!doctype html><html lang="en"><head><title>Host</title></head><body>${script}</body></html>`;

before(async () => {
  await install(host);
  await mkdir(join(host, 'src'));
  await writeFile(join(host, 'index.html'), page('<script type="module" src="/src/main.js"></script>'));
  await writeFile(join(host, 'src', 'main.js'), SCRIPT);
  await writeFile(join(host, 'vite.config.js'), "export default { optimizeDeps: { exclude: ['referral-history'] } };\n");
  browser = await openBrowser();
});
after(() => browser?.close());

/** What a browser finds at an address: whether it is shown, and has its styles. */
async function look(address) {
  const page = await browser.newPage();
  await page.route('**/api/v1/**', (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: [] } } }));
  await page.goto(address);
  await page.waitForFunction(() => window.mounted);
  const mounted = await page.evaluate(() => window.mounted);
  if (mounted === 'shown') await page.getByRole('heading', { name: 'Referral history' }).waitFor();
  const isStyled = await page.evaluate(() => getComputedStyle(document.querySelector('referral-history')).display === 'block');
  const messages = await page.getByRole('alert').allTextContents();
  await page.close();
  return { mounted, isStyled, messages };
}

const SHOWN = { mounted: 'shown', isStyled: true, messages: [] };

/** What a browser finds in a directory that is served as it is. */
async function lookInto(directory) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };
  const server = createServer(async ({ url }, response) => {
    const file = url === '/' ? '/index.html' : url;
    const content = await readFile(join(directory, file)).catch(() => null);
    response.writeHead(content ? 200 : 404, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await look(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.close();
  }
}

const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (answer) => answer.ok,
    () => false,
  );

/** What a browser finds that Vite serves by a command. */
async function lookAtVite(command) {
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
    return await look(`http://127.0.0.1:${port}/`);
  } finally {
    if (vite.exitCode === null) {
      const end = once(vite, 'exit');
      vite.kill();
      await end;
    }
  }
}

/** The files that the element loads, in the host's packages. */
async function loadedFiles() {
  const installed = join(host, 'node_modules', 'referral-history');
  const names = (await readdir(installed)).filter((name) => /^(?:element|locale|referral-history)-/.test(name));
  assert.equal(names.length, 11, names.join(' '));
  return names.map((name) => ({ name, path: join(installed, name) }));
}

test('a build by Vite takes all files along, and runs', async () => {
  await run(process.execPath, [VITE, 'build', '--logLevel', 'warn'], { cwd: host });
  const names = await readdir(join(host, 'dist', 'assets'));
  for (const file of [/^element-.*\.js$/, /^element-.*_bg.*\.wasm$/, /^element-later-.*\.wasm$/, /^referral-history-.*\.css$/, /^locale-ar-.*\.json$/, /^locale-de-.*\.json$/]) {
    assert.equal(names.filter((name) => file.test(name)).length, 1, `${file} among ${names}`);
  }
  assert.deepEqual(await lookAtVite(['preview']), SHOWN);
});

test('the development server of Vite shows it', async () => {
  assert.deepEqual(await lookAtVite([]), SHOWN);
});

/** The path of a loader, which a host has among its own packages. */
const loader = (name) => require.resolve(name);
const cssRule = (more) => ({ test: /\.css$/, use: [loader('style-loader'), loader('css-loader')], ...more });

/** Builds the host by webpack or Rspack, which have one interface, and looks at what that makes. */
async function lookAtPack(name, mode, rules) {
  const imported = await import(name);
  const output = join(host, `output-${rules.length}`);
  const pack = imported.rspack ?? imported.default;
  const stats = await new Promise((resolve, reject) => {
    pack({ mode, context: host, entry: './src/main.js', output: { path: output, clean: true }, module: { rules }, performance: false }, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  assert.equal(stats.toString({ all: false, errors: true, warnings: true }), '');
  await writeFile(join(output, 'index.html'), page('<script src="main.js"></script>'));
  return lookInto(output);
}

for (const name of ['webpack', '@rspack/core']) {
  for (const mode of ['production', 'development']) {
    test(`a build by ${name} for ${mode} runs`, async () => {
      assert.deepEqual(await lookAtPack(name, mode, []), SHOWN);
    });
  }

  test(`a build by ${name} with a rule for style sheets runs`, async () => {
    assert.deepEqual(await lookAtPack(name, 'production', [cssRule({ dependency: { not: ['url'] } })]), SHOWN);
  });

  test(`a build by ${name} whose rule makes a script of the style sheet says that it cannot be shown`, async () => {
    const found = await lookAtPack(name, 'production', [cssRule()]);
    assert.match(found.mounted, /\.css is not the style sheet/);
    assert.equal(found.messages.length, 1);
  });
}

test('a build by esbuild runs with the files copied beside it', async () => {
  const esbuild = await import('esbuild');
  const output = join(host, 'output-esbuild');
  await esbuild.build({ absWorkingDir: host, entryPoints: ['src/main.js'], bundle: true, format: 'esm', outdir: output });
  for (const { name, path } of await loadedFiles()) await cp(path, join(output, name));
  await writeFile(join(output, 'index.html'), page('<script type="module" src="main.js"></script>'));
  assert.deepEqual(await lookInto(output), SHOWN);
});

// Without a cache, which it would keep in the directory it is started from.
const parcel = (...args) => run(process.execPath, [require.resolve('parcel/lib/bin.js'), 'build', ...args, '--no-cache', '--no-source-maps', '--no-autoinstall'], { cwd: host });

test('a build by Parcel runs with the release served beside it', async () => {
  const [script] = (await source('docs/deploy.md')).match(/(?<=```js\n)const entry = [^]*?(?=```)/);
  await writeFile(join(host, 'src', 'parcel.js'), `${script}window.mounted = mount(document.body).then(() => 'shown', String);\n`);
  await writeFile(join(host, 'parcel.html'), page('<script type="module" src="./src/parcel.js"></script>'));
  const output = join(host, 'output-parcel');
  await parcel('parcel.html', '--dist-dir', output);
  await cp(join(output, 'parcel.html'), join(output, 'index.html'));
  await cp(given('DIST'), join(output, 'referral-history'), { recursive: true });
  assert.deepEqual(await lookInto(output), SHOWN);
});

// When this fails, Parcel has learned to take the package, and the documents can say so.
test('a build by Parcel of the package itself fails, as the documents say', async () => {
  await assert.rejects(parcel('index.html', '--dist-dir', join(host, 'output-none')), /Failed to resolve 'element_bg\.wasm'/);
});
