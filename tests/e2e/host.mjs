// A host's page with the element in it: what the tests of the element share.
import { expect, History, test as base } from './fixtures.mjs';

export const EVENTS = '**/api/v1/referrals/me/events*';
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'";
export const ENTRY = '<script type="module" src="/referral-history.js"></script>';
export const ELEMENT = '<referral-history></referral-history>';

/** Records: as many as asked for, of statuses in turn. */
export const records = (many) =>
  Array.from({ length: many }, (_, place) => ({
    id: `id${place}`,
    code: `SECRET${place}`,
    campaign: 'secret-campaign',
    role: place % 2 ? 'referred' : 'referrer',
    status: ['attributed', 'rewarded', 'capped'][place % 3],
    reward_credits: place % 3 === 1 ? 10 : undefined,
    created_at: new Date(Date.now() - place * 3_600_000).toISOString(),
  }));

export const test = base.extend({
  // Opens a page of a host's: its HTML, and files beside it. It has the strict policy.
  host: async ({ page, answerWith }, use) => {
    await use(async (html, { files = {}, many = 30, headers = {}, policy = POLICY, address = '/host/' } = {}) => {
      await answerWith(records(many), headers);
      await page.route('**/host/*', (route) => {
        const name = new URL(route.request().url()).pathname.slice('/host/'.length);
        if (name === '') {
          const document = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head><body>${html}</body></html>`;
          return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body: document });
        }
        const type = name.endsWith('.css') ? 'text/css' : name.endsWith('.js') ? 'text/javascript' : 'text/html';
        return name in files ? route.fulfill({ contentType: type, body: files[name] }) : route.fallback();
      });
      await page.addInitScript(() => {
        window.received = [];
        for (const name of ['load', 'error', 'unauthorized', 'change']) {
          addEventListener(`referral-history:${name}`, ({ detail, target, cancelable, composed }) => window.received.push({ name, detail, tag: target.tagName, cancelable, composed }));
        }
      });
      await page.goto(address);
    });
  },
  received: async ({ page }, use) => use((name) => page.evaluate((name) => window.received.filter((event) => event.name === name), name)),
});

export const element = (page) => page.locator('referral-history');
/** The referral history in an element or a frame, where a page has several. */
export const historyIn = (scope) => new History(scope);
export const set = (page, name, value) => element(page).evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value]);
export const query = (page) => new URL(page.url()).search;
/** What the page has warned of since the last time, which is then no fault. */
export const takeWarnings = async (watch, many) => {
  await expect.poll(() => watch.problems.length).toBe(many);
  return watch.problems.splice(0);
};
