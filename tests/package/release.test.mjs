// What a returning visitor fetches after a release: a release with another style sheet, served in the place of the
// build.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freePort } from '../free-port.mjs';
import { given, openBrowser, temporaryDirectory } from './support.mjs';

const next = temporaryDirectory();

/** Makes a release whose style sheet alone is another; answers the name of its file. */
async function release() {
  await cp(given('DIST'), next, { recursive: true });
  const style = (await readdir(next)).find((file) => /^referral-history-.*\.css$/.test(file));
  const newer = 'referral-history-0123456789abcdef.css';
  const text = `${await readFile(join(next, style), 'utf8')}:host{--release:2}`;
  await rm(join(next, style));
  await writeFile(join(next, newer), text);
  const digest = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const old = digest(await readFile(join(given('DIST'), style), 'utf8'));
  for (const file of ['index.html', 'referral-history.js']) {
    const content = await readFile(join(next, file), 'utf8');
    assert.ok(content.includes(style), `${file} names the style sheet`);
    await writeFile(join(next, file), content.replaceAll(style, newer).replaceAll(old, digest(text)));
  }
  return newer;
}

test('a returning visitor fetches what a release has changed, and nothing else but the files that say so', async () => {
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const newer = await release();
  const browser = await openBrowser();
  let server;
  try {
    const page = await browser.newPage();
    /** What is fetched by a view of a build. */
    const visit = async (dist) => {
      server = spawn(given('DEV_CONSOLE'), ['--port', port, '--dist', dist, '--log', 'warnings'], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(createInterface(server.stdout), 'line');
      await page.request.post(`${origin}/sign-in`, { form: { account: 'few', return: '/' }, headers: { origin }, maxRedirects: 0 });
      await page.goto(origin);
      await page.getByRole('table', { name: 'Referrals' }).locator('tbody tr').first().waitFor();
      server.kill();
      await once(server, 'exit');
      return page.evaluate(() => {
        const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const fetched = entries.filter(({ transferSize }) => transferSize > 0).map(({ name }) => new URL(name).pathname);
        return [...new Set(fetched)].sort();
      });
    };
    const first = await visit(given('DIST'));
    assert.ok(first.some((file) => file.endsWith('.wasm')), `${first}`);
    assert.deepEqual(await visit(next), ['/', '/api/v1/referrals/me/events', `/${newer}`, '/referral-history.js', '/standalone.js'].sort());
  } finally {
    server?.kill();
    await browser.close();
  }
});
