// The keys: each acts while the focus is in the page, and only there; a host's keys stay the host's.
import { expect } from './fixtures.mjs';
import { ELEMENT, ENTRY, query, test } from './host.mjs';

/** A host with keys of its own: what reaches its document is noted, and it closes a panel on Escape. */
const HOST = `<button id="own">Own</button><input id="field" aria-label="Own field">${ENTRY}${ELEMENT}`;
const hear = (page) =>
  page.evaluate(() => {
    window.heard = [];
    document.addEventListener('keydown', ({ key, defaultPrevented }) => window.heard.push(defaultPrevented ? `${key} (used)` : key));
  });
const heard = (page) => page.evaluate(() => window.heard.splice(0));

/** Whether the focus is on the button of a row of the table, by its place from 0. */
const isAt = (history, place) => expect(history.rows.nth(place).getByRole('button')).toBeFocused();

test.beforeEach(async ({ host, history, page }) => {
  await host(HOST);
  await expect(history.rows).toHaveCount(25);
  await hear(page);
});

test.afterEach(({ watch }) => expect(watch.requests).toHaveLength(1));

test('/ goes to the search, and what is typed there stays there', async ({ history, page }) => {
  await history.export.focus();
  await page.keyboard.press('/');
  await expect(history.search).toBeFocused();
  await expect(history.search).toHaveValue('');
  expect(await heard(page)).toEqual([]);
  await page.keyboard.type('/jke?');
  await expect(history.search).toHaveValue('/jke?');
  await expect(history.search).toBeFocused();
  await expect(history.csv).toHaveCount(0);
  // The host could not tell that somebody is typing.
  expect(await heard(page)).toEqual([]);
});

test('J, K and the arrows go from row to row, and Enter opens one', async ({ history, page }) => {
  await history.export.focus();
  await page.keyboard.press('j');
  await isAt(history, 0);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await isAt(history, 2);
  await page.keyboard.press('K');
  await page.keyboard.press('ArrowUp');
  await isAt(history, 0);
  // At the end they stay.
  await page.keyboard.press('k');
  await isAt(history, 0);
  await history.next.focus();
  await page.keyboard.press('k');
  await isAt(history, 24);
  expect(await heard(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(history.details).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(history.details).toBeHidden();
  // The browser tells of that in a task of its own, in which the row gets the focus.
  await expect.poll(() => query(page)).not.toMatch(/event=/);
  await isAt(history, 24);
  // Elsewhere an arrow scrolls.
  await history.export.focus();
  await heard(page);
  await page.keyboard.press('ArrowDown');
  await expect(history.export).toBeFocused();
  expect(await heard(page)).toEqual(['ArrowDown']);
  // A choice needs no letters: they work there, too.
  await history.statusChoice('Rewarded').focus();
  await page.keyboard.press('j');
  await isAt(history, 0);
});

test('E opens the export at its first format, and Escape closes that alone', async ({ history, page }) => {
  await history.rows.nth(3).getByRole('button').focus();
  await page.keyboard.press('e');
  await expect(history.csv).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(history.csv).toHaveCount(0);
  await expect(history.export).toBeFocused();
  expect(await heard(page)).toEqual([]);
  // Now it closes nothing here, and is the host's.
  await page.keyboard.press('Escape');
  expect(await heard(page)).toEqual(['Escape']);
  // There is nothing to export: the key is the host's.
  await history.search.fill('nothing that there is');
  await history.clear.focus();
  await heard(page);
  await page.keyboard.press('e');
  await page.keyboard.press('j');
  await expect(history.csv).toHaveCount(0);
  expect(await heard(page)).toEqual(['e', 'j']);
});

test('? lists the keys, and so does a button', async ({ history, page }) => {
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const button = page.getByRole('button', { name: 'Keyboard shortcuts' });
  await history.rows.nth(3).getByRole('button').focus();
  await page.keyboard.press('?');
  await expect(keys).toBeVisible();
  await expect(keys.getByRole('term')).toHaveText(['/', 'J↓', 'K↑', 'Enter', 'E', 'Esc', '?']);
  await expect(keys.getByRole('definition')).toHaveText(['Go to search', 'Next referral', 'Previous referral', 'Open details', 'Export', 'Close', 'Keyboard shortcuts']);
  // No key acts on what is behind it.
  for (const key of ['/', 'e', 'j']) await page.keyboard.press(key);
  await expect(keys.getByRole('button', { name: 'Close' })).toBeFocused();
  await heard(page);
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await isAt(history, 3);
  expect(await heard(page)).toEqual([]);
  await button.press('Enter');
  await expect(keys).toBeVisible();
  await keys.getByRole('button', { name: 'Close' }).click();
  await expect(keys).toBeHidden();
  await expect(button).toBeFocused();
  // Over the details it closes first.
  await history.detailsOf('SECRET2').press('Enter');
  await expect(history.details).toBeVisible();
  await page.keyboard.press('?');
  await expect(keys).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await expect(page.getByRole('dialog', { name: 'Details of SECRET2' })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.keyboard.press('Escape');
  await expect(button).toBeHidden();
});

test('in the details, J and K and left and right go on and back, and up and down scroll', async ({ history, page }) => {
  await page.setViewportSize({ width: 1280, height: 420 });
  await history.detailsOf('SECRET3').press('Enter');
  const title = history.details.getByRole('heading', { level: 2 });
  await expect(title).toHaveText('SECRET3');
  await heard(page);
  for (const [key, code] of [['j', 'SECRET4'], ['ArrowRight', 'SECRET5'], ['K', 'SECRET4'], ['ArrowLeft', 'SECRET3']]) {
    await page.keyboard.press(key);
    await expect(title).toHaveText(code);
  }
  const body = history.details.locator('.rh-details-body');
  expect(await body.evaluate((body) => body.scrollTop)).toBe(0);
  expect(await heard(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => body.evaluate((body) => body.scrollTop)).toBeGreaterThan(0);
  await expect(title).toHaveText('SECRET3');
  // A press on text does not take the focus out of the panel, nor does what goes away with an event.
  await body.getByRole('heading', { name: 'Timeline' }).click();
  await page.keyboard.press('j');
  await expect(title).toHaveText('SECRET4');
  await history.details.getByRole('button', { name: 'Copy ID' }).focus();
  await page.keyboard.press('j');
  await expect(title).toHaveText('SECRET5');
  // What is new begins at its top.
  expect(await body.evaluate((body) => body.scrollTop)).toBe(0);
  // Keys of the page behind it do nothing.
  for (const key of ['/', 'e']) await page.keyboard.press(key);
  await expect(title).toHaveText('SECRET5');
  await heard(page);
  await page.keyboard.press('Escape');
  await expect(history.details).toBeHidden();
  await isAt(history, 5);
  expect(await heard(page)).toEqual([]);
});

test('Escape that hides the time of the other zone goes no further, and the next one does', async ({ history, page }) => {
  await history.export.focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Escape');
  expect(await heard(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await heard(page)).toEqual(['Escape']);
});

test('where the focus is outside, or with a modifier, no key is taken', async ({ history, page }) => {
  for (const id of ['own', 'field']) {
    await page.locator(`#${id}`).focus();
    for (const key of ['/', 'j', 'k', 'e', '?', 'Escape']) await page.keyboard.press(key);
    await expect(page.locator(`#${id}`)).toBeFocused();
    expect(await heard(page)).toEqual(['/', 'j', 'k', 'e', '?', 'Escape']);
  }
  await expect(page.locator('#field')).toHaveValue('/jke?');
  await expect(history.details).toBeHidden();
  await history.rows.first().getByRole('button').focus();
  await heard(page);
  for (const key of ['Alt+j', 'Control+j']) await page.keyboard.press(key);
  await isAt(history, 0);
  expect(await heard(page)).toEqual(['Alt', 'j', 'Control', 'j']);
  // Nor one that somebody has used before, nor one that is part of a word being composed.
  await page.evaluate(() => document.addEventListener('keydown', (event) => event.preventDefault(), { capture: true, once: true }));
  await page.keyboard.press('j');
  await isAt(history, 0);
  await page.evaluate(() => deep.active().dispatchEvent(new KeyboardEvent('keydown', { key: 'j', isComposing: true, bubbles: true, composed: true })));
  await isAt(history, 0);
  expect(query(page)).toBe('');
});
