// What a screen reader is told: the outcome of each choice, politely, and once.
import { expect, listen, stopClock, test } from './fixtures.mjs';

/** Longer than a choice may be followed by another one before its outcome is told, in milliseconds. */
const SETTLED = 700;

test.beforeEach(({ page }) => stopClock(page));

/** Shows the account's events, and waits until the first announcement has been made. */
async function open({ signIn, history, page }) {
  await signIn('Busy');
  // The rest is drawn when the clock goes on.
  await expect(page.locator('.rh-table > tbody > tr')).toHaveCount(25);
  await page.clock.runFor(SETTLED);
  await expect(history.rows).toHaveCount(25);
  await page.clock.runFor(SETTLED);
  await expect(history.status).toHaveText('Showing 1–25 of 100 referrals');
  return history.records();
}

test('each choice is told once, when it has settled', async ({ signIn, history, page }) => {
  const records = await open({ signIn, history, page });
  const announced = await listen(page);
  let before = 0;
  const tells = async (choose, expected) => {
    await choose();
    await page.clock.runFor(SETTLED);
    const now = await announced();
    expect(now.slice(before)).toEqual([expected]);
    before = now.length;
  };
  const showing = (count, of = records) => {
    const total = records.filter(of).length;
    return `Showing 1–${Math.min(count, total)} of ${total} referrals`;
  };
  await tells(() => history.role('Referred').check(), showing(25, ({ role }) => role === 'referred'));
  await tells(() => history.role('All').check(), showing(25, () => true));
  await tells(() => history.statusChoice('Rewarded').check(), showing(25, ({ status }) => status === 'rewarded'));
  await tells(() => history.part('Rewarded').click(), showing(25, () => true));
  await tells(() => history.campaign.selectOption('none'), showing(25, ({ campaign }) => campaign === undefined));
  await tells(() => history.clear.click(), showing(25, () => true));
  await tells(() => history.heading('Reward').getByRole('button').click(), 'Sorted by Reward, descending. Showing 1–25 of 100 referrals');
  await tells(() => history.next.click(), 'Showing 26–50 of 100 referrals');
  await tells(() => history.rowsPerPage.selectOption('50'), 'Showing 1–50 of 100 referrals');
  await tells(() => page.goBack(), 'Showing 26–50 of 100 referrals');
  await tells(() => history.search.fill('nothing that there is'), 'No referrals match the filters');
  await tells(() => history.showAll.click(), 'Showing 1–25 of 100 referrals');
});

test('who types several letters hears what the whole word finds, once', async ({ signIn, history, page }) => {
  const records = await open({ signIn, history, page });
  const announced = await listen(page);
  for (const letter of 'newsletter') {
    await history.search.pressSequentially(letter);
    await page.clock.runFor(60);
  }
  await page.clock.runFor(SETTLED);
  const found = records.filter(({ campaign }) => campaign === 'newsletter_05').length;
  expect(await announced()).toEqual([`Showing 1–${found} of ${found} referrals`]);
});

test('choices in a quick row are told as one', async ({ signIn, history, page }) => {
  const records = await open({ signIn, history, page });
  const announced = await listen(page);
  for (const status of ['Rewarded', 'Failed', 'Capped']) await history.statusChoice(status).evaluate((input) => input.click());
  await page.clock.runFor(SETTLED);
  const left = records.filter(({ status }) => ['rewarded', 'failed', 'capped'].includes(status)).length;
  expect(await announced()).toEqual([`Showing 1–${Math.min(left, 25)} of ${left} referrals`]);
});

test('a refresh is told when it begins and when it ends', async ({ signIn, history, page }) => {
  await open({ signIn, history, page });
  const announced = await listen(page);
  await history.refresh.click();
  await history.records(1);
  await expect(history.table).not.toHaveAttribute('aria-busy', 'true');
  await page.clock.runFor(SETTLED);
  expect(await announced()).toEqual(['Refreshing', 'Showing 1–25 of 100 referrals']);
});

test('time goes by without a word', async ({ signIn, history, page }) => {
  await open({ signIn, history, page });
  const announced = await listen(page);
  await page.clock.runFor(10 * 60_000 + 21_000);
  await expect(page.getByText('Updated 10 minutes ago')).toBeVisible();
  expect(await announced()).toEqual([]);
});

test('a filter that is chosen by a link is not told as a choice', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    window.announced = [];
    const observer = new MutationObserver(() => {
      const text = deep.one('[role=status]')?.textContent.trim();
      if (text && text !== window.announced.at(-1)) window.announced.push(text);
    });
    // What happens in a shadow root is known only to who watches that root.
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) {
      const root = attachShadow.call(this, init);
      observer.observe(root, { childList: true, characterData: true, subtree: true });
      return root;
    };
  });
  await signIn('A few', '/?role=referrer&sort=created_at');
  await expect(page.locator('.rh-table > tbody > tr').first()).toBeVisible();
  await page.clock.runFor(SETTLED);
  const { length } = (await history.records()).filter(({ role }) => role === 'referrer');
  await page.clock.runFor(SETTLED);
  await expect(history.status).toHaveText(/^Showing/);
  expect(await page.evaluate(() => window.announced)).toEqual([`Showing 1–${length} of ${length} referrals`]);
  // What is told again has a space at its end, so that it is news to a screen reader.
  expect(await history.status.textContent()).not.toMatch(/\s$/);
});
