// The page by itself.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ROWS, TABLE, axeFindsNothing, beyond, browser, button, canBeTold, cells, chooseRole, countOf, eventually, focused, hasPreferredColours, heading, isDetailsOpen, query, range, shown, signIn, sortOf, usage } from './page.mjs';

describe('the standalone page', () => {
  beforeEach(async () => {
    await browser.resize(1280, 900);
    await signIn('busy');
  });

  // Whatever a test does after its one view, it is one request; and nothing throws or is forbidden.
  afterEach(async () => {
    assert.deepEqual(await usage(), { account: 'busy', requests: 1, credits: 1 });
    assert.deepEqual(await browser.evaluate(() => window.problems), []);
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
        [TABLE, 'table', 'Referrals'],
        [`${TABLE} tbody`, 'rowgroup'],
        [ROWS, 'row'],
        [`${ROWS} td[data-column=status]`, 'cell'],
        // WebKit gives no cell and no heading a name, whatever the markup: it is read by what is in it.
        [`${TABLE} th[data-column=created_at]`, 'columnheader'],
        ['input[type=search]', 'searchbox', 'Search code, campaign or ID'],
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
    await (await browser.find('select[aria-label=Period] option', 'Choose dates')).click();
    for (const [place, label] of ['From', 'To'].entries()) {
      assert.equal(await (await browser.all('input[type=date]'))[place].label(), label);
    }
  });

  test('narrows by role', async () => {
    const referred = await countOf('input[type=radio][value=referred]');
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
      await eventually(query, `?sort=${sort}`);
      const times = (await cells('created_at')).map((time) => Date.parse(time));
      const sorted = times.toSorted((one, other) => (order === 'ascending' ? one - other : other - one));
      assert.equal(times.length, 25);
      assert.deepEqual(times, sorted);
    }
    await (await heading('Date')).click();
    await eventually(() => sortOf('created_at'), 'none');
    await eventually(query, '');
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
    await eventually(query, '?page=2');
    assert.notDeepEqual(await cells('code'), first);
    assert.equal(await focused(), 'Next page');
    await (await button('Previous page')).click();
    await eventually(range, '1–25 of 100');
    assert.deepEqual(await cells('code'), first);
    await (await browser.find('nav select option', '10')).click();
    await eventually(range, '1–10 of 100');
    await eventually(query, '?per_page=10');
  });

  test('opens the details by keyboard, and gives the focus back', async () => {
    const opener = (await browser.all(`${ROWS} button`))[3];
    const name = await opener.label();
    for (const [open, close] of [
      ['Enter', 'Escape'],
      ['Space', 'Close'],
    ]) {
      await opener.focus();
      await browser.press(open);
      await eventually(isDetailsOpen, true);
      const dialog = await browser.find('.rh-details');
      assert.equal(await dialog.role(), 'dialog');
      assert.equal(await dialog.label(), name);
      // It has no parts that are landmarks of the page.
      const roles = await Promise.all((await browser.all('.rh-details > div > *')).map((part) => part.role()));
      assert.ok(roles.every((role) => !['banner', 'contentinfo'].includes(role)), roles.join(', '));
      // Whoever opens the panel begins with what it is about.
      await eventually(focused, name.replace('Details of ', ''));
      if (close === 'Close') await (await browser.find('.rh-details button', close)).focus();
      await browser.press(close === 'Close' ? 'Enter' : close);
      await eventually(isDetailsOpen, false);
      await eventually(() => browser.evaluate((look, opener) => look.focused() === opener, opener), true);
    }
  });

  test('opens the details by a press on a row', async () => {
    await (await browser.all(`${ROWS} td[data-column=status]`))[2].click();
    await eventually(isDetailsOpen, true);
    await (await browser.find('.rh-details button', 'Close')).click();
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
    // There the filters are in a sheet that a button opens and another one closes, and the rows are cards.
    await (await button('Filters')).click();
    await chooseRole('referred');
    const { length } = await browser.evaluate((look) => look.all('.rh-sheet:popover-open'));
    assert.equal(length, 1);
    await (await browser.find('.rh-sheet-footer button')).click();
    await eventually(() => browser.evaluate((look) => look.all('.rh-sheet:popover-open').length), 0);
    await eventually(async () => [...new Set(await cells('role'))], ['Referred']);
    const cell = await browser.find(`${ROWS} td[data-column=status]`);
    // Not left to the driver: it scrolls by as little as it can, to where the window ends.
    await browser.evaluate((_, cell) => cell.scrollIntoView({ block: 'center' }), cell);
    await cell.click();
    await eventually(isDetailsOpen, true);
    assert.equal(await beyond(), 0, 'with all open');
  });

  test('axe finds nothing: wide, small, and with the details open', async () => {
    await (await browser.find('nav select option', '10')).click();
    await eventually(shown, 10);
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
