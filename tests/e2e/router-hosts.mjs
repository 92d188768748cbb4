// The hosts of tests/routers, as built, served as their servers would.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { records, test as base } from './host.mjs';

const { ROUTERS } = process.env;
if (!ROUTERS) throw new Error('The router hosts are not built: `cargo xtask test --only e2e` builds them.');

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', txt: 'text/x-component' };

/** The file for a path, and where that is no file, the page of the program that has the path. */
async function find(path) {
  const program = path.startsWith('/react/') ? '/react/index.html' : path.startsWith('/vue/kept') ? '/vue/kept.html' : '/vue/index.html';
  for (const name of [path, `${path}.html`, /^\/(react|vue)\//.test(path) && program]) {
    const body = name && (await readFile(join(ROUTERS, name)).catch(() => {}));
    if (body) return { body, contentType: TYPES[name.split('.').at(-1)] };
  }
  return { status: 404 };
}

export const test = base.extend({
  // Opens a page of a host's, with 30 referrals: `open('/react/referrals')`.
  open: async ({ page, answerWith }, use) => {
    await answerWith(records(30));
    await page.route('**/routers/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill(await find(pathname.slice('/routers'.length)));
    });
    await use((address) => page.goto(`/routers${address}`));
    // Not the element's: vue-router keeps scroll positions there.
    await page.evaluate(() => sessionStorage.clear());
  },
});
