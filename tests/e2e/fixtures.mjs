// What every test has: a console to sign in to, a watch over all that the page does, and the page's
// parts by their roles and names.
import { test as base, expect } from '@playwright/test';
import { figures, row } from './answer.mjs';

export { expect };

const EVENTS = '/api/v1/referrals/me/events';

/** Gives scripts in the page `deep`: what the document has, and its open shadow roots. */
function deepLookup() {
  const roots = (root) => [root, ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : []))];
  window.deep = {
    all: (selector) => roots(document).flatMap((root) => [...root.querySelectorAll(selector)]),
    one: (selector) => window.deep.all(selector)[0] ?? null,
    active: () => {
      let { activeElement } = document;
      while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot);
      return activeElement;
    },
  };
}

/** Matches a page's address on any origin. */
const hasAddress = (address) => new RegExp(`^[^/]+//[^/]+${address.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);

/** Posts as a page of the console does: a browser says in `Origin` whose page it is. */
export const post = (page, path, form) =>
  page.request.post(path, { form, headers: { origin: process.env.CONSOLE_URL }, maxRedirects: 0 });

/**
 * Stops the page's clock: from here on only the test moves it, however slow the machine is. Returns a function that moves
 * it on until so many milliseconds after this.
 */
export async function stopClock(page) {
  const now = Date.now();
  const stopped = now + 1_000;
  await page.clock.install({ time: now });
  await page.clock.pauseAt(stopped);
  return async (after) => page.clock.runFor(stopped + after - (await page.evaluate(() => Date.now())));
}

/** Moves a stopped clock on until the page is there without rows, as it is when the answer is late. */
export async function runUntilLate(page) {
  const skeleton = page.locator('.rh-skeleton');
  await expect.poll(async () => (await page.clock.runFor(100), skeleton.count()), { intervals: [500] }).toBe(1);
}

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.CONSOLE_URL),

  // What must never happen, in any test: it fails the test that made it happen.
  watch: [
    async ({ page, baseURL }, use) => {
      // `expected` matches the problems that a test of a page that cannot start expects. The browser reports some after the
      // test has ended.
      const watch = { requests: [], problems: [], expected: null };
      await page.addInitScript(deepLookup);
      await page.addInitScript(() => {
        // How many answers the page has shown.
        window.loads = 0;
        addEventListener('referral-history:load', () => (window.loads += 1));
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== baseURL) {
          watch.problems.push(`asked another origin: ${request.url()}`);
        }
        if (request.headers().authorization) watch.problems.push('sent an Authorization header');
        if (url.pathname === EVENTS) watch.requests.push(request);
      });
      page.on('pageerror', (error) => watch.problems.push(`threw ${error}`));
      page.on('console', (message) => {
        // The browser reports each failed request itself; what the page makes of it is tested.
        const isAnswer = message.location().url.includes(EVENTS);
        if (['error', 'warning'].includes(message.type()) && !isAnswer) {
          watch.problems.push(`wrote to the console: ${message.text()}`);
        }
      });
      await use(watch);
      expect(await page.evaluate(() => document.cookie)).toBe('');
      expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
      expect(watch.problems.filter((problem) => !watch.expected?.test(problem))).toEqual([]);
    },
    { auto: true },
  ],

  // The ids of the demo accounts, by the names on the sign-in page.
  accounts: [
    async ({}, use) => {
      const page = await (await fetch(new URL('/sign-in', process.env.CONSOLE_URL))).text();
      await use(Object.fromEntries([...page.matchAll(/name="account" value="([^"]+)"[^>]*>([^<]+)</g)].map(([, id, name]) => [name, id])));
    },
    { scope: 'worker' },
  ],

  // Signs in as a demo account by the request that the sign-in page makes, and opens the page, or a link to it.
  signIn: async ({ page, accounts }, use) => {
    await use(async (account, address = '/') => {
      const form = { account: accounts[account], return: address };
      const response = await post(page, '/sign-in', form);
      expect(response.status(), `signing in as ${account}`).toBe(303);
      await page.goto(address);
    });
  },

  // Signs in as a demo account the way a person does.
  signInByHand: async ({ page }, use) => {
    await use(async (account, address = '/') => {
      await page.goto(`/sign-in?return=${encodeURIComponent(address)}`);
      await page.getByRole('button', { name: account, exact: true }).click();
      await page.waitForURL(hasAddress(address));
    });
  },

  // Has the service answer every request with these records (or this body), and these headers.
  answerWith: async ({ page }, use) => {
    await use(async (items, headers = {}) => {
      const body = typeof items === 'string' ? items : JSON.stringify({ code: 200, msg: 'ok', data: { items } });
      await page.unroute(`**${EVENTS}*`);
      await page.route(`**${EVENTS}*`, (route) => route.fulfill({ headers: { 'content-type': 'application/json', ...headers }, body }));
    });
  },

  history: async ({ page }, use) => {
    const answers = await recordAnswers(page);
    await use(new History(page, answers));
  },
});

/**
 * Collects the bodies of the service's successful answers, as they were sent.
 *
 * A body is taken on its way to the page. Afterwards is too late: the page aborts a request once it has read
 * the answer, and if Chromium has not yet noted that the request is finished, it drops the body.
 */
async function recordAnswers(page) {
  const answers = [];
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Fetch.requestPaused', async ({ requestId, responseStatusCode: status }) => {
    try {
      if (status >= 200 && status < 300) {
        const { body, base64Encoded } = await devtools.send('Fetch.getResponseBody', { requestId });
        answers.push(Buffer.from(body, base64Encoded ? 'base64' : 'utf8').toString());
      }
      await devtools.send('Fetch.continueResponse', { requestId });
    } catch {
      // The page has aborted the request, or is closed.
    }
  });
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: `*://*${EVENTS}*`, requestStage: 'Response' }] });
  return answers;
}

/** The referral history in a page, or in a part of one: an element or a frame. */
export class History {
  constructor(scope, answers = []) {
    this.scope = scope;
    this.answers = answers;
    this.root = scope.getByRole('region', { name: 'Referral history' });
    // Of the two the panel of details has the other.
    this.status = scope.getByRole('status').first();
    this.refresh = scope.getByRole('button', { name: 'Refresh', exact: true });
    this.tryAgain = scope.getByRole('button', { name: 'Try again', exact: true });

    this.summary = scope.getByRole('region', { name: 'Summary' });
    this.expiringSoon = this.summary.getByRole('button', { name: /^Expiring soon/ });
    this.shares = scope.getByRole('group', { name: 'By status' });
    this.statuses = scope.getByRole('group', { name: 'Status', exact: true });
    this.lead = scope.locator('.rh-answer');
    this.found = scope.locator('.rh-found');
    this.parts = this.shares.getByRole('button');
    this.chart = scope.getByRole('region', { name: /^Credits over time/ }).first();
    this.bars = this.chart.getByRole('group', { name: 'Credits over time' }).getByRole('button');
    this.intervals = this.chart.getByRole('group', { name: 'Interval' }).getByRole('button');
    // What one of the bars says, in sight.
    this.tip = this.chart.locator('.rh-tip');
    this.total = this.chart.locator('.rh-total');
    // Behind tabs: one of the chart, of these numbers and of these campaigns is there at a time.
    this.numbers = this.chart.getByRole('table', { name: 'Credits over time' });
    this.campaigns = this.chart.getByRole('tabpanel', { name: 'Campaigns' });

    this.search = scope.getByRole('searchbox', { name: 'Search code, campaign or ID' });
    this.dates = scope.getByRole('combobox', { name: 'Period', exact: true });
    this.by = scope.getByRole('combobox', { name: 'Dates', exact: true });
    this.from = scope.getByLabel('From', { exact: true });
    this.to = scope.getByLabel('To', { exact: true });
    this.campaign = scope.getByRole('combobox', { name: 'Campaign', exact: true });
    this.sortBy = scope.getByRole('combobox', { name: 'Sort by' });
    // On a phone the figures' pictures are behind it.
    this.overview = scope.getByRole('button', { name: 'Overview' });
    // On a phone, all filters but the search are in a sheet that it opens, and another button closes.
    this.filters = scope.getByRole('button', { name: /^Filters/ });
    this.showFound = scope.getByRole('button', { name: /^Show [\d,]+$/ });
    this.clear = scope.getByRole('button', { name: 'Clear filters' });
    this.showAll = scope.getByRole('button', { name: 'Show all referrals' });

    // Not before all is drawn: the rows come first, with bones where the rest will be.
    this.table = scope.locator('.rh:not(:has(> .rh-bones))').getByRole('table', { name: 'Referrals' });
    this.rows = this.table.locator('tbody').getByRole('row');
    this.pagination = scope.getByRole('navigation', { name: 'Pagination' });
    this.rowsPerPage = this.pagination.getByRole('combobox', { name: 'Rows per page' });
    this.previous = this.pagination.getByRole('button', { name: 'Previous page' });
    this.next = this.pagination.getByRole('button', { name: 'Next page' });

    this.showUtc = scope.getByRole('button', { name: 'Show UTC' });
    this.showBerlin = scope.getByRole('button', { name: 'Show Berlin time' });
    this.export = scope.getByRole('button', { name: 'Export', exact: true });
    this.csv = scope.getByRole('button', { name: 'CSV for Excel or Sheets' });
    this.details = scope.getByRole('dialog');
    this.signInLink = scope.getByRole('link', { name: 'Sign in' });
    this.load = scope.getByRole('button', { name: 'Load referrals' });
  }

  role(name) {
    const group = this.scope.getByRole('radiogroup', { name: 'Role' });
    return group.getByRole('radio', { name, exact: true });
  }

  statusChoice(name) {
    const group = this.scope.getByRole('group', { name: 'Status' });
    return group.getByRole('checkbox', { name, exact: true });
  }

  /** The part of the bar that stands for a status. */
  part(status) {
    return this.shares.getByRole('button', { name: new RegExp(`^${status}: `) });
  }

  /** A tab of the card of credits over time: Chart, Table or Campaigns. */
  tab(name) {
    return this.chart.getByRole('tab', { name, exact: true });
  }

  /** The interval that the chart and its numbers go by: `day`, `week` or `month`. */
  async interval() {
    await expect(this.chart).not.toHaveAttribute('data-pending');
    const pressed = this.chart.getByRole('group', { name: 'Interval', includeHidden: true }).locator('[aria-pressed=true]');
    return (await pressed.textContent()).toLowerCase();
  }

  /** The button that a heading of the table holds. */
  heading(name) {
    return this.table.getByRole('columnheader', { name, exact: true });
  }

  cells(column) {
    return this.table.locator(`tbody [data-column=${column}]`);
  }

  /** What the service answered last, as it was sent; that many answers before it do not count. */
  async answer(skipped = 0) {
    await expect.poll(() => this.answers.length, { intervals: [20] }).toBeGreaterThan(skipped);
    // The page shows an answer before it tells its host.
    await this.scope.waitForFunction(() => window.loads > 0);
    return this.answers.at(-1);
  }

  /** The records of that answer. */
  async records(skipped = 0) {
    return JSON.parse(await this.answer(skipped)).data.items;
  }

  /** The rows as a reader takes them in: see `row` in answer.mjs. */
  async shown() {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td:not([data-column=details])')].map((cell) => cell.querySelector('time')?.dateTime ?? cell.textContent),
      ),
    );
  }

  /** The rows are those of these records, in their order. */
  async shows(records) {
    await expect.poll(() => this.shown(), { intervals: [20, 50, 100] }).toEqual(records.map(row));
  }

  /** A figure's value and its note. */
  figure(name) {
    return this.summary.locator('dl > div').filter({ has: this.term(name) }).getByRole('definition');
  }

  /** The figures are those of these records. */
  async showsFigures(records, now = Date.now()) {
    for (const [name, figure] of Object.entries(figures(records, now))) {
      await expect(this.figure(name), name).toHaveText(figure);
    }
  }

  /** The body of a small table, cell by cell. */
  async cellsOf(table) {
    return table.locator('tbody').getByRole('row').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  }

  /** The button that opens the details of the first row with a code. */
  detailsOf(code) {
    return this.scope.getByRole('button', { name: `Details of ${code}`, exact: true }).first();
  }

  async openDetails(code) {
    await this.detailsOf(code).click();
    await expect(this.details).toBeVisible();
  }

  /** A field in the details. */
  field(name) {
    return this.details.locator('dl > div').filter({ has: this.term(name) }).getByRole('definition');
  }

  /** A step of the timeline in the details. */
  step(name) {
    return this.details.getByRole('listitem').filter({ hasText: new RegExp(`^${name}`) });
  }

  term(name) {
    return this.scope.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
  }
}

/** Collects what a screen reader is told from now on: each text that the live region came to hold. */
export async function listen(page) {
  await page.evaluate(() => {
    window.announced = [];
    const region = deep.one('[role=status]');
    const observer = new MutationObserver(() => window.announced.push(region.textContent.trim()));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => window.announced.filter((text) => text !== ''));
}
