// Scripts that change what the browser offers: monitoring, testing and consent tools wrap `fetch`, older
// libraries replace methods of elements, and browsers lack what others have. Whatever they answer, the
// page ends in rows or in a failure that is shown and told, after one request, and goes on working.
import { readFile } from 'node:fs/promises';
import { expect, runUntilLate, stopClock, test as base } from './fixtures.mjs';

const EVENTS = '**/api/v1/referrals/me/events*';
const ROWS = 12;

const items = Array.from({ length: ROWS }, (_, place) => ({
  id: `id${place}`,
  code: `CODE${place}`,
  role: place % 2 ? 'referred' : 'referrer',
  status: place % 3 ? 'attributed' : 'rewarded',
  reward_credits: place % 3 ? undefined : 1000,
  created_at: new Date(Date.UTC(2026, 0, 20 - place, 9, 30)).toISOString(),
}));

const test = base.extend({
  // Opens the page by itself, after a script was run in it. What the element tells is collected.
  open: async ({ page, answerWith }, use) => {
    await use(async (script, value) => {
      await answerWith(items, { 'x-request-id': 'req_7' });
      await page.addInitScript(() => {
        window.received = [];
        for (const name of ['load', 'error', 'unauthorized']) addEventListener(`referral-history:${name}`, ({ detail }) => window.received.push({ name, ...detail }));
      });
      await page.addInitScript(script, value);
      await page.goto('/');
    });
  },
  received: async ({ page }, use) => use(() => page.evaluate(() => window.received)),
});

/** The page is there, and does what it is for. */
async function works(history) {
  await expect(history.rows).toHaveCount(ROWS);
  await history.role('Referred').check();
  await expect(history.rows).toHaveCount(ROWS / 2);
  await history.role('All').check();
  await expect(history.rows).toHaveCount(ROWS);
}

/** Run in the page: has requests for events, or all requests, answered by one of the wrappers below. */
function wrap({ kind, all = false }) {
  const { fetch } = window;
  window.calls = 0;
  window.unwrap = () => (window.fetch = fetch);
  const lookAlike = (answer, more) => ({ status: answer.status, text: () => answer.text(), ...more });
  /** Of another realm, which `instanceof` takes for something else. */
  const foreign = async (answer) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    document.documentElement.append(frame);
    return new frame.contentWindow.Response(await answer.arrayBuffer(), { status: answer.status, headers: [...answer.headers] });
  };
  const wrappers = {
    'reads a clone': async (ask) => {
      const answer = await ask();
      await answer.clone().text();
      return answer;
    },
    'reads a clone late': async (ask) => {
      const answer = await ask();
      const clone = answer.clone();
      window.readLate = () => clone.text().then(({ length }) => length, String);
      return answer;
    },
    'answers a response of another realm': async (ask) => foreign(await ask()),
    'answers what only looks like a response': async (ask) => {
      const answer = await ask();
      return lookAlike(answer, { headers: { get: (name) => answer.headers.get(name) } });
    },
    'answers one without headers': async (ask) => lookAlike(await ask()),
    'answers one with headers of another kind': async (ask) => lookAlike(await ask(), { headers: { 'x-request-id': 'req_7' } }),
    'answers one with a text that is no promise': async (ask) => {
      const text = await (await ask()).text();
      return { status: 200, headers: new Map(), text: () => text };
    },
    'answers a thenable': (ask) => ({ then: (resolve, reject) => void ask().then(resolve, reject) }),
    'answers what is no promise': () => ({ status: 200, headers: new Headers(), text: async () => '{"code":200,"data":{"items":[]}}' }),
    'reads the body itself': async (ask) => {
      const answer = await ask();
      await answer.text();
      return answer;
    },
    'throws': () => {
      throw new TypeError('not here');
    },
    'rejects with nothing': () => Promise.reject(),
    'answers nothing': () => undefined,
    'answers null': async () => null,
    'answers a thenable that throws': () => ({
      then() {
        throw new TypeError('no then');
      },
    }),
    'answers one whose status throws': async () => ({
      get status() {
        throw new TypeError('no status');
      },
    }),
    'answers one whose headers throw': async (ask) => {
      const answer = await ask();
      const headers = {
        get() {
          throw new TypeError('no headers');
        },
      };
      return Object.defineProperty(lookAlike(answer), 'headers', headers);
    },
    'answers one whose text throws': async () => ({
      status: 200,
      headers: new Headers(),
      text() {
        throw new TypeError('no text');
      },
    }),
    'answers one whose text is none': async () => ({ status: 200, headers: new Headers(), text: async () => ({}) }),
    'answers one whose body yields no bytes': async () => ({
      status: 200,
      headers: new Headers(),
      body: { getReader: () => ({ read: async () => ({ done: false, value: 'text' }) }) },
    }),
    'answers one whose reader throws': async () => ({
      status: 200,
      headers: new Headers(),
      body: {
        getReader() {
          throw new TypeError('locked');
        },
      },
    }),
    'never answers': () => new Promise(() => {}),
    'answers one whose text never comes': async () => ({ status: 200, headers: new Headers(), text: () => new Promise(() => {}) }),
  };
  window.fetch = function (...request) {
    const isForEvents = String(request[0]?.url ?? request[0]).includes('/referrals/me/events');
    if (isForEvents) window.calls += 1;
    return isForEvents || all ? wrappers[kind](() => fetch.apply(this, request)) : fetch.apply(this, request);
  };
}

const calls = (page) => page.evaluate(() => window.calls);

test.describe('a fetch that', () => {
  for (const kind of [
    'reads a clone',
    'answers a response of another realm',
    'answers what only looks like a response',
    'answers one without headers',
    'answers one with headers of another kind',
    'answers one with a text that is no promise',
    'answers one whose headers throw',
    'answers a thenable',
  ]) {
    test(`${kind} shows its rows`, async ({ open, page, history, received, watch }) => {
      await open(wrap, { kind });
      await works(history);
      expect(await received()).toEqual([expect.objectContaining({ name: 'load', count: ROWS, creditsCharged: 1 })]);
      expect(await calls(page)).toBe(1);
      expect(watch.requests).toHaveLength(1);
    });
  }

  test('reads a clone late reads all of it: what was answered is not aborted', async ({ open, page, history }) => {
    await page.addInitScript(() => {
      const { fetch } = window;
      window.signals = [];
      window.fetch = function (...request) {
        const isForEvents = String(request[0]?.url ?? request[0]).includes('/referrals/me/events');
        if (isForEvents) window.signals.push(request[1]?.signal ?? request[0].signal);
        return fetch.apply(this, request);
      };
    });
    await open(wrap, { kind: 'reads a clone late' });
    await expect(history.rows).toHaveCount(ROWS);
    await history.root.evaluate((root) => root.getRootNode().host.remove());
    expect(await page.evaluate(() => window.readLate())).toBeGreaterThan(1000);
    expect(await page.evaluate(() => window.signals.map((signal) => signal.aborted))).toEqual([false]);
  });

  test('answers what is no promise shows what it answers', async ({ open, page, received }) => {
    await open(wrap, { kind: 'answers what is no promise' });
    await expect(page.getByRole('heading', { name: 'No referrals yet' })).toBeVisible();
    expect(await received()).toEqual([expect.objectContaining({ name: 'load', count: 0 })]);
    expect(await calls(page)).toBe(1);
  });

  const UNREADABLE = { title: 'Unexpected response', kind: 'unreadable' };
  const NO_CONNECTION = { title: 'No connection', kind: 'no_connection' };
  const TIMED_OUT = { title: 'The answer took too long', kind: 'timed_out' };
  for (const [kind, face, cost, seconds = 0] of [
    // Of an answer with a status it is known what it cost, though not what it says.
    ['reads the body itself', UNREADABLE, 1],
    ['answers one whose text throws', UNREADABLE, 1],
    ['answers one whose text is none', UNREADABLE, 1],
    ['answers one whose body yields no bytes', UNREADABLE, 1],
    ['answers one whose reader throws', UNREADABLE, 1],
    ['answers one whose status throws', UNREADABLE, null],
    ['answers nothing', UNREADABLE, null],
    ['answers null', UNREADABLE, null],
    ['throws', NO_CONNECTION, null],
    ['rejects with nothing', NO_CONNECTION, null],
    ['answers a thenable that throws', NO_CONNECTION, null],
    ['never answers', TIMED_OUT, null, 15],
    ['answers one whose text never comes', UNREADABLE, 1, 15],
  ]) {
    test(`${kind} ends in a failure that is shown and told`, async ({ open, page, history, received }) => {
      const runUntil = seconds ? await stopClock(page) : undefined;
      await open(wrap, { kind });
      if (seconds) {
        // The time counts from the request. The page says a moment later that it is loading.
        await expect.poll(() => calls(page)).toBe(1);
        await runUntilLate(page);
        await page.clock.runFor(1000);
        await expect(history.status).toHaveText('Loading');
        await runUntil((seconds - 1) * 1000);
        expect(await received()).toEqual([]);
        await runUntil((seconds + 1) * 1000);
        await page.clock.resume();
      }
      await expect(page.getByRole('heading', { name: face.title })).toBeVisible();
      await expect.poll(received).toEqual([expect.objectContaining({ name: 'error', kind: face.kind, creditsCharged: cost })]);
      expect(await calls(page)).toBe(1);
      // It goes on: the user may ask again.
      await page.evaluate(() => window.unwrap());
      await history.tryAgain.click();
      await works(history);
    });
  }

  test('answers all that is loaded from another realm shows its rows', async ({ open, history }) => {
    await open(wrap, { kind: 'answers a response of another realm', all: true });
    await works(history);
  });

  for (const kind of ['throws', 'answers nothing', 'answers a thenable that throws', 'reads the body itself', 'answers one without headers']) {
    test(`${kind} for the files, too, ends in the message, which costs nothing`, async ({ open, page, received, watch }) => {
      await open(wrap, { kind, all: true });
      await expect(page.getByRole('alert').getByText('could not be shown in this browser')).toBeVisible();
      expect(await received()).toEqual([{ name: 'error', kind: 'start', status: null, requestId: null, retryAfter: null, creditsCharged: 0 }]);
      expect(watch.problems.splice(0)).toEqual([expect.stringContaining('referral-history: it could not be started')]);
      expect(watch.requests).toHaveLength(0);
    });
  }
});

test('a clipboard that does not work is said to have failed, whatever it does', async ({ open, page, history }) => {
  /** Run in the page: from now on this is its clipboard. */
  function put(kind) {
    const clipboards = {
      'is missing': undefined,
      'is null': null,
      'cannot write': {},
      'throws': {
        writeText() {
          throw new DOMException('no', 'NotAllowedError');
        },
      },
      'rejects': { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
      // Nobody can tell whether the text is there.
      'answers nothing': { writeText() {} },
      'never answers': { writeText: () => new Promise(() => {}) },
    };
    const clipboard = {
      get() {
        if (kind === 'throws when it is looked at') throw new TypeError('no clipboard');
        return clipboards[kind];
      },
    };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, ...clipboard });
  }
  await page.clock.install();
  await open(() => {});
  await expect(history.rows).toHaveCount(ROWS);
  for (const kind of ['is missing', 'is null', 'cannot write', 'throws', 'throws when it is looked at', 'rejects', 'answers nothing', 'never answers']) {
    await page.evaluate(put, kind);
    await history.openDetails('CODE3');
    const said = history.details.getByRole('status');
    await expect(said, kind).toHaveText('');
    await page.getByRole('button', { name: 'Copy details for support' }).click();
    if (kind === 'never answers') await page.clock.runFor(10_000);
    await expect(said, kind).toHaveText('Copying did not work. Select the text and copy it by hand.');
    await page.keyboard.press('Escape');
    await expect(history.details).toBeHidden();
  }
  await works(history);
});

test.describe('languages', () => {
  for (const [what, value] of [
    ['undefined', undefined],
    ['null', null],
    ['no list', 'en-GB'],
    ['a list of what is none', [null, 7, '', 'en-US@posix', 'x']],
  ]) {
    test(`that are ${what} are no reason to fail`, async ({ open, history }) => {
      await open((value) => Object.defineProperty(navigator, 'languages', { configurable: true, get: () => value }), value);
      await works(history);
      await expect(history.cells('reward_credits').first()).toHaveText('1,000');
    });
  }

  test('that throw are no reason to fail', async ({ open, history }) => {
    await open(() => {
      Object.defineProperty(navigator, 'languages', {
        configurable: true,
        get() {
          throw new TypeError('no languages');
        },
      });
    });
    await works(history);
  });
});

test.describe('an Intl', () => {
  for (const name of ['NumberFormat', 'DateTimeFormat', 'PluralRules', 'RelativeTimeFormat']) {
    for (const kind of ['lacks', 'throws for']) {
      test(`that ${kind} ${name} leaves numbers and times that can be read`, async ({ open, page, history }) => {
        await open(
          ([name, kind]) => {
            const broken = function () {
              throw new RangeError(`${name}: not for this language, nor in this zone`);
            };
            Intl[name] = kind === 'lacks' ? undefined : broken;
          },
          [name, kind],
        );
        await works(history);
        await expect(history.cells('reward_credits').first()).toHaveText(name === 'NumberFormat' ? '1000' : '1,000');
        const first = history.cells('created_at').first().locator('time');
        await expect(first).toHaveAttribute('datetime', '2026-01-20T09:30:00Z');
        // In the user's zone, an hour ahead of UTC.
        await expect(first).toHaveText(/10:30/);
        await history.openDetails('CODE0');
        await expect(history.details).toContainText('10:30');
        await page.keyboard.press('Escape');
        await expect(page.getByText(/^Showing 1–12 of 12 referrals$|^1–12 of 12$/).first()).toBeVisible();
      });
    }
  }

  // Chromium and Firefox have thrown for zones of the system that they do not know.
  test('that knows no zone but UTC shows times of the device’s clock', async ({ open, history }) => {
    await open(() => {
      const { DateTimeFormat } = Intl;
      Intl.DateTimeFormat = function (locales, options) {
        if (options?.timeZone !== 'UTC') throw new RangeError('Invalid time zone specified: Etc/Unknown');
        return new DateTimeFormat(locales, options);
      };
    });
    await works(history);
    await expect(history.cells('created_at').first()).toHaveText(/10:30/);
  });
});

test.describe('elements', () => {
  /** What an element that has left leaves: nothing; and another one comes in its place. */
  async function leavesAndComes(page, history, watch) {
    await page.evaluate(() => {
      window.element = document.querySelector('referral-history');
      window.element.unmount();
    });
    await expect(page.locator('referral-history')).toHaveCount(0);
    expect(await page.evaluate(() => window.element.shadowRoot.childNodes.length)).toBe(0);
    watch.problems.splice(0);
    await page.evaluate(() => {
      window.repair();
      document.querySelector('main').append(document.createElement('referral-history'));
    });
    await expect(history.rows).toHaveCount(ROWS);
    expect(watch.requests).toHaveLength(2);
  }

  test('whose remove() throws can be taken away', async ({ open, page, history, watch }) => {
    await open(() => {});
    await expect(history.rows).toHaveCount(ROWS);
    await page.evaluate(() => {
      const { remove } = Element.prototype;
      window.repair = () => (Element.prototype.remove = remove);
      Element.prototype.remove = () => {
        throw new TypeError('not now');
      };
    });
    await leavesAndComes(page, history, watch);
  });

  test('whose remove() does nothing can be taken away', async ({ open, page, history, watch }) => {
    await open(() => {});
    await expect(history.rows).toHaveCount(ROWS);
    await page.evaluate(() => {
      const { remove } = Element.prototype;
      window.repair = () => (Element.prototype.remove = remove);
      Element.prototype.remove = () => {};
    });
    await leavesAndComes(page, history, watch);
  });

  // Tools that record what users do, or that keep others out, make shadow roots otherwise than asked for.
  test('whose shadow roots are made closed are as good as others', async ({ open, page, watch, received }) => {
    await open(() => {
      const { attachShadow } = Element.prototype;
      Element.prototype.attachShadow = function (options) {
        return (window.root = attachShadow.call(this, { ...options, mode: 'closed' }));
      };
    });
    const inside = (run) => page.evaluate(`(${run})(window.root)`);
    const rows = () => inside((root) => root.querySelectorAll('[part=table] tbody tr time').length);
    await expect.poll(rows).toBe(ROWS);
    expect(await page.evaluate(() => document.querySelector('referral-history').shadowRoot)).toBe(null);
    await expect.poll(() => inside((root) => root.querySelectorAll('input[type=radio]').length)).toBeGreaterThan(2);
    await inside((root) => root.querySelectorAll('input[type=radio]')[2].click());
    await expect.poll(rows).toBe(ROWS / 2);
    await inside((root) => root.querySelector('[part=table] tbody button').click());
    await expect.poll(() => inside((root) => root.querySelector('.rh-details').matches(':modal'))).toBe(true);
    // It is moved, and leaves.
    await page.evaluate(() => document.body.append(document.querySelector('referral-history')));
    expect(await inside((root) => root.querySelector('.rh-details').matches(':modal'))).toBe(true);
    await page.evaluate(() => document.querySelector('referral-history').unmount());
    expect(await inside((root) => root.childNodes.length)).toBe(0);
    expect((await received()).map(({ name }) => name)).toEqual(['load']);
    expect(watch.requests).toHaveLength(1);
  });

  test('that can have no shadow root say that nothing can be shown', async ({ open, page, watch, received }) => {
    await open(() => {
      Element.prototype.attachShadow = () => {
        throw new DOMException('no', 'NotSupportedError');
      };
    });
    await expect(page.getByRole('alert').getByText('could not be shown in this browser')).toBeVisible();
    expect((await received()).map(({ kind, creditsCharged }) => [kind, creditsCharged])).toEqual([['start', 0]]);
    expect(watch.requests).toHaveLength(0);
    expect(watch.problems.splice(0)).toEqual([expect.stringContaining('no'), expect.stringContaining('it could not be started')]);
  });

  // What is thrown through the program leaves it in the middle of what it did.
  test('that throw in the middle of a change end in the message, and can be put on the page again', async ({ open, page, history, watch, received }) => {
    await open(() => {});
    await expect(history.rows).toHaveCount(ROWS);
    await page.evaluate(() => {
      const { remove } = Element.prototype;
      window.repair = () => (Element.prototype.remove = remove);
      Element.prototype.remove = function () {
        if (this.getAttribute('part') === 'page') throw new TypeError('not now');
        remove.call(this);
      };
      document.querySelector('referral-history').limit = 7;
    });
    await expect(page.getByRole('alert').getByText('could not be shown in this browser')).toBeVisible();
    await expect.poll(async () => (await received()).map(({ name, kind, creditsCharged }) => [name, kind, creditsCharged])).toEqual([['load', undefined, 1], ['error', 'panic', null]]);
    expect(watch.problems.splice(0)).toEqual([expect.stringContaining('not now')]);
    await page.evaluate(() => {
      window.repair();
      const element = document.querySelector('referral-history');
      element.unmount();
      document.querySelector('main').append(element);
    });
    await expect(history.rows).toHaveCount(ROWS);
  });
});

test.describe('a browser', () => {
  /** The page has its styles. */
  const isStyled = (page) => expect.poll(() => page.locator('.rh-table').evaluate((table) => getComputedStyle(table).tableLayout)).toBe('fixed');

  test('in which style sheets cannot be shared gets them by a link', async ({ open, page, history }) => {
    await open(() => delete ShadowRoot.prototype.adoptedStyleSheets);
    await works(history);
    await isStyled(page);
  });

  test('that makes no style sheets gets them by a link', async ({ open, page, history }) => {
    await open(() => {
      window.CSSStyleSheet = undefined;
    });
    await works(history);
    await isStyled(page);
  });

  for (const name of ['matchMedia', 'MutationObserver', 'ResizeObserver', 'reportError', 'requestAnimationFrame', 'requestIdleCallback']) {
    test(`without ${name} shows the page`, async ({ open, history }) => {
      await open((name) => (window[name] = undefined), name);
      await works(history);
    });
  }

  for (const [what, script] of Object.entries({
    'throws': () =>
      (URL.createObjectURL = () => {
        throw new TypeError('no blobs');
      }),
    'is missing': () => (URL.createObjectURL = undefined),
    'answers nothing': () => (URL.createObjectURL = () => undefined),
  })) {
    test(`whose URL.createObjectURL ${what} saves files`, async ({ open, page, history }) => {
      await open(script);
      await expect(history.rows).toHaveCount(ROWS);
      await history.export.click();
      const [download] = await Promise.all([page.waitForEvent('download'), history.csv.click()]);
      expect(download.suggestedFilename()).toMatch(/\.csv$/);
      expect((await readFile(await download.path(), 'utf8')).match(/CODE\d+/g)).toHaveLength(ROWS);
      await works(history);
    });
  }

  for (const [what, script] of Object.entries({
    'clicks no links': () =>
      (HTMLElement.prototype.click = () => {
        throw new TypeError('no clicks');
      }),
    'has no downloads': () => delete HTMLAnchorElement.prototype.download,
    'makes no URLs of files': () => {
      URL.createObjectURL = undefined;
      window.encodeURIComponent = undefined;
    },
  })) {
    test(`that ${what} is not said to have saved a file, and copies it`, async ({ open, page, history, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await open(script);
      await expect(history.rows).toHaveCount(ROWS);
      await history.export.click();
      const downloads = [];
      page.on('download', (download) => downloads.push(download.suggestedFilename()));
      for (const format of [history.csv, page.getByRole('button', { name: /^JSON/ })]) {
        await format.click();
        await expect(history.status).toContainText('The download could not be started. Use “Copy table” instead.');
        await expect(page.getByRole('paragraph').filter({ hasText: 'could not be started' })).toBeVisible();
      }
      await page.getByRole('button', { name: 'Copy table' }).click();
      await expect(history.status).toHaveText('Copied');
      expect((await page.evaluate(() => navigator.clipboard.readText())).match(/CODE\d+/g)).toHaveLength(ROWS);
      expect(downloads).toEqual([]);
      await page.keyboard.press('Escape');
      await works(history);
    });
  }

  test('that takes no steps in its history shows what is chosen', async ({ open, history }) => {
    await open(() => {
      history.pushState = history.replaceState = () => {
        throw new DOMException('too many', 'SecurityError');
      };
    });
    await works(history);
  });

  // A variable of a classic script's is a member of the window, and `origin` can be replaced by one.
  test('whose window.origin is a variable of the host’s is on its own origin', async ({ open, page, history }) => {
    await open(() => (window.origin = 'https://other.example'));
    await works(history);
    await history.role('Referrer').check();
    await expect.poll(() => new URL(page.url()).search).toBe('?role=referrer');
  });

  test('whose events cannot be made shows the page, and tells nobody', async ({ open, history, received }) => {
    await open(() => {
      window.CustomEvent = function () {
        throw new TypeError('no events');
      };
    });
    await works(history);
    expect(await received()).toEqual([]);
  });
});
