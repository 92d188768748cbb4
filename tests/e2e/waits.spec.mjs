// Waits: before the page repeats a request, and after an answer that asks to wait. And that a page asks for
// nothing when it wakes.
import { expect, listen, stopClock, test } from './fixtures.mjs';

const EVENTS = '**/api/v1/referrals/me/events*';
const RECORDS = Array.from({ length: 7 }, (_, place) => ({ id: `id${place}`, code: `CODE${place}` }));

/** Has the service fail with a status from now on, and ask to wait for some seconds. */
async function failWith(page, status, seconds) {
  await page.unroute(EVENTS);
  const headers = { 'x-request-id': 'req_1', ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }) };
  await page.route(EVENTS, (route) => route.fulfill({ status, headers, body: '' }));
}

/** How many requests the page has made. One of the test's own comes after all of them. */
async function made(page, watch) {
  await page.evaluate(() => fetch('/'));
  return watch.requests.length;
}

const service = (page) => page.getByRole('region', { name: /We couldn’t load your referrals$/ });
const tooMany = (page) => page.getByRole('region', { name: /Too many requests$/ });
const stopWaiting = (page) => page.getByRole('button', { name: 'Stop waiting' });
/** What stands where the rows are or will be: which retry the page waits for, and for how long. */
const retrying = (page) => page.getByRole('paragraph').getByText(/^Couldn’t load\. Retrying/);
/** The rows, which are there while the clock stands still, before all else is drawn. */
const rowsOf = (page) => page.locator('.rh-table > tbody > tr');
/** All that counts down. */
const countdowns = (page) => page.getByText(/\bin \d+:\d\d/).and(page.locator(':not([role=status])'));

test.beforeEach(({ page }) => stopClock(page));

for (const [when, load] of [
  ['the first load', async ({ page }) => {
    await failWith(page, 503, 20);
    await page.goto('/');
  }],
  ['a refresh', async ({ answerWith, history, page }) => {
    await answerWith(RECORDS);
    await page.goto('/');
    await expect(rowsOf(page)).toHaveCount(RECORDS.length);
    await page.clock.runFor(100);
    await expect(history.rows).toHaveCount(RECORDS.length);
    await failWith(page, 503, 20);
    await history.refresh.click();
  }],
]) {
  const rows = when === 'a refresh' ? RECORDS.length : 0;
  const before = when === 'a refresh' ? 1 : 0;

  test(`the wait before a retry of ${when} is counted down, and the request is made when it is over`, async ({ answerWith, history, page, watch }) => {
    await load({ answerWith, history, page });
    await expect(retrying(page)).toHaveText('Couldn’t load. Retrying (1 of 2) in 0:20');
    // It is announced a moment after it is shown.
    await page.clock.runFor(400);
    await expect(history.status).toHaveText('Couldn’t load. Retrying (1 of 2) in 0:20');
    await expect(stopWaiting(page)).toBeVisible();
    await expect(history.refresh).toHaveAttribute('aria-disabled', 'true');
    await expect(countdowns(page)).toHaveCount(1);
    await expect(page.locator('header').getByText('Retrying')).toHaveCount(0);
    const announced = await listen(page);
    await page.clock.runFor(5_000);
    await expect(retrying(page)).toHaveText('Couldn’t load. Retrying (1 of 2) in 0:15');
    // What counts down is not told second by second.
    expect(await announced()).toEqual([]);
    await page.clock.runFor(14_000);
    expect(await made(page, watch)).toBe(before + 1);
    await answerWith(RECORDS);
    await page.clock.runFor(1_500);
    await expect(rowsOf(page)).toHaveCount(RECORDS.length);
    await expect(retrying(page)).toHaveCount(0);
    await expect(stopWaiting(page)).toHaveCount(0);
    expect(await made(page, watch)).toBe(before + 2);
  });

  test(`whoever stops waiting for a retry of ${when} has the failure, and no further request`, async ({ answerWith, history, page, watch }) => {
    await load({ answerWith, history, page });
    await stopWaiting(page).click();
    await expect(service(page)).toContainText('This request cost nothing.');
    await expect(service(page)).toContainText('Request ID req_1');
    await expect(stopWaiting(page)).toHaveCount(0);
    await expect(retrying(page)).toHaveCount(0);
    // The button went; whoever pressed it keeps a place: that of the one button that is there now.
    const [button, other] = rows ? [history.refresh, history.tryAgain] : [history.tryAgain, history.refresh];
    await expect(other).toHaveCount(0);
    expect(await button.evaluate((button) => deep.active().contains(button))).toBe(true);
    await expect(rowsOf(page)).toHaveCount(rows);
    // What the service asked for holds for the user, too.
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription('in 0:20');
    await expect(countdowns(page)).toHaveCount(1);
    await page.clock.runFor(5_000);
    await expect(button).toHaveAccessibleDescription('in 0:15');
    await button.click({ force: true });
    await page.clock.runFor(120_000);
    await expect(button).toBeEnabled();
    await expect(button).toHaveAccessibleDescription('Costs 1 credit');
    expect(await made(page, watch)).toBe(before + 1);
    await answerWith(RECORDS);
    await button.click();
    await expect(rowsOf(page)).toHaveCount(RECORDS.length);
    expect(await made(page, watch)).toBe(before + 2);
  });
}

test('a wait without a Retry-After is said and can be stopped as well', async ({ history, page, watch }) => {
  await failWith(page, 500);
  await page.goto('/');
  await expect(retrying(page)).toHaveText('Couldn’t load. Retrying (1 of 2) in 0:01');
  // The back-off of the second is one to two seconds.
  await page.clock.runFor(1_000);
  await expect(retrying(page)).toHaveText(/^Couldn’t load\. Retrying \(2 of 2\) in 0:0[12]$/);
  await stopWaiting(page).click();
  await expect(service(page)).toBeVisible();
  await expect(history.tryAgain).toBeEnabled();
  await page.clock.runFor(60_000);
  expect(await made(page, watch)).toBe(2);
});

test('while a retry is under way the page says so, and offers no stop of a wait that is over', async ({ page }) => {
  await failWith(page, 500);
  await page.goto('/');
  await expect(stopWaiting(page)).toBeVisible();
  await stopWaiting(page).focus();
  await page.unroute(EVENTS);
  await page.route(EVENTS, () => {});
  await page.clock.runFor(1_000);
  await expect(retrying(page)).toHaveText('Couldn’t load. Retrying (1 of 2)…');
  await expect(stopWaiting(page)).toHaveCount(0);
  // The button went by itself; whoever was on it keeps a place.
  expect(await page.evaluate(() => deep.active().className)).toBe('rh-rows');
  // That a retry is under way says enough, however long it takes.
  await page.clock.runFor(5_000);
  await expect(page.getByText('Still loading…')).toHaveCount(0);
});

for (const [asks, seconds, left] of [
  ['more than half a minute', 31, '0:31'],
  ['five minutes', 300, '5:00'],
  ['more than a day', 90_000, '24:00:00'],
]) {
  test(`a service that asks for ${asks} is not asked again by itself`, async ({ history, page, watch }) => {
    await failWith(page, 503, seconds);
    await page.goto('/');
    await expect(service(page)).toBeVisible();
    await expect(stopWaiting(page)).toHaveCount(0);
    await expect(history.tryAgain).toBeDisabled();
    await expect(history.tryAgain).toHaveAccessibleDescription(`in ${left}`);
    await page.clock.fastForward((seconds + 60) * 1_000);
    await page.clock.runFor(60_000);
    await expect(history.tryAgain).toBeEnabled();
    expect(await made(page, watch)).toBe(1);
  });
}

test.describe('a wait belongs to the API base', () => {
  const element = (page) => page.locator('referral-history');

  /** A page that has asked once and is asked to wait for 30 seconds. */
  async function limited({ page, watch }) {
    await failWith(page, 429, 30);
    await page.goto('/');
    await expect(tooMany(page)).toBeVisible();
    expect(await made(page, watch)).toBe(1);
    await page.clock.runFor(10_000);
  }

  for (const [what, change] of [
    ['another limit', (element) => (element.limit = 50)],
    ['the same base, written otherwise', (element) => (element.apiBase = `${location.origin}/api/v1/`)],
    ['an element that left and came back', (element) => {
      const { parentNode } = element;
      element.unmount();
      parentNode.append(element);
    }],
    ['another element', (element) => {
      const another = document.createElement('referral-history');
      element.replaceWith(another);
    }],
  ]) {
    test(`${what} does not ask before it is over`, async ({ answerWith, history, page, watch }) => {
      await limited({ page, watch });
      await page.evaluate(() => {
        window.received = [];
        addEventListener('referral-history:error', ({ detail }) => window.received.push(detail));
      });
      await element(page).evaluate(change);
      await expect.poll(() => page.evaluate(() => window.received.length)).toBe(1);
      const [detail] = await page.evaluate(() => window.received);
      // Nothing was asked, so there is no status, and nothing was charged.
      expect(detail).toEqual({ kind: 'too_many_requests', status: null, requestId: null, retryAfter: expect.any(Number), creditsCharged: 0 });
      expect(detail.retryAfter).toBeGreaterThan(19);
      expect(detail.retryAfter).toBeLessThanOrEqual(20);
      await expect(tooMany(page)).toBeVisible();
      await expect(history.tryAgain).toHaveAccessibleDescription('in 0:20');
      await element(page).evaluate((element) => element.refresh());
      await page.clock.runFor(19_000);
      await expect(history.tryAgain).toBeDisabled();
      expect(await made(page, watch)).toBe(1);
      // When it is over, the user asks, not the page.
      await page.clock.runFor(60_000);
      expect(await made(page, watch)).toBe(1);
      await answerWith(RECORDS);
      await history.tryAgain.click();
      await expect(rowsOf(page)).toHaveCount(RECORDS.length);
      expect(await made(page, watch)).toBe(2);
    });
  }

  test('another base is asked at once, and the first one is waited for again', async ({ page, watch }) => {
    await limited({ page, watch });
    await page.route('**/other/referrals/me/events*', (route) => route.fulfill({ json: { code: 200, msg: 'ok', data: { items: [] } } }));
    await element(page).evaluate((element) => (element.apiBase = '/other'));
    await expect(page.getByRole('heading', { name: 'No referrals yet' })).toBeVisible();
    await element(page).evaluate((element) => (element.apiBase = null));
    await expect(tooMany(page)).toBeVisible();
    expect(await made(page, watch)).toBe(1);
  });

  test('the wait before a retry goes on for an element that left and came back', async ({ history, page, watch }) => {
    await failWith(page, 503, 20);
    await page.goto('/');
    await expect(stopWaiting(page)).toBeVisible();
    await element(page).evaluate((element) => {
      const { parentNode } = element;
      element.unmount();
      parentNode.append(element);
    });
    await expect(service(page)).toBeVisible();
    await expect(history.tryAgain).toHaveAccessibleDescription('in 0:20');
    await page.clock.runFor(60_000);
    expect(await made(page, watch)).toBe(1);
  });
});

test.describe('nothing is asked unasked', () => {
  for (const [what, prepare] of [
    ['with rows', async ({ answerWith, history, page }) => {
      await answerWith(RECORDS);
      await page.goto('/');
      await expect(rowsOf(page)).toHaveCount(RECORDS.length);
      await page.clock.runFor(100);
      await expect(history.rows).toHaveCount(RECORDS.length);
    }],
    ['after a failure', async ({ page }) => {
      await failWith(page, 429, 5);
      await page.goto('/');
      await expect(tooMany(page)).toBeVisible();
    }],
    ['without a session', async ({ page }) => {
      await failWith(page, 401);
      await page.goto('/');
      await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
    }],
  ]) {
    test(`by a page ${what} that was frozen, hidden, offline or asleep`, async ({ answerWith, history, page, context, watch }) => {
      await prepare({ answerWith, history, page });
      const devtools = await context.newCDPSession(page);
      const other = await context.newPage();
      await other.bringToFront();
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      await devtools.send('Page.setWebLifecycleState', { state: 'active' });
      await page.bringToFront();
      await context.setOffline(true);
      await context.setOffline(false);
      await page.evaluate(() => {
        for (const [target, name] of [[document, 'visibilitychange'], [window, 'focus'], [window, 'online'], [window, 'pageshow'], [document, 'resume']]) {
          target.dispatchEvent(new Event(name));
        }
      });
      // A device that slept for a week.
      await page.clock.fastForward(7 * 24 * 60 * 60_000);
      await page.clock.runFor(120_000);
      expect(await made(page, watch)).toBe(1);
    });
  }
});
