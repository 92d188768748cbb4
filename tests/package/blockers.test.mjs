// What content blockers do to the element by their usual lists, EasyList and EasyPrivacy. Only Debian has them as a
// package: elsewhere set BLOCKER_LISTS to a directory that holds them.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { given, openBrowser, source } from './support.mjs';

const directory = process.env.BLOCKER_LISTS;
const skip = directory ? false : 'BLOCKER_LISTS is not set, and this is not Debian';

describe('content blockers', { skip }, () => {
  let lists;
  let engine;

  before(async () => {
    const { FiltersEngine } = await import('@ghostery/adblocker');
    lists = await Promise.all(['easylist.txt', 'easyprivacy.txt'].map((name) => readFile(join(directory, name), 'utf8')));
    engine = FiltersEngine.parse(lists.join('\n'), { loadCosmeticFilters: false });
  });

  /** Whether a request of the console's is blocked, for the console's own files and for another origin's. */
  async function isBlocked(path, type) {
    const { Request } = await import('@ghostery/adblocker');
    return ['https://console.example/', 'https://cdn.example/'].some(
      (origin) => engine.match(Request.fromRawDetails({ url: origin + path, type, sourceUrl: 'https://console.example/account' })).match,
    );
  }

  test('block none of the files, under usual paths', async () => {
    const names = (await readdir(given('DIST'))).filter((name) => !name.endsWith('.d.ts'));
    assert.ok(names.length > 12, names.join(' '));
    for (const folder of ['', 'referral-history/', 'assets/', 'static/js/', 'node_modules/referral-history/']) {
      for (const name of names) {
        for (const type of ['script', 'fetch', 'stylesheet', 'sub_frame']) assert.equal(await isBlocked(folder + name, type), false, folder + name);
      }
    }
  });

  test('block no request of the page', async () => {
    for (const path of ['api/v1/referrals/me/events?limit=100', 'console/api/v1/referrals/me/events?limit=25']) {
      assert.equal(await isBlocked(path, 'fetch'), false, path);
    }
    for (const query of ['', '?role=referrer&status=rewarded&campaign=spring&q=ad&sort=-created_at&event=e1']) {
      assert.equal(await isBlocked(`account/referrals${query}`, 'main_frame'), false, query);
    }
    assert.equal(await isBlocked('sign-in?return=%2Faccount%2Freferrals%3Frole%3Dreferrer', 'main_frame'), false);
  });

  test('block the names that the documents advise against', async () => {
    const [, advice] = (await source('docs/deploy.md')).match(/Content blockers[^]*?do not name(.*?)\. /s);
    const names = [...advice.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    assert.ok(names.length > 3, advice);
    for (const name of names) {
      const path = name.endsWith('/') ? `${name.slice(1)}referral-history.js` : name;
      assert.equal(await isBlocked(path, 'script'), true, name);
    }
  });

  test('hide neither the element nor what is in it', async () => {
    const selectors = lists.flatMap((list) => list.split(/\r?\n/)).flatMap((line) => (line.startsWith('##') && !line.startsWith('##+') ? [line.slice(2)] : []));
    assert.ok(selectors.length > 10_000, `${selectors.length}`);
    // One of the classes in the lists, to see that what they hide is found.
    const hidden = selectors.find((selector) => /^\.[\w-]+$/.test(selector)).slice(1);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.setContent(
        `<referral-history api-base="/api/v1" page-size="25" theme="dark" sign-in-url="/sign-in" url-sync="rh-" session="5f2b"><a slot="empty" href="/share">Share your code</a></referral-history><div class="${hidden}"></div>`,
      );
      const found = await page.evaluate((selectors) => {
        const matches = (selector) => {
          try {
            return [...document.querySelectorAll(selector)].map(({ localName }) => localName);
          } catch {
            // Some are of the blockers' own syntax.
            return [];
          }
        };
        return [...new Set(selectors.flatMap(matches))];
      }, selectors);
      assert.deepEqual(found, ['div']);
    } finally {
      await browser.close();
    }
  });
});
