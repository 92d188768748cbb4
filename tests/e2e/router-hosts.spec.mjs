// The element in hosts with a router, each with the real library: choose, go elsewhere, Back, Forward, reload.
import { expect } from './fixtures.mjs';
import { test } from './router-hosts.mjs';

const CHOSEN = '?role=referrer&status=rewarded';
const BILLING = 'billing?page=2';
const plain = (view) => ({ view, chosen: view + CHOSEN, details: `${view + CHOSEN}&event=id4`, billing: BILLING });

/** Each view is another element: one request each. */
for (const [library, base, { view, chosen, details, billing }] of [
  ['React Router', '/react/', plain('referrals')],
  [
    'React Router with a hash',
    '/react/',
    {
      view: 'hash.html#/referrals',
      chosen: `hash.html${CHOSEN}#/referrals`,
      details: `hash.html${CHOSEN}&event=id4#/referrals`,
      // Its addresses are fragments, and the query is not a part of them.
      billing: `hash.html${CHOSEN}#/${BILLING}`,
    },
  ],
  ['Next’s app router', '/next/', plain('referrals')],
  ['Turbo', '/turbo/', plain('referrals')],
  ['htmx', '/htmx/', plain('referrals')],
]) {
  test(`${library}: each view has its rows and its address, and is one request`, async ({ host, history, page }) => {
    await host.open(base, view);
    await host.choose();
    await host.shows(chosen, 5, 1);
    await history.openDetails('SECRET4');
    await host.addressIs(details);
    await page.keyboard.press('Escape');
    await host.shows(chosen, 5, 1);
    await host.follow('Billing');
    await host.settlesOn(billing, 0, 1);
    await page.goBack();
    await host.settlesOn(chosen, 5, 2);
    await page.goForward();
    await host.shows(billing, 0, 2);
    await page.goBack();
    await host.shows(chosen, 5, 3);
    await page.reload();
    await host.shows(chosen, 5, 4);
    await expect(history.role('Referrer')).toBeChecked();
  });
}

test('vue-router writes the choices out of an entry that it leaves, and nothing else is lost', async ({ host, page }) => {
  await host.open('/vue/', 'referrals');
  await host.choose();
  await host.shows(`referrals${CHOSEN}`, 5, 1);
  await host.follow('Billing');
  await host.settlesOn(BILLING, 0, 1);
  await page.goBack();
  await host.settlesOn('referrals', 25, 2);
  await page.goForward();
  await host.shows(BILLING, 0, 2);
});

test('Next’s app router writes its own address over the choices when it renders anew, and the rows stay', async ({ host, page }) => {
  await host.open('/next/', 'referrals');
  await host.choose();
  await host.shows(`referrals${CHOSEN}`, 5, 1);
  await page.getByRole('button', { name: 'Ask the server' }).click();
  await host.settlesOn('referrals', 5, 1);
});

test('htmx gives its first page no state: there Back undoes a choice', async ({ host, page }) => {
  await host.open('/htmx/', 'referrals');
  await host.choose();
  await host.shows(`referrals${CHOSEN}`, 5, 1);
  await page.goBack();
  await host.settlesOn('referrals?role=referrer', 15, 1);
  await page.goBack();
  await host.shows('referrals', 25, 1);
});

test('Turbo’s preview of a page asks nothing: one request', async ({ host, page }) => {
  await host.open('/turbo/', 'referrals');
  await host.follow('Billing');
  await host.shows(BILLING, 0, 1);
  await host.follow('Referrals');
  await host.settlesOn('referrals', 25, 2);
});

/** The element is the same object on both pages: one request. */
for (const [library, base, one, two] of [
  ['React Router in a layout route', '/react/', 'kept/one', 'kept/two'],
  ['Next in a layout', '/next/', 'kept/one', 'kept/two'],
  ['Turbo by data-turbo-permanent', '/turbo/', 'kept-one', 'kept-two'],
  ['htmx by hx-preserve', '/htmx/', 'kept-one', 'kept-two'],
]) {
  test(`${library} keeps the element: nothing is asked again`, async ({ host, page }) => {
    await host.open(base, one);
    await host.choose();
    await host.shows(one + CHOSEN, 5, 1);
    await host.follow('Two');
    // What was chosen stays, and is not written into a page that the host has opened.
    await host.settlesOn(two, 5, 1);
    await page.goBack();
    await host.settlesOn(one + CHOSEN, 5, 1);
    await page.goForward();
    // What an entry says counts once the user comes back to it.
    await host.settlesOn(two, 25, 1);
    await page.goBack();
    await host.shows(one + CHOSEN, 5, 1);
    await page.reload();
    await host.shows(one + CHOSEN, 5, 2);
  });
}

test('vue-router in KeepAlive keeps the element: what was chosen is there again, and in the address', async ({ host, page }) => {
  await host.open('/vue/kept/', 'referrals');
  await host.choose();
  await host.shows(`referrals${CHOSEN}`, 5, 1);
  await host.follow('Billing');
  await host.settlesOn(BILLING, 0, 1);
  await page.goBack();
  await host.settlesOn(`referrals${CHOSEN}`, 5, 1);
  await page.goForward();
  await host.shows(BILLING, 0, 1);
  await page.goBack();
  await host.shows(`referrals${CHOSEN}`, 5, 1);
  await page.reload();
  await host.shows(`referrals${CHOSEN}`, 5, 2);
});

/** The recipes of docs/routers.md, in which the address is the router’s, and each choice is one of its entries. */
for (const [library, base, view, isKept] of [
  ['React Router', '/react/', 'recipe'],
  ['React Router with a hash', '/react/', 'hash.html#/recipe'],
  ['Next’s app router', '/next/', 'recipe'],
  ['vue-router', '/vue/', 'recipe'],
  ['vue-router in KeepAlive', '/vue/kept/', 'recipe', true],
  ['Turbo', '/turbo/', 'recipe'],
]) {
  test(`the recipe for ${library}: each view has its rows and its address, and Back undoes a choice`, async ({ host, page }) => {
    const billing = view.replace('recipe', BILLING);
    /** How many requests there are after so many views. */
    const requests = (views) => (isKept ? 1 : views);
    await host.open(base, view);
    await host.choose();
    await host.shows(view + CHOSEN, 5, 1);
    await page.goBack();
    await host.settlesOn(`${view}?role=referrer`, 15, 1);
    await page.goForward();
    await host.shows(view + CHOSEN, 5, 1);
    await host.follow('Billing');
    await host.settlesOn(billing, 0, 1);
    await page.goBack();
    await host.settlesOn(view + CHOSEN, 5, requests(2));
    await page.goForward();
    await host.shows(billing, 0, requests(2));
    await page.goBack();
    await host.shows(view + CHOSEN, 5, requests(3));
    await page.reload();
    await host.shows(view + CHOSEN, 5, requests(3) + 1);
    await page.goBack();
    await host.shows(`${view}?role=referrer`, 15, requests(3) + 1);
  });
}

for (const [library, base] of [
  ['React Router', '/react/'],
  ['Next’s app router', '/next/'],
  ['vue-router', '/vue/'],
  ['Turbo', '/turbo/'],
]) {
  test(`the recipe for ${library}: Back and Forward close and open the details`, async ({ host, history, page }) => {
    await host.open(base, 'recipe');
    await history.openDetails('SECRET4');
    await host.shows('recipe?event=id4', 25, 1);
    await page.goBack();
    await expect(history.details).toBeHidden();
    await host.settlesOn('recipe', 25, 1);
    await page.goForward();
    await expect(history.details).toBeVisible();
    await host.settlesOn('recipe?event=id4', 25, 1);
    await page.keyboard.press('Escape');
    await host.settlesOn('recipe', 25, 1);
  });
}
