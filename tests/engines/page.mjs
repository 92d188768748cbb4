// The page as the tests of the engines see it: what it shows, and what a user does with it.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { violations } from '../e2e/axe.mjs';

export const TABLE = 'table[aria-label="Referrals"]';
// Not before all is drawn: the rows come first, with bones where the rest will be.
export const ROWS = `.rh:not(:has(> .rh-bones)) ${TABLE} tbody tr`;

/** The browser that all of this is about: the light one, or the dark one. */
export let browser;

export function use(next) {
  browser = next;
}

/** Waits until an answer is the expected one. */
export async function eventually(ask, expected) {
  const start = Date.now();
  let answer = await ask();
  while (!isDeepStrictEqual(answer, expected) && Date.now() - start < 10_000) {
    await sleep(20);
    answer = await ask();
  }
  assert.deepEqual(answer, expected);
}

/** Signs in as a demo account by the request that the sign-in page makes, and opens the page, or another one. */
export async function signIn(account, address = '/') {
  const url = (path) => new URL(path, process.env.CONSOLE_URL);
  // Only a page of the console's can make that request.
  if ((await browser.address()).origin !== url('/').origin) await browser.go(url('/sign-in'));
  await browser.evaluate(async (_, account) => {
    // The redirect leads to something small. Where it may not be followed, WebKit did not end the request.
    await fetch('/sign-in', { method: 'POST', body: new URLSearchParams({ account, return: '/sign-in.css' }) });
  }, account);
  await browser.go(url(address));
  await arrive();
}

/** Signs in the way a person does. */
export async function signInByHand(name) {
  await browser.go(new URL('/sign-in', process.env.CONSOLE_URL));
  await (await browser.find('button', name)).click();
  await arrive();
}

/** Waits for the rows, and collects what goes wrong from then on. */
async function arrive() {
  await browser.find(ROWS);
  await browser.evaluate(() => {
    window.problems = [];
    window.addEventListener('error', (event) => window.problems.push(`threw ${event.message}`));
    window.addEventListener('unhandledrejection', (event) => window.problems.push(`rejected ${event.reason}`));
    document.addEventListener('securitypolicyviolation', (event) => window.problems.push(`violated ${event.violatedDirective}`));
  });
}

/** What this sign-in has cost: the console counts what reaches the service. */
export const usage = () => browser.evaluate(async () => (await fetch('/demo/usage')).json());

export const query = async () => (await browser.address()).search;
export const shown = () => browser.evaluate((look, rows) => look.all(rows).length, ROWS);
/** The cells of a column, as they are read, or a time as it is. */
export const cells = (column) =>
  browser.evaluate(
    (look, cells) => look.all(cells).map((cell) => cell.querySelector('time')?.dateTime ?? cell.textContent),
    `${ROWS} [data-column=${column}]`,
  );
export const range = () => browser.evaluate((look) => look.all('nav[aria-label=Pagination] span').map(look.name).find((text) => text.includes('–')));
export const button = (name) => browser.find('button', name);
export const heading = (name) => browser.find(`${TABLE} thead button`, name);
export const focused = () => browser.evaluate((look) => look.name(look.focused()));
export const isDetailsOpen = () => browser.evaluate((look) => look.all('dialog[open]').length === 1);
export const sortOf = async (column) => (await browser.find(`${TABLE} th[data-column=${column}]`)).attribute('aria-sort');

/** Chooses a role; its input lies behind what is seen of it. */
export async function chooseRole(word) {
  const input = await browser.find(`input[type=radio][value=${word}]`);
  await (await browser.evaluate((_, input) => input.closest('label'), input)).click();
}

/** How many events a choice says that it would leave. */
export async function countOf(selector) {
  const input = await browser.find(selector);
  const text = await browser.evaluate((_, input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent, input);
  return Number.parseInt(text, 10);
}

/** By how many pixels the page is wider than its window. */
export const beyond = () => browser.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** axe-core finds nothing on the page as it stands. */
export async function axeFindsNothing() {
  const problems = await browser.evaluate(() => window.problems);
  assert.deepEqual(await violations(browser), []);
  // axe-core itself puts a style element into a shadow root, which the page's policy forbids.
  await browser.evaluate((_, problems) => (window.problems = problems), problems);
}

/** The page has the colours that are preferred; answers which these are. */
export async function hasPreferredColours() {
  const scheme = await browser.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  const colours = await browser.evaluate((look) => {
    const [page] = look.all('[role=region][aria-labelledby]');
    return { text: getComputedStyle(page).color, ground: getComputedStyle(document.body).backgroundColor };
  });
  assert.deepEqual(
    colours,
    scheme === 'dark'
      ? { text: 'rgb(233, 236, 242)', ground: 'rgb(14, 17, 22)' }
      : { text: 'rgb(20, 24, 31)', ground: 'rgb(255, 255, 255)' },
  );
  return scheme;
}

/** Safari has the colours of the system, and cannot be told others. */
export const canBeTold = process.env.BROWSER !== 'webkit' || process.platform !== 'darwin';
