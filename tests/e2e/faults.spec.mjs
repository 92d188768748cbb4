// Every status with every body, on the first load and on a refresh: what the page shows, how many requests
// it makes, and whether what it says of their cost agrees with what the service counted.
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import { post } from './fixtures.mjs';

/** How many events the good list has. */
const COUNT = 7;

// Bodies that the page can read when the status is a success.
const LISTS = ['good', 'wrong-content-type', 'bom', 'lone-surrogates', 'duplicate-keys'];
// Bodies that it cannot read.
const NO_LISTS = ['plain-error', 'structured-error', 'empty', 'html', 'truncated-json', 'other-json', 'gzip-garbage', 'cut', 'reset', 'stalled', 'nul'];
// A list whose one record is no object.
const UNREADABLE_RECORDS = ['deep'];
// Bodies that look like a success and are none; with status 200 only.
const NO_SUCCESSES = [
  ...['not-code-string', 'not-code-negative', 'not-code-3xx', 'not-code-500', 'not-success-false', 'not-status-error'],
  ...['not-error-string', 'not-error-object', 'not-errors-array', 'not-data-error', 'not-data-other-keys', 'not-data-array'],
  ...['not-data-null', 'not-no-data', 'not-items-object', 'not-items-string', 'not-items-null-with-error', 'not-top-array'],
];
// The connection breaks, or nothing comes, before the status line.
const NO_STATUS = ['no-status-line', 'no-answer'];

const BODIES = [...LISTS, ...NO_LISTS, ...UNREADABLE_RECORDS];
const PHASES = ['first', 'refresh'];

// For each status without a readable list: the kind of failure, what the page says of its cost, and how
// many requests the page makes.
const NOTHING = 'This request cost nothing.';
const ONE = 'This request cost 1 credit.';
const UNKNOWN = 'It is not known whether this request cost a credit.';
const CREDITS = { [NOTHING]: 0, [ONE]: 1, [UNKNOWN]: null };
const STATUSES = {
  200: ['unreadable', ONE, 1],
  204: ['unreadable', ONE, 1],
  206: ['unreadable', ONE, 1],
  302: ['unreadable', UNKNOWN, 1],
  304: ['unreadable', UNKNOWN, 1],
  400: ['bad_request', NOTHING, 1],
  401: ['not_signed_in', NOTHING, 1],
  403: ['not_allowed', NOTHING, 1],
  404: ['bad_request', NOTHING, 1],
  408: ['bad_request', NOTHING, 1],
  418: ['bad_request', NOTHING, 1],
  422: ['bad_request', NOTHING, 1],
  429: ['too_many_requests', NOTHING, 1],
  451: ['bad_request', NOTHING, 1],
  500: ['service', NOTHING, 3],
  502: ['service', UNKNOWN, 1],
  503: ['service', NOTHING, 3],
  504: ['service', UNKNOWN, 1],
};
const TITLES = {
  unreadable: 'Unexpected response',
  bad_request: 'The request was not accepted',
  not_signed_in: 'You are not signed in',
  not_allowed: 'You are not allowed to see this',
  too_many_requests: 'Too many requests',
  service: 'We couldn’t load your referrals',
  no_connection: 'No connection',
  timed_out: 'The answer took too long',
};

/** The list in pieces of so many. */
const inPieces = (list, many) => Array.from({ length: Math.ceil(list.length / many) }, (_, piece) => list.slice(piece * many, (piece + 1) * many));

/** One cell for each combination. */
const CELLS = PHASES.flatMap((phase) => [
  ...Object.keys(STATUSES).flatMap((status) => BODIES.map((body) => ({ phase, status: Number(status), body }))),
  ...[...NO_STATUS, ...NO_SUCCESSES].map((body) => ({ phase, status: 200, body })),
]).map((cell, place) => ({ ...cell, id: `c${place}` }));

/** What the page must do in a cell. */
function expected({ phase, status, body }, id = 'the id of the answer') {
  const before = phase === 'refresh' ? COUNT : 0;
  const has = (list) => list.includes(body) && [200, 206].includes(status);
  if (has(LISTS) || has(UNREADABLE_RECORDS)) {
    const count = has(LISTS) ? COUNT : 0;
    return {
      ...{ event: 'load', detail: { count, requestId: id, creditsCharged: 1 }, requests: 1 },
      ...{ rows: count, titles: count ? [] : ['No referral could be read'], cost: null, says: null, signIn: false, actions: ['Refresh'] },
    };
  }
  let [kind, cost, requests] = STATUSES[status];
  if (body === 'no-status-line') [kind, cost] = ['no_connection', UNKNOWN];
  if (body === 'no-answer') [kind, cost] = ['timed_out', UNKNOWN];
  const isAnswered = !NO_STATUS.includes(body);
  // Of a redirect that is not followed, a browser shows neither the status nor the headers.
  const isOpaque = status === 302;
  const hasMessage = ![204, 302, 304].includes(status) && ['plain-error', 'structured-error'].includes(body);
  const detail = {
    kind,
    status: isAnswered && !isOpaque ? status : null,
    requestId: isAnswered && !isOpaque ? id : null,
    retryAfter: status === 429 ? 2 : null,
    creditsCharged: CREDITS[cost],
  };
  return {
    ...{ event: kind === 'not_signed_in' ? 'unauthorized' : 'error', detail, requests, rows: before },
    ...{ titles: [before ? `Refresh failed: ${TITLES[kind]}` : TITLES[kind]], cost },
    ...{ says: hasMessage ? 'The service says: The fault that was asked for' : undefined, signIn: kind === 'not_signed_in' },
    actions: kind === 'not_signed_in' ? [] : before ? ['Refresh'] : kind === 'not_allowed' ? [] : ['Try again'],
  };
}

/**
 * Run in the page: loads each of these cells in an element of its own, and returns what was observed once
 * every request has ended and the page has had time to make another one.
 */
async function meet({ slices, within, settled }) {
  const main = document.querySelector('main');
  const isRefreshed = (element) => element.apiBase.split('/')[4] === 'refresh';
  const received = new Map();
  const hear = ({ type, target, detail }) => {
    const events = received.get(target);
    events?.push({ event: type.replace('referral-history:', ''), detail });
    // Each by itself: others may have to wait for their time-outs.
    if (events?.length === 1 && isRefreshed(target)) setTimeout(() => target.refresh());
  };
  const names = ['load', 'error', 'unauthorized'].map((name) => `referral-history:${name}`);
  for (const name of names) addEventListener(name, hear);
  const create = ({ id, phase, status, body }) => {
    const element = document.createElement('referral-history');
    element.urlSync = 'off';
    element.apiBase = `/demo/faults/${id}/${phase}/${status}/${body}`;
    received.set(element, []);
    return element;
  };
  // Nobody lays out or paints what is not shown, which is most of the work. It is shown to be observed.
  main.style.display = 'none';
  main.replaceChildren();
  for (const cells of slices) {
    main.append(...cells.map(create));
    await new Promise((next) => setTimeout(next));
  }
  const elements = [...received.keys()];
  const until = performance.now() + within;
  const isIncomplete = (element) => received.get(element).length < (isRefreshed(element) ? 2 : 1);
  while (performance.now() < until && elements.some(isIncomplete)) await new Promise((next) => setTimeout(next, 50));
  await new Promise((next) => setTimeout(next, settled));
  main.style.display = '';
  const observed = elements.map((element) => {
    const root = element.shadowRoot;
    const notices = [...root.querySelectorAll('[part=notice]')];
    const text = notices.map((notice) => notice.innerText).join('\n');
    const link = root.querySelector('[part=notice] a');
    return {
      received: received.get(element),
      rows: root.querySelectorAll('[part=table] tbody tr').length,
      bones: root.querySelectorAll('.rh-skeleton').length,
      titles: notices.map((notice) => notice.querySelector('h2').textContent),
      costs: (text.match(/[^.\n]*\bthis request cost\b[^.\n]*\./gi) ?? []).map((sentence) => sentence.trim()),
      says: text.match(/The service says: .*/)?.[0] ?? null,
      signIn: link ? [link.textContent, link.getAttribute('href')] : null,
      // What the user can do about it. Copying, exporting and a disabled button change nothing.
      actions: [...root.querySelectorAll('#rh-refresh-name, #rh-try-again-name')]
        .filter((name) => name.parentElement.ariaDisabled !== 'true')
        .map((name) => name.textContent),
      markup: /<\/?[a-z!]|nginx/i.test(root.querySelector('[part=page]').innerText),
    };
  });
  for (const name of names) removeEventListener(name, hear);
  main.replaceChildren();
  return observed;
}

/** Longer than the longest wait before a retry, and longer than a 429 here asks to wait; in milliseconds. */
const SETTLED = 2_500;

/** How many elements a page has at most: each more makes those that are there slower. */
const MOST = 160;

/** How many elements are put on the page in one task, so that their time-outs do not count the time of all. */
const SLICE = 20;

test('whatever the answer, the page shows what it is, says what it cost, and asks no more than it may', async ({ browser }) => {
  test.setTimeout(180_000);
  const baseURL = process.env.CONSOLE_URL;
  const isStalled = ({ status, body }) => body === 'no-answer' || (body === 'stalled' && ![204, 302, 304].includes(status));
  // A browser opens six connections to a host, and stalled answers would keep the others waiting for one.
  // So they have browsing contexts of their own, with their own connections. The six that take the page's
  // whole time-out are on one page.
  const takesTimeOut = (cell) => isStalled(cell) && cell.status < 300;
  const groups = [
    CELLS.filter(takesTimeOut),
    CELLS.filter((cell) => isStalled(cell) && !takesTimeOut(cell)),
    ...inPieces(CELLS.filter((cell) => !isStalled(cell)), MOST),
  ];
  expect(groups[0]).toHaveLength(6);
  const wrong = [];
  let met = 0;

  await Promise.all(groups.map(async (cells) => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    const [asked, ids] = [{}, {}];
    const cellOf = (url) => url.match(/\/demo\/faults\/(c\d+)\/\w+\/\d+\//)?.[1];
    page.on('request', (request) => {
      const id = cellOf(request.url());
      if (id) asked[id] = (asked[id] ?? 0) + 1;
    });
    page.on('response', (response) => {
      const id = cellOf(response.url());
      if (id) ids[id] = response.headers()['x-request-id'];
    });
    page.on('pageerror', (error) => wrong.push(`the page threw ${error}`));
    page.on('console', (message) => {
      const isOfFault = cellOf(message.location().url) !== undefined;
      if (['error', 'warning'].includes(message.type()) && !isOfFault) wrong.push(`the page wrote: ${message.text()}`);
    });
    await post(page, '/sign-in', { account: 'faults', return: '/' });
    await page.goto('/');
    await expect(page.getByRole('table', { name: 'Referrals' }).getByRole('row')).toHaveCount(1 + COUNT);
    const bodies = await (await page.request.get('/demo/faults/bodies')).json();
    // A new body needs an entry in the lists above.
    expect([...bodies].sort()).toEqual([...BODIES, ...NO_STATUS, ...NO_SUCCESSES].sort());

    const observed = await page.evaluate(meet, { slices: inPieces(cells, SLICE), within: 30_000, settled: SETTLED });
    const usage = (await (await page.request.get('/demo/faults/usage')).json()).cells;
    await context.close();

    for (const [place, cell] of cells.entries()) {
      const { received, rows, bones, titles, costs, says, signIn, actions, markup } = observed[place];
      const expects = expected(cell, ids[cell.id]);
      const loadsBefore = cell.phase === 'refresh' ? 1 : 0;
      const isWrong = (what, found, should) => wrong.push(`${cell.phase} ${cell.status} ${cell.body}: ${what} ${JSON.stringify(found)} instead of ${JSON.stringify(should)}`);
      const check = (what, found, should) => isDeepStrictEqual(found, should) || isWrong(what, found, should);
      met += 1;

      const last = received.at(-1);
      check('events', received.map(({ event }) => event), [...(loadsBefore ? ['load'] : []), expects.event]);
      check('detail', last?.detail, expects.detail);
      check('rows', rows, expects.rows);
      check('bones', bones, 0);
      check('titles', titles, expects.titles);
      check('costs', costs, expects.cost ? [expects.cost] : []);
      if (expects.says !== undefined) check('says', says, expects.says);
      check('actions', actions, expects.actions);
      check('link to sign in', signIn?.[0] ?? null, expects.signIn ? 'Sign in' : null);
      if (signIn && !signIn[1].startsWith('/sign-in?return=')) isWrong('address to sign in', signIn[1], '/sign-in?return=…');
      check('markup', markup, false);

      check('requests made', asked[cell.id], loadsBefore + expects.requests);
      const { requests, credits } = usage[cell.id] ?? {};
      // On a connection that was used before, Chromium itself repeats a request that breaks off before the
      // status line, and one that is answered with 408.
      const isRepeated = cell.body === 'no-status-line' || cell.status === 408;
      if (!isRepeated) check('requests counted', requests, loadsBefore + expects.requests);
      const charged = last?.detail.creditsCharged;
      if (charged !== null) check('credits counted', credits - loadsBefore, charged);
    }
  }));

  console.log(`faults: ${met} cells`);
  expect(wrong).toEqual([]);
  expect(met).toBe(PHASES.length * (Object.keys(STATUSES).length * BODIES.length + NO_STATUS.length + NO_SUCCESSES.length));
});
