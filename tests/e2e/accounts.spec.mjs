// The sign-in page, each demo account, and the face that the page shows it.
import { violations } from './axe.mjs';
import { expect, History, listen, post, runUntilLate, stopClock, test } from './fixtures.mjs';

test.describe('the sign-in page', () => {
  test('says what it is, and has the busy account as its first button', async ({ page, history }) => {
    await page.goto('/sign-in');
    await expect(page.getByText('This is a development console')).toContainText('Signing in resets the account.');
    const first = page.getByRole('button').first();
    await expect(first).toHaveAccessibleName('Busy');
    await expect(first).toHaveAccessibleDescription(/^137 referrals of every status/);
    // By keyboard: the three pickers, then the account.
    for (const name of ['Language', 'Theme', 'Width']) {
      await page.keyboard.press('Tab');
      await expect(page.getByRole('combobox', { name })).toBeFocused();
    }
    await page.keyboard.press('Tab');
    await expect(first).toBeFocused();
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname, search }) => pathname + search === '/');
    await expect(history.rows).toHaveCount(25);
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`accessible in ${colorScheme}, and never scrolls sideways`, async ({ page, signIn }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const isSound = async (address, widths) => {
        await page.goto(address);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${address} ${width}`).toBeLessThanOrEqual(0);
          expect(await violations(page), `${address} ${width}`).toEqual([]);
        }
      };
      await isSound('/sign-in', [320, 390, 768, 1280]);
      await signIn('A few', '/sign-in?return=/examples/html/');
      await isSound('/sign-in?return=/examples/html/', [320, 1280]);
      await isSound('/sign-in/preview?width=768', [320, 1280]);
    });
  }

  test('an account that is not there is said not to be, and the choices stay', async ({ page, watch }) => {
    await page.goto('/sign-in');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
    await page.getByRole('button', { name: 'Busy', exact: true }).evaluate((button) => (button.value = 'nobody'));
    await page.getByRole('button', { name: 'Busy', exact: true }).click();
    await expect(page.getByRole('alert')).toHaveText('There is no such account. Choose one of these.');
    await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('dark');
    // The browser reports the 400 itself.
    expect(watch.problems.splice(0)).toEqual([expect.stringContaining('400')]);
  });
});

test.describe('how the page is shown after signing in', () => {
  /** The page in the frame of the preview, and how wide and in which colours it is. */
  const shown = (page) => {
    const frame = page.frameLocator('iframe');
    return {
      frame,
      width: () => frame.locator('html').evaluate(() => innerWidth),
      scheme: () => frame.locator('html').evaluate(() => getComputedStyle(document.documentElement).colorScheme),
      background: () => frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
    };
  };

  test('German, dark and 390 px wide', async ({ page, watch }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/sign-in');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
    await page.getByRole('combobox', { name: 'Width' }).selectOption('390 px');
    await page.getByRole('button', { name: 'Busy', exact: true }).click();
    await page.waitForURL('**/sign-in/preview?lang=de&theme=dark&width=390');

    const { frame, width, scheme, background } = shown(page);
    await expect(frame.getByRole('heading', { level: 1, name: 'Empfehlungsverlauf' })).toBeVisible();
    await expect(frame.locator('tbody').getByRole('row').first()).toBeAttached();
    expect(await width()).toBe(390);
    expect(await scheme()).toBe('dark');
    expect(await background()).toBe('rgb(14, 17, 22)');
    expect(watch.requests).toHaveLength(1);

    // And otherwise, without signing in again.
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
    await page.getByRole('combobox', { name: 'Width' }).selectOption('768 px');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**/sign-in/preview?lang=de&theme=light&width=768');
    await expect(frame.getByRole('heading', { level: 1, name: 'Empfehlungsverlauf' })).toBeVisible();
    expect(await width()).toBe(768);
    expect(await background()).toBe('rgb(255, 255, 255)');

    // The sign-in page knows what was chosen.
    await page.getByRole('link', { name: 'Accounts' }).click();
    await expect(page.getByRole('combobox', { name: 'Width' })).toHaveValue('768');
    await expect(page.getByRole('combobox', { name: 'Language' })).toHaveValue('de');
  });

  test('every language that is offered is one that the page has', async ({ page, signIn }) => {
    await signIn('A few', '/sign-in');
    const languages = await page.getByRole('combobox', { name: 'Language' }).getByRole('option').evaluateAll((all) => all.map(({ value }) => value));
    const titles = new Set();
    for (const language of languages) {
      await page.goto(`/sign-in/preview?lang=${language}`);
      const title = page.frameLocator('iframe').getByRole('heading', { level: 1 });
      await expect(title).toBeVisible();
      titles.add(await title.textContent());
    }
    expect(titles.size).toBe(languages.length);
  });

  test('a link keeps its filters, and signing in from the frame leads back to all of it', async ({ page }) => {
    const address = '/sign-in/preview?lang=en&theme=dark&width=768&role=referrer';
    await page.goto('/sign-in?return=%2F%3Frole%3Dreferrer');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
    await page.getByRole('combobox', { name: 'Width' }).selectOption('768 px');
    await page.getByRole('button', { name: 'A few', exact: true }).click();
    await page.waitForURL(`**${address}`);
    const { frame } = shown(page);
    await expect(new History(frame).role('Referrer')).toBeChecked();

    await post(page, '/sign-out');
    await new History(frame).refresh.click();
    await frame.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/sign-in?return=*');
    await page.getByRole('button', { name: 'A few', exact: true }).click();
    await page.waitForURL(`**${address}`);
    await expect(new History(frame).role('Referrer')).toBeChecked();
  });
});

test.describe('an account with events', () => {
  for (const [account, rows, range] of [
    ['Busy', 25, '1–25 of 100'],
    ['A few', 7, '1–7 of 7'],
    ['Slow', 25, '1–25 of 100'],
    ['Flood', 25, '1–25 of 1,000'],
    ['Hostile text', 23, '1–23 of 23'],
    ['From the future', 8, '1–8 of 8'],
  ]) {
    test(account, async ({ signInByHand, history, watch }) => {
      await signInByHand(account);
      await expect(history.rows).toHaveCount(rows, { timeout: 10_000 });
      await expect(history.pagination).toContainText(range);
      await expect(history.status).toHaveText(`Showing ${range} referrals`);
      expect(watch.requests).toHaveLength(1);
    });
  }
});

test('Busy: newest first, and older events are said not to be shown', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await history.rowsPerPage.selectOption('100');
  await expect(history.rows).toHaveCount(100);
  const times = await history.table.locator('tbody [data-column=created_at] time').evaluateAll((all) => all.map((time) => time.dateTime));
  expect(times).toEqual([...times].sort().reverse());
  await expect(page.getByText('Older referrals are not shown.')).toBeVisible();
});

test('A few: nothing is said of older events', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  await expect(page.getByText('Older referrals')).toHaveCount(0);
});

test('Flood: what is beyond a thousand records is counted', async ({ signIn, page }) => {
  await signIn('Flood');
  await expect(page.getByText('The answer holds 1,500 more records than this page reads.')).toBeVisible();
});

for (const account of ['Empty', 'Brand new']) {
  test(`${account}: no events yet`, async ({ signIn, history, page }) => {
    await signIn(account);
    await expect(page.getByRole('heading', { name: 'No referrals yet' })).toBeVisible();
    await expect(history.status).toHaveText('No referrals yet');
    await expect(history.table).toHaveCount(0);
    await expect(history.pagination).toHaveCount(0);
  });
}

/** Moves the page's clock on, and with it the waits before retries, until something is shown. */
async function runUntilShown(page, locator) {
  await expect
    .poll(async () => {
      await page.clock.runFor(1_000);
      return locator.count();
    }, { intervals: [50] })
    .toBeGreaterThan(0);
}

const NOTHING = 'This request cost nothing.';
const ONE = 'This request cost 1 credit.';
const UNKNOWN = 'It is not known whether this request cost a credit.';

for (const [account, title, says, cost, requests, button] of [
  ['Failing', 'We couldn’t load your referrals', 'internal execution error', NOTHING, 3, 'Try again'],
  ['Bad gateway', 'We couldn’t load your referrals', null, UNKNOWN, 1, 'Try again'],
  ['Unavailable', 'We couldn’t load your referrals', null, NOTHING, 3, 'Try again'],
  // A request that ended in a time-out may have been charged, so it is not made again.
  ['Gateway time-out', 'We couldn’t load your referrals', null, UNKNOWN, 1, 'Try again'],
  ['Signed out upstream', 'You are not signed in', 'Authentication required', NOTHING, 1, 'Sign in'],
  // Another request would not help: the text says who can.
  ['Not allowed', 'You are not allowed to see this', null, NOTHING, 1, null],
  ['Bad request', 'The request was not accepted', null, NOTHING, 1, 'Try again'],
  ['Garbled', 'Unexpected response', null, ONE, 1, 'Try again'],
  ['HTML answer', 'Unexpected response', null, ONE, 1, 'Try again'],
]) {
  test(`${account}: ${title}`, async ({ signIn, history, page, watch }) => {
    await page.clock.install();
    await signIn(account);
    const notice = page.getByRole('region', { name: title });
    await runUntilShown(page, notice);
    await expect(notice).toBeVisible();
    await expect(history.status).toContainText(title);
    await expect(notice).toContainText(cost);
    await expect(notice).toContainText(/Request ID req_\w+/);
    if (says) await expect(notice).toContainText(`The service says: ${says}`);
    // A proxy's web page is no message.
    await expect(page.locator('body')).not.toContainText(/nginx|<html|alert\(/i);
    await expect(history.table).toHaveCount(0);
    // One button at most, and nothing in the header that would do the same, or that needs rows.
    const actions = history.root.getByRole('button', { disabled: false }).or(history.root.getByRole('link')).filter({ hasNotText: /^Copy/ });
    await expect(actions).toHaveText(button ? [new RegExp(`^${button}`)] : []);
    await expect(history.refresh).toHaveCount(0);
    await expect(history.export).toHaveCount(0);
    await expect(page.getByText(/^Updated/)).toHaveCount(0);
    expect(watch.requests).toHaveLength(requests);
  });
}

test('Stalled: the page stops waiting after 15 seconds', async ({ signIn, history, page, watch }) => {
  const runUntil = await stopClock(page);
  await signIn('Stalled');
  await expect.poll(() => watch.requests.length).toBe(1);
  await runUntilLate(page);
  await page.clock.runFor(1_000);
  await expect(history.status).toHaveText('Loading');
  const announced = await listen(page);
  const stillLoading = history.root.getByRole('paragraph').filter({ hasText: 'Still loading…' });
  await page.clock.runFor(1_000);
  await expect(stillLoading).toHaveCount(0);
  const before = await history.search.boundingBox();
  await page.clock.runFor(2_000);
  await expect(stillLoading).toBeVisible();
  expect(await history.search.boundingBox()).toEqual(before);
  await runUntil(14_000);
  // Said once, however long it takes.
  expect(await announced()).toEqual(['Still loading…']);
  const aborted = page.waitForEvent('requestfailed');
  await runUntil(16_000);
  expect((await aborted).failure().errorText).toContain('ABORTED');
  await expect(page.getByRole('heading', { name: 'The answer took too long' })).toBeVisible();
  await expect(stillLoading).toHaveCount(0);
  await page.clock.runFor(60_000);
  expect(watch.requests).toHaveLength(1);
});

test('Rate limited: the wait counts down, then the rows come', async ({ signIn, history, page, watch }) => {
  await signIn('Rate limited');
  await expect(page.getByRole('heading', { name: 'Too many requests' })).toBeVisible();
  await expect(history.tryAgain).toBeDisabled();
  await expect(history.tryAgain).toHaveAccessibleDescription(/in 0:0\d/);
  await expect(page.getByText(/^in \d:\d\d$/)).toHaveCount(1);
  await history.tryAgain.click({ force: true });
  expect(watch.requests).toHaveLength(1);
  await expect(history.tryAgain).toBeEnabled({ timeout: 10_000 });
  await history.tryAgain.click();
  await expect(history.rows.first()).toBeVisible();
  // The notice went; whoever pressed its button is where the rows came.
  expect(await page.evaluate(() => deep.active().contains(deep.one('table')))).toBe(true);
  expect(watch.requests).toHaveLength(2);
});

test('Flaky: the page tries again by itself, and says so', async ({ signIn, history, page, watch }) => {
  await signIn('Flaky');
  await expect(page.getByText('Couldn’t load. Retrying (1 of 2)').last()).toBeVisible();
  await expect(history.rows).toHaveCount(12, { timeout: 15_000 });
  await expect(page.getByText('Retrying')).toHaveCount(0);
  expect(watch.requests).toHaveLength(3);
});

test('Stale: a failed refresh keeps the rows and says how old they are', async ({ signIn, history, page }) => {
  await page.clock.install();
  await signIn('Stale');
  await expect(history.rows).toHaveCount(25);
  await history.refresh.click();
  await runUntilShown(page, page.getByRole('heading', { name: 'Refresh failed: We couldn’t load your referrals' }));
  await expect(page.getByText(/Showing data from \d\d:\d\d \(.+\)\./)).toBeVisible();
  // The header's button is the one.
  await expect(history.tryAgain).toHaveCount(0);
  await expect(history.refresh).toBeEnabled();
  await expect(history.rows).toHaveCount(25);
});

test('a refresh without a session leads to signing in, and nowhere else', async ({ signIn, history, page }) => {
  await signIn('A few');
  await expect(history.rows).toHaveCount(7);
  await page.route('**/referrals/me/events*', (route) => route.fulfill({ status: 401, body: '' }));
  await history.refresh.click();
  await expect(history.signInLink).toBeVisible();
  await expect(history.tryAgain).toHaveCount(0);
  await expect(history.refresh).toBeDisabled();
  // Whoever pressed it keeps a place.
  await expect(history.refresh).toBeFocused();
  await expect(history.rows).toHaveCount(7);
});

test('Broken records: what can be read is shown, the rest is counted', async ({ signIn, history, page }) => {
  await signIn('Broken records');
  await expect(page.getByText('5 records in the answer could not be read')).toBeVisible();
  await expect(history.rows).toHaveCount(25);
  for (const code of ['GOODRECORD01', 'GOODRECORD02']) {
    await expect(history.table.getByText(code)).toBeVisible();
  }
  await expect(history.table.getByText('Unreadable', { exact: true }).first()).toBeVisible();
  // Go's zero time is no time.
  const zero = history.rows.filter({ hasText: 'ZEROTIME0001' });
  await expect(zero.locator('[data-column=created_at]')).toHaveText('—');
});

test('Hostile text: stays text, and stays in its place', async ({ signIn, history, page }) => {
  await signIn('Hostile text');
  await expect(history.rows).toHaveCount(23);
  await expect(history.table.locator('img, script, a')).toHaveCount(0);
  await expect(history.table.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  const heights = await history.rows.evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(Math.max(...heights)).toBeLessThanOrEqual(41);
});

test('From the future: unknown words get a choice of their own', async ({ signIn, history }) => {
  await signIn('From the future');
  await expect(history.rows).toHaveCount(8);
  await history.role('partner').check();
  await expect(history.cells('role').first()).toHaveText('partner');
  await history.role('All').check();
  await history.statusChoice('clawed_back').check();
  await expect(history.cells('status').first()).toHaveText('clawed_back');
  await expect(history.statusChoice('clawed_back')).toHaveValue('clawed_back');
});
