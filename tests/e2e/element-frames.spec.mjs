// The element where a host takes things away: sandboxed frames, opaque origins, a policy without the clipboard. What
// cannot be is said, and nothing is said to have happened that has not.
import { expect } from './fixtures.mjs';
import { ELEMENT, ENTRY, historyIn, query, test } from './host.mjs';

const POLICY = "default-src * 'wasm-unsafe-eval'";
const FRAME = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frame</title></head><body>${ENTRY}<referral-history>What the host wrote.</referral-history></body></html>`;

/** A frame of a host's with the element in it. */
const framed = (attributes) => `<iframe ${attributes} width="1000" height="900"></iframe>`;

/** Has the files read from any origin, as docs/deploy.md asks of a CDN. */
const allowAnyOrigin = (page) =>
  page.route(/\/(?:referral-history|element-|locale-)[^/]*$/, async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
  });

test.describe('a frame in a sandbox of an origin of its own', () => {
  for (const [what, attributes] of [
    ['from an address', 'sandbox="allow-scripts" src="/host/frame.html"'],
    ['from srcdoc', `sandbox="allow-scripts" srcdoc='${FRAME}'`],
  ]) {
    test(`${what} says that it may not ask, and has asked nothing`, async ({ host, page, watch }) => {
      await allowAnyOrigin(page);
      await host(framed(attributes), { files: { 'frame.html': FRAME }, policy: POLICY });
      const frame = page.frameLocator('iframe');
      await expect(frame.getByRole('heading', { name: 'The page is not set up' })).toBeVisible();
      await expect(frame.getByText('This request cost nothing.').first()).toBeVisible();
      expect(await page.frames()[1].evaluate(() => window.received.map(({ name, detail }) => [name, detail.kind, detail.creditsCharged]))).toEqual([['error', 'other_origin', 0]]);
      expect(watch.requests).toHaveLength(0);
      // Not a second line, of the browser's: nothing was tried.
      expect(watch.problems.splice(0)).toEqual([expect.stringContaining('api-base "/api/v1" is on another origin than the page')]);
    });
  }

  test('leaves what the host wrote where the files may not be read from there', async ({ host, page, watch }) => {
    await host(framed('sandbox="allow-scripts" src="/host/frame.html"'), { files: { 'frame.html': FRAME }, policy: POLICY });
    await expect.poll(() => watch.problems.splice(0).join()).toContain('has been blocked by CORS policy');
    await expect(page.frameLocator('iframe').getByText('What the host wrote.')).toBeVisible();
    watch.problems.splice(0);
  });
});

test.describe('a frame in a sandbox of the host’s origin', () => {
  const SANDBOX = 'sandbox="allow-scripts allow-same-origin" src="/host/frame.html"';

  test('shows its rows and writes its own address', async ({ host, page, watch }) => {
    await host(framed(SANDBOX), { files: { 'frame.html': FRAME }, policy: POLICY });
    const history = historyIn(page.frameLocator('iframe'));
    await expect(history.rows).toHaveCount(25);
    await history.role('Referrer').check();
    await expect.poll(() => new URL(page.frames()[1].url()).search).toBe('?role=referrer');
    expect(query(page)).toBe('');
    expect(watch.requests).toHaveLength(1);
    expect(watch.problems.splice(0)).toEqual([expect.stringContaining('can escape its sandboxing')]);
  });

  for (const [what, attributes, files] of [
    ['a frame', SANDBOX, { 'frame.html': FRAME }],
    ['a frame inside one', SANDBOX.replace('frame.html', 'outer.html'), { 'frame.html': FRAME, 'outer.html': `<!doctype html><title>Outer</title>${framed('src="/host/frame.html"')}` }],
  ]) {
    test(`does not say that a download has started which the sandbox forbids: ${what}`, async ({ host, page, watch }) => {
      await host(framed(attributes), { files, policy: POLICY });
      const downloads = [];
      page.on('download', (download) => downloads.push(download.suggestedFilename()));
      const inner = page.frameLocator('iframe');
      const history = historyIn(what === 'a frame' ? inner : inner.frameLocator('iframe'));
      await history.export.click();
      await history.csv.click();
      await expect(history.status).toContainText('The download could not be started. Use “Copy table” instead.');
      expect(downloads).toEqual([]);
      expect(watch.problems.splice(0)).toEqual([expect.stringContaining('can escape its sandboxing')]);
    });
  }

  test('saves files where the sandbox allows it', async ({ host, page, watch }) => {
    await host(framed(SANDBOX.replace('allow-scripts', 'allow-scripts allow-downloads')), { files: { 'frame.html': FRAME }, policy: POLICY });
    const history = historyIn(page.frameLocator('iframe'));
    await history.export.click();
    const [download] = await Promise.all([page.waitForEvent('download'), history.csv.click()]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    await expect(history.status).toContainText('Download started');
    watch.problems.splice(0);
  });
});

test('in a frame of another origin’s, a download is said to be requested, and what to do if none arrives', async ({ host, page, watch }) => {
  await host('', { files: { 'frame.html': FRAME } });
  // The console by its other name is another origin.
  const address = new URL('/host/frame.html', page.url()).href;
  const other = address.replace('127.0.0.1', 'localhost').replace('frame.html', 'other');
  await page.route('**/host/other', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><title>Other</title>${framed(`src="${address}"`)}</html>` }));
  await page.goto(other);
  const history = historyIn(page.frameLocator('iframe'));
  await history.export.click();
  await history.csv.click();
  await expect(history.status).toContainText(/^Download of \S+\.csv requested\. If no file arrives, use “Copy table” instead\.$/);
  await expect(page.frameLocator('iframe').getByRole('paragraph').filter({ hasText: 'If no file arrives' })).toBeVisible();
  watch.problems.splice(0);
});

test('without the clipboard by Permissions-Policy, nothing is said to be copied', async ({ host, page, history, watch }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await host(ENTRY + ELEMENT);
  await page.route('**/host/policy', (route) =>
    route.fulfill({ contentType: 'text/html', headers: { 'permissions-policy': 'clipboard-read=(), clipboard-write=()' }, body: `<!doctype html><html lang="en"><title>Host</title>${ENTRY}${ELEMENT}</html>` }),
  );
  await page.goto(new URL('/host/policy', page.url()).href);
  await history.openDetails('SECRET3');
  await page.getByRole('button', { name: 'Copy details for support' }).click();
  await expect(history.details.getByRole('status')).toHaveText('Copying did not work. Select the text and copy it by hand.');
  await page.keyboard.press('Escape');
  await history.export.click();
  await page.getByRole('button', { name: 'Copy table' }).click();
  await expect(history.status).toHaveText('Copying did not work. Download the CSV file instead.');
  for (const line of watch.problems.splice(0)) expect(line).toContain('Permissions policy violation: The Clipboard API has been blocked');
});
