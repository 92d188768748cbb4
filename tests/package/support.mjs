// What the tests of the package share. `cargo xtask test --only package` sets DIST and NGINX_PROGRAM,
// and, where it found a browser, CHROMIUM.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What the Node packages of the end-to-end tests export. */
export const requirePackage = createRequire(new URL('../e2e/package.json', import.meta.url));

/** A variable that the step sets. */
export function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask test --only package\`.`);
  return value;
}

/** A file of the checkout. */
export const pathOf = (file) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
export const source = (file) => readFile(pathOf(file), 'utf8');

/** An empty directory for the tests of a file, removed when they are over. Not to be called in a hook. */
export function temporaryDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'referral-history-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs a program to its end; answers what it printed, and fails with that where the program does. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${printed}${errors}`);
  return printed;
}

/** Packs the release build and installs it in a directory, which becomes a host; answers what npm packed. */
export async function install(host) {
  const isWindows = process.platform === 'win32';
  // With a cache of its own and no look at the network.
  const npm = (args, cwd) =>
    run(isWindows ? 'npm.cmd' : 'npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier', '--cache', join(host, 'cache')], { cwd, shell: isWindows });
  const answer = await npm(['pack', '--json', '--pack-destination', host], given('DIST'));
  // One object an array's member; newer versions of npm name each by its package.
  const [packed] = Object.values(JSON.parse(answer));
  await writeFile(join(host, 'package.json'), JSON.stringify({ name: 'host', private: true, type: 'module' }));
  await npm(['install', '--ignore-scripts', `./${packed.filename}`], host);
  return packed;
}

/** nginx in the foreground, with all that it writes in a directory; `servers` is what its `http` holds, and `url` answers. */
export async function startNginx(prefix, servers, url) {
  mkdirSync(join(prefix, 'temp'), { recursive: true });
  const quoted = (path) => JSON.stringify(path);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${quoted(join(prefix, 'temp', kind))};`);
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off;
worker_processes 1;
pid ${quoted(join(prefix, 'nginx.pid'))};
error_log stderr warn;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 64; }
http {
  access_log ${quoted(join(prefix, 'access.log'))};
${temporary.join('\n')}
${servers}
}
`,
  );
  const child = spawn(given('NGINX_PROGRAM'), ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (child.said += text));
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nginx did not start:\n${child.said}`);
    try {
      await fetch(url);
      return child;
    } catch {
      await sleep(25);
    }
  }
  child.kill();
  throw new Error(`nginx does not answer:\n${child.said}`);
}

/** A browser to look with. */
export function openBrowser() {
  const isRoot = process.getuid?.() === 0;
  const { chromium } = requirePackage('@playwright/test');
  return chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ['--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])] });
}
