// What every test has: a console to sign in to, a watch over all that the page does, and the page's
// parts by their roles and names.
import { test as base, expect } from '@playwright/test';

export { expect };

const EVENTS = '/api/v1/referrals/me/events';

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.CONSOLE_URL),

  // What must never happen, in any test: it fails the test that made it happen.
  watch: [
    async ({ page, baseURL }, use) => {
      const watch = { events: [], broken: [] };
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol !== 'data:' && url.origin !== baseURL) {
          watch.broken.push(`asked another origin: ${request.url()}`);
        }
        if (request.headers().authorization) watch.broken.push('sent an Authorization header');
        if (url.pathname === EVENTS) watch.events.push(request);
      });
      page.on('pageerror', (error) => watch.broken.push(`threw ${error}`));
      page.on('console', (message) => {
        // The browser reports each failed request itself; what the page makes of it is tested.
        const isAnswer = message.location().url.includes(EVENTS);
        if (['error', 'warning'].includes(message.type()) && !isAnswer) {
          watch.broken.push(`wrote to the console: ${message.text()}`);
        }
      });
      await use(watch);
      expect(await page.evaluate(() => document.cookie)).toBe('');
      expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
      expect(watch.broken).toEqual([]);
    },
    { auto: true },
  ],

  // Signs in as a demo account, the way a person does, and arrives at the page.
  signIn: async ({ page }, use) => {
    await use(async (account) => {
      await page.goto('/sign-in?return=/');
      await page.getByRole('button', { name: account, exact: true }).click();
      await page.waitForURL('/');
    });
  },

  history: async ({ page }, use) => use(new History(page)),
});

class History {
  constructor(page) {
    this.page = page;
    this.table = page.getByRole('table', { name: 'Referral events' });
    this.rows = this.table.locator('tbody').getByRole('row');
    this.status = page.getByRole('status');
    this.refresh = page.getByRole('button', { name: 'Refresh', exact: true });
    this.tryAgain = page.getByRole('button', { name: 'Try again', exact: true });
    this.pagination = page.getByRole('navigation', { name: 'Pagination' });
    this.rowsPerPage = this.pagination.getByRole('combobox', { name: 'Rows per page' });
    this.previous = this.pagination.getByRole('button', { name: 'Previous page' });
    this.next = this.pagination.getByRole('button', { name: 'Next page' });
    this.clear = page.getByRole('button', { name: 'Clear filters' });
  }

  role(name) {
    const group = this.page.getByRole('radiogroup', { name: 'Role' });
    return group.getByRole('radio', { name, exact: true });
  }

  statusChoice(name) {
    const group = this.page.getByRole('group', { name: 'Status' });
    return group.getByRole('checkbox', { name, exact: true });
  }

  cells(column) {
    return this.table.locator(`tbody [data-column=${column}]`);
  }
}
