// The hosts of tests/routers, as built, served as their servers would.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from './fixtures.mjs';
import { records, test as base } from './host.mjs';

const { ROUTERS } = process.env;
if (!ROUTERS) throw new Error('The hosts with routers are not built: `cargo xtask test --only e2e` builds them.');

const TYPES = { html: 'text/html', js: 'text/javascript', txt: 'text/x-component' };

/** The pages of the programs that route in the browser, by where they begin. */
const PROGRAMS = { '/react/': '/react/index.html', '/vue/kept/': '/vue/kept.html', '/vue/': '/vue/index.html' };

/** What a server answers for a path: a file, a page, or the program that knows the path. */
async function answer(path) {
  const [, program] = Object.entries(PROGRAMS).find(([start]) => path.startsWith(start)) ?? [];
  for (const name of [path, `${path}.html`, program]) {
    const body = name && (await readFile(join(ROUTERS, name)).catch(() => {}));
    if (body) return { body, contentType: TYPES[name.split('.').at(-1)] };
  }
  return { status: 404 };
}

export const test = base.extend({
  host: async ({ page, history, answerWith, watch }, use) => {
    await answerWith(records(30));
    await page.route('**/routers/**', async (route) => route.fulfill(await answer(new URL(route.request().url()).pathname.slice('/routers'.length))));
    await use(new Host(page, history, watch));
    // Not the element's: vue-router keeps scroll positions there.
    await page.evaluate(() => sessionStorage.clear());
  },
});

class Host {
  #base;

  constructor(page, history, watch) {
    Object.assign(this, { page, history, watch });
  }

  /** Opens a page of a host's: `/react/` and `referrals`. */
  async open(base, view) {
    this.#base = `/routers${base}`;
    await this.page.goto(this.#base + view);
    await this.shows(view, 25, 1);
  }

  async follow(link) {
    await this.page.getByRole('navigation').first().getByRole('link', { name: link, exact: true }).click();
  }

  /** Has the user choose 5 of the 30 referrals. */
  async choose() {
    await this.history.role('Referrer').check();
    await expect(this.history.rows).toHaveCount(15);
    await this.addressIs(/\?role=referrer(#|$)/);
    await this.history.statusChoice('Rewarded').check();
  }

  /** The host's page, its address and the rows are these, and so many requests were made in all. */
  async shows(address, rows, requests) {
    await this.addressIs(address);
    const path = `/${address.replace(/^.*#\//, '').replace(/\?.*/, '')}`;
    await expect(this.page.getByText(path, { exact: true })).toBeVisible();
    await expect(this.history.rows).toHaveCount(rows);
    expect(this.watch.requests).toHaveLength(requests);
  }

  /** As `shows`, and it stays so: what a router or the element does late has been done. */
  async settlesOn(...all) {
    await this.shows(...all);
    await this.page.waitForTimeout(500);
    await this.shows(...all);
  }

  async addressIs(address) {
    const read = () => this.page.evaluate((start) => location.href.slice((location.origin + start).length), this.#base);
    await expect.poll(read, { intervals: [20, 50] })[address instanceof RegExp ? 'toMatch' : 'toBe'](address);
  }
}
