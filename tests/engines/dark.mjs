// The page in a browser that prefers dark colours.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ROWS, axeFindsNothing, browser, canBeTold, eventually, hasPreferredColours, isDetailsOpen, shown, signInByHand, use } from './page.mjs';

/** The tests, in the browser that this starts or has started. */
export function inDark(darkBrowser) {
  describe('the page in dark', { skip: !canBeTold }, () => {
    before(async () => use(await darkBrowser()));

    test('is dark, and axe finds nothing', async () => {
      await signInByHand('Busy');
      await (await browser.find('nav select option', '10')).click();
      await eventually(shown, 10);
      assert.equal(await hasPreferredColours(), 'dark');
      await axeFindsNothing();
      await (await browser.find(`${ROWS} button`)).focus();
      await browser.press('Enter');
      await eventually(isDetailsOpen, true);
      await axeFindsNothing();
    });
  });
}
