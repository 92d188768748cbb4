// What may differ between browser engines: names and roles for assistive technology, focus and keys,
// the session history, colours, the smallest window, and what an element is in a host's document. What
// the page does is tested in tests/e2e.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { violations } from '../e2e/axe.mjs';
import startConsole from '../e2e/console.mjs';
import { provokeDefect } from '../e2e/defect.mjs';
import { Browser } from './webdriver.mjs';

const TABLE = 'table[aria-label="Referral events"]';
const ROWS = `${TABLE} tbody tr`;

let browser;
let endConsole;

before(async () => {
  endConsole = await startConsole();
});

after(() => endConsole?.());

async function endBrowser() {
  await browser?.end();
  browser = undefined;
}

/** Waits until an answer is the expected one. */
async function eventually(ask, expected) {
  const start = Date.now();
  let answer = await ask();
  while (!isDeepStrictEqual(answer, expected) && Date.now() - start < 10_000) {
    await sleep(50);
    answer = await ask();
  }
  assert.deepEqual(answer, expected);
}

/** Signs in as a demo account, the way a person does, and arrives at the page, or at another one. */
async function signIn(account, at = '/') {
  await browser.go(new URL(`/sign-in?return=${encodeURIComponent(at)}`, process.env.CONSOLE_URL));
  await (await browser.find('button', account)).click();
  await browser.find(ROWS);
  await browser.evaluate(() => {
    window.broken = [];
    window.addEventListener('error', (event) => window.broken.push(`threw ${event.message}`));
    window.addEventListener('unhandledrejection', (event) => window.broken.push(`rejected ${event.reason}`));
    document.addEventListener('securitypolicyviolation', (event) => window.broken.push(`violated ${event.violatedDirective}`));
  });
}

/** What this sign-in has cost: the console counts what reaches the service. */
const usage = () => browser.evaluate(async () => (await fetch('/demo/usage')).json());

const query = async () => (await browser.address()).search;
const shown = () => browser.evaluate((look, rows) => look.all(rows).length, ROWS);
/** The cells of a column, as they are read, or a time as it is. */
const cells = (column) =>
  browser.evaluate(
    (look, cells) => look.all(cells).map((cell) => cell.querySelector('time')?.dateTime ?? cell.textContent),
    `${ROWS} [data-column=${column}]`,
  );
const range = () => browser.evaluate((look) => look.all('nav[aria-label=Pagination] span').map(look.name).find((text) => text.includes('–')));
const button = (name) => browser.find('button', name);
const heading = (name) => browser.find(`${TABLE} thead button`, name);
const focused = () => browser.evaluate((look) => look.name(look.focused()));
const isDetailsOpen = () => browser.evaluate((look) => look.all('dialog[open]').length === 1);
const sortOf = async (column) => (await browser.find(`${TABLE} th[data-column=${column}]`)).attribute('aria-sort');

/** Chooses a role; its input lies behind what is seen of it. */
async function chooseRole(word) {
  const input = await browser.find(`input[type=radio][value=${word}]`);
  await (await browser.evaluate((_, input) => input.closest('label'), input)).click();
}

/** How many events a choice says that it would leave. */
async function promised(selector) {
  const input = await browser.find(selector);
  const said = await browser.evaluate((_, input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent, input);
  return Number.parseInt(said, 10);
}

/** By how many pixels the page is wider than its window. */
const beyond = () => browser.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** axe-core finds nothing on the page as it stands. */
async function axeFindsNothing() {
  const broken = await browser.evaluate(() => window.broken);
  assert.deepEqual(await violations(browser), []);
  // axe-core itself puts a style element into a shadow root, which the page's policy forbids.
  await browser.evaluate((_, broken) => (window.broken = broken), broken);
}

/** The page has the colours that are preferred; answers which these are. */
async function hasPreferredColours() {
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
const canBeTold = process.env.BROWSER !== 'webkit' || process.platform !== 'darwin';

describe('as it comes', () => {
  before(async () => {
    browser = await Browser.start();
    console.log(`${browser.name} ${browser.version}`);
  });

  after(endBrowser);

  beforeEach(async () => {
    await browser.resize(1280, 900);
    await signIn('Busy');
  });

  // Whatever a test does after its one view, it is one request; and nothing throws or is forbidden.
  afterEach(async () => {
    assert.deepEqual(await usage(), { account: 'busy', requests: 1, credits: 1 });
    assert.deepEqual(await browser.evaluate(() => window.broken), []);
  });

  test('shows its rows', async () => {
    assert.equal(await browser.title(), 'Referral history');
    await eventually(shown, 25);
    await eventually(range, '1–25 of 100');
    assert.ok((await cells('created_at')).every((time) => !Number.isNaN(Date.parse(time))));
  });

  test('is what it is to assistive technology, in a wide window and in the smallest', async () => {
    for (const width of [1280, 320]) {
      await browser.resize(width, 900);
      for (const [selector, role, label] of [
        ['[role=region][aria-labelledby]', 'region', 'Referral history'],
        [TABLE, 'table', 'Referral events'],
        [`${TABLE} tbody`, 'rowgroup'],
        [ROWS, 'row'],
        [`${ROWS} td[data-column=status]`, 'cell'],
        // WebKit gives no cell and no heading a name, whatever the markup: it is read by what is in it.
        [`${TABLE} th[data-column=created_at]`, 'columnheader'],
        ['input[type=search]', 'searchbox', 'Search code, campaign or id'],
        ['nav', 'navigation', 'Pagination'],
        // A list of choices is the browser's own, and so is what it is: in WebKit a button.
        ['nav select', null, 'Rows per page'],
        ['nav button', 'button', 'Previous page'],
      ]) {
        const element = await browser.find(selector);
        if (role) assert.equal(await element.role(), role, `${selector} at ${width} px`);
        if (label) assert.equal(await element.label(), label, `${selector} at ${width} px`);
      }
      assert.match(await (await browser.find(`${ROWS} button`)).label(), /^Details of /);
    }
    // In the smallest window the headings hold no buttons.
    await browser.resize(1280, 900);
    assert.equal(await (await heading('Date')).role(), 'button');
    assert.equal(await (await heading('Date')).label(), 'Date');
    await (await browser.find('select[aria-label=Date] option', 'Choose dates')).click();
    for (const [place, label] of ['From', 'To'].entries()) {
      assert.equal(await (await browser.all('input[type=date]'))[place].label(), label);
    }
  });

  test('narrows by role', async () => {
    const referred = await promised('input[type=radio][value=referred]');
    await chooseRole('referred');
    await eventually(query, '?role=referred');
    await eventually(range, `1–${Math.min(25, referred)} of ${referred}`);
    assert.deepEqual([...new Set(await cells('role'))], ['Referred']);
  });

  test('moves through the roles by arrow keys', async () => {
    await (await browser.find('input[type=radio][value=all]')).focus();
    await browser.press('ArrowRight');
    await eventually(query, '?role=referrer');
    assert.equal(await browser.evaluate((look) => look.focused().value), 'referrer');
  });

  test('searches', async () => {
    const [code] = (await cells('code')).filter((code) => /^\w+$/.test(code));
    const search = await browser.find('input[type=search]');
    await search.type(code.toLowerCase());
    await eventually(query, `?q=${code.toLowerCase()}`);
    await eventually(async () => [...new Set(await cells('code'))], [code]);
  });

  test('sorts, and says so', async () => {
    for (const [order, sort] of [['ascending', 'created_at'], ['descending', '-created_at']]) {
      await (await heading('Date')).click();
      await eventually(() => sortOf('created_at'), order);
      assert.equal(await query(), `?sort=${sort}`);
      const times = (await cells('created_at')).map((time) => Date.parse(time));
      const sorted = times.toSorted((one, other) => (order === 'ascending' ? one - other : other - one));
      assert.equal(times.length, 25);
      assert.deepEqual(times, sorted);
    }
    await (await heading('Date')).click();
    await eventually(() => sortOf('created_at'), 'none');
    assert.equal(await query(), '');
  });

  test('goes back and forward from choice to choice', async () => {
    await chooseRole('referred');
    await eventually(query, '?role=referred');
    const referred = await cells('code');
    await (await heading('Reward')).click();
    await eventually(query, '?role=referred&sort=-reward_credits');
    const ordered = await cells('code');
    assert.notDeepEqual(ordered, referred);
    await browser.back();
    await eventually(query, '?role=referred');
    await eventually(() => cells('code'), referred);
    await browser.back();
    await eventually(query, '');
    await eventually(range, '1–25 of 100');
    await browser.forward();
    await browser.forward();
    await eventually(query, '?role=referred&sort=-reward_credits');
    await eventually(() => cells('code'), ordered);
    const isChosen = () => browser.evaluate((look) => look.all('input[type=radio][value=referred]')[0].checked);
    await eventually(isChosen, true);
  });

  test('turns pages', async () => {
    const first = await cells('code');
    await (await button('Next page')).click();
    await eventually(range, '26–50 of 100');
    assert.equal(await query(), '?page=2');
    assert.notDeepEqual(await cells('code'), first);
    assert.equal(await focused(), 'Next page');
    await (await button('Previous page')).click();
    await eventually(range, '1–25 of 100');
    assert.deepEqual(await cells('code'), first);
    await (await browser.find('nav select option', '10')).click();
    await eventually(range, '1–10 of 100');
    assert.equal(await query(), '?per_page=10');
  });

  test('opens the details by keyboard, and gives the focus back', async () => {
    const opener = (await browser.all(`${ROWS} button`))[3];
    const name = await opener.label();
    for (const [open, close] of [
      ['Enter', ['Escape']],
      // The first Tab in the panel leads to Close.
      ['Space', ['Tab', 'Enter']],
    ]) {
      await opener.focus();
      await browser.press(open);
      await eventually(isDetailsOpen, true);
      const dialog = await browser.find('dialog');
      assert.equal(await dialog.role(), 'dialog');
      assert.equal(await dialog.label(), name);
      // It has no parts that are landmarks of the page.
      const roles = await Promise.all((await browser.all('dialog > div > *')).map((part) => part.role()));
      assert.ok(roles.every((role) => !['banner', 'contentinfo'].includes(role)), roles.join(', '));
      // Whoever opens the panel begins at its top.
      await eventually(focused, name);
      await browser.press(...close);
      await eventually(isDetailsOpen, false);
      await eventually(() => browser.evaluate((look, opener) => look.focused() === opener, opener), true);
    }
  });

  test('opens the details by a press on a row', async () => {
    await (await browser.all(`${ROWS} td[data-column=status]`))[2].click();
    await eventually(isDetailsOpen, true);
    await (await button('Close')).click();
    await eventually(isDetailsOpen, false);
  });

  test('does not scroll sideways, however small the window', async () => {
    let before = await browser.evaluate(() => innerWidth);
    for (const width of [1000, 800, 640, 320]) {
      // Each browser has a smallest window of its own.
      const rect = await browser.resize(width, 800);
      const inside = await browser.evaluate(async (_, before) => {
        const start = Date.now();
        while (innerWidth >= before && Date.now() - start < 5000) await new Promise(requestAnimationFrame);
        return innerWidth;
      }, before);
      assert.ok(inside < before, `${inside} px, in a window of ${rect.width} px`);
      assert.equal(await beyond(), 0, `${inside} px, in a window of ${rect.width} px`);
      before = inside;
    }
    assert.ok(before < 600, `the smallest is ${before} px`);
    // There the filters wait behind a button, and the rows are cards.
    await (await browser.find('button[aria-expanded]')).click();
    await (await browser.find(`${ROWS} td[data-column=status]`)).click();
    await eventually(isDetailsOpen, true);
    assert.equal(await beyond(), 0, 'with all open');
  });

  test('axe finds nothing: wide, small, and with the details open', async () => {
    await axeFindsNothing();
    await browser.resize(320, 800);
    await axeFindsNothing();
    await (await browser.find(`${ROWS} button`)).focus();
    await browser.press('Enter');
    await eventually(isDetailsOpen, true);
    await axeFindsNothing();
  });

  test('has the colours that are preferred', async () => {
    const scheme = await hasPreferredColours();
    if (canBeTold) assert.equal(scheme, 'light');
  });
});

describe('in a host', () => {
  const host = () => browser.find('referral-history');
  const spent = async (requests) => assert.deepEqual(await usage(), { account: 'busy', requests, credits: requests });
  const told = () => browser.evaluate((look) => look.all('#told li').map((item) => item.textContent.split(' ')[0]).reverse());
  const title = () => browser.evaluate((look) => look.all('h1').map(look.name));

  before(async () => {
    browser = await Browser.start();
  });

  after(endBrowser);

  beforeEach(async () => {
    await browser.resize(1280, 900);
    await signIn('Busy', '/examples/html/');
  });

  afterEach(async () => {
    assert.deepEqual(await browser.evaluate(() => window.broken), []);
  });

  test('shows its rows, with styles that the host does not reach', async () => {
    await eventually(shown, 25);
    const [own, within] = await browser.evaluate((look, selector) => {
      const looks = (table) => {
        const { display, color } = getComputedStyle(table);
        return [display, color];
      };
      const table = document.body.appendChild(document.createElement('table'));
      const own = looks(table);
      table.remove();
      return [own, looks(look.all(selector)[0])];
    }, TABLE);
    assert.deepEqual(own, ['none', 'rgb(255, 0, 0)']);
    assert.equal(within[0], 'table');
    assert.notEqual(within[1], own[1]);
    await spent(1);
  });

  test('changes its colours and its language without asking again', async () => {
    const element = await host();
    const ground = () => browser.evaluate((look) => getComputedStyle(look.all('.rh-card')[0]).backgroundColor);
    for (const [theme, colour] of [['dark', 'rgb(14, 17, 22)'], ['light', 'rgb(255, 255, 255)']]) {
      await browser.evaluate((_, element, theme) => (element.theme = theme), element, theme);
      await eventually(ground, colour);
    }
    for (const [lang, name] of [['de', 'Empfehlungsverlauf'], ['en', 'Referral history']]) {
      await browser.evaluate((_, element, lang) => element.setAttribute('lang', lang), element, lang);
      await eventually(title, [name]);
    }
    await spent(1);
  });

  test('tells the host what happens', async () => {
    await eventually(told, ['referral-history:load']);
    await chooseRole('referred');
    await eventually(told, ['referral-history:load', 'referral-history:change']);
  });

  test('takes away what a user saw, and asks anew for the next one', async () => {
    await chooseRole('referred');
    await eventually(query, '?role=referred');
    const element = await host();
    await browser.evaluate((_, element) => element.clear(), element);
    await eventually(shown, 0);
    await eventually(query, '');
    await spent(1);
    await browser.evaluate((_, element) => (element.session = 'next'), element);
    await eventually(shown, 25);
    await spent(2);
  });

  test('is moved without asking again, and keeps what was chosen and opened', async () => {
    await chooseRole('referred');
    await eventually(query, '?role=referred');
    const before = await shown();
    const opener = await browser.find(`${ROWS} button`);
    await opener.focus();
    await browser.press('Enter');
    await eventually(isDetailsOpen, true);
    await browser.evaluate((_, element) => document.querySelector('aside').append(element), await host());
    assert.equal(await browser.evaluate((look) => look.all('dialog:modal').length), 1);
    await browser.press('Escape');
    await eventually(isDetailsOpen, false);
    assert.equal(await shown(), before);
    assert.equal(await query(), '?role=referred');
    await spent(1);
  });

  test('is mounted beside another, and leaves nothing', async () => {
    await browser.evaluate(async () => {
      const { mount } = await import('/referral-history.js');
      window.handle = await mount(document.querySelector('main'), { urlSync: 'second-', pageSize: 10 });
    });
    await eventually(shown, 35);
    await browser.evaluate(() => window.handle.update({ pageSize: 50 }));
    await eventually(shown, 75);
    await spent(2);
    const inputs = await browser.all('input[type=search]');
    await inputs[1].type('a');
    await eventually(query, '?second-q=a');
    await browser.evaluate(() => window.handle.unmount());
    await eventually(shown, 25);
    await eventually(query, '');
    assert.equal(await browser.evaluate(() => window.handle.element.shadowRoot.childNodes.length), 0);
    await spent(2);
  });

  test('says so when a defect stops it, and starts anew', async () => {
    await browser.evaluate(provokeDefect);
    await (await browser.find(`${ROWS} button`)).focus();
    await browser.press('Enter');
    const message = () => browser.evaluate((look) => look.all('[role=alert]').map((part) => part.textContent));
    await eventually(message, ['The referral history could not be shown in this browser. Reload the page to try again.']);
    await eventually(told, ['referral-history:load', 'referral-history:error']);
    // All of it is loaded once more, under the host's policy.
    await browser.evaluate((_, element) => {
      element.unmount();
      document.querySelector('main').append(element);
    }, await host());
    await eventually(shown, 25);
    assert.deepEqual(await message(), []);
    await spent(2);
    // It is told once, with its reason and its place.
    const broken = await browser.evaluate(() => window.broken.splice(0));
    assert.equal(broken.length, 1, broken.join());
    assert.match(broken[0], /threw .*referral-history: panicked at \S+\.rs:\d+/);
  });
});

describe('in dark', { skip: !canBeTold }, () => {
  before(async () => {
    browser = await Browser.start({ scheme: 'dark' });
  });

  after(endBrowser);

  test('is dark, and axe finds nothing', async () => {
    await signIn('Busy');
    assert.equal(await hasPreferredColours(), 'dark');
    await axeFindsNothing();
    await (await browser.find(`${ROWS} button`)).focus();
    await browser.press('Enter');
    await eventually(isDetailsOpen, true);
    await axeFindsNothing();
  });
});
