// The element in a host's document: the example in plain HTML.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { provokeDefect } from '../e2e/defect.mjs';
import { ROWS, TABLE, browser, chooseRole, eventually, isDetailsOpen, query, shown, signIn, usage } from './page.mjs';

describe('the element in a host', () => {
  const host = () => browser.find('referral-history');
  const spent = async (requests) => assert.deepEqual(await usage(), { account: 'busy', requests, credits: requests });
  const received = () => browser.evaluate((look) => look.all('aside ol li').map((item) => item.textContent.split(' ')[0]).reverse());
  const title = () => browser.evaluate((look) => look.all('h1').map(look.name));

  beforeEach(async () => {
    await browser.resize(1280, 900);
    await signIn('busy', '/examples/html/');
  });

  afterEach(async () => {
    assert.deepEqual(await browser.evaluate(() => window.problems), []);
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
    assert.equal(within[0], 'block');
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
    await eventually(received, ['referral-history:load']);
    await chooseRole('referred');
    await eventually(received, ['referral-history:load', 'referral-history:change']);
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
    await eventually(query, '?role=referred');
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
    // The address is the host's.
    await eventually(query, '?second-q=a');
    assert.equal(await browser.evaluate(() => window.handle.element.shadowRoot.childNodes.length), 0);
    await spent(2);
  });

  test('says so when a defect stops it, and starts anew', async () => {
    await browser.evaluate(provokeDefect);
    await (await browser.find(`${ROWS} button`)).focus();
    await browser.press('Enter');
    const message = () => browser.evaluate((look) => look.all('[role=alert]').map((part) => part.textContent));
    await eventually(message, ['The referral history could not be shown in this browser. Reload the page to try again. Reloading may cost another credit.']);
    // Before the choice has settled.
    await eventually(received, ['referral-history:load', 'referral-history:error']);
    // All of it is loaded once more, under the host's policy.
    await browser.evaluate((_, element) => {
      element.unmount();
      document.querySelector('main').append(element);
    }, await host());
    await eventually(shown, 25);
    assert.deepEqual(await message(), []);
    await spent(2);
    // It is told once, with its reason and its place.
    const problems = await browser.evaluate(() => window.problems.splice(0));
    assert.equal(problems.length, 1, problems.join());
    assert.match(problems[0], /threw .*referral-history: panicked at \S+\.rs:\d+/);
  });
});
