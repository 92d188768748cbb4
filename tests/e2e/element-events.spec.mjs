// The events by which the element tells its host what happens.
import { expect } from './fixtures.mjs';
import { ELEMENT, ENTRY, EVENTS, test } from './host.mjs';

test.describe('the events', () => {
  test('tell what was chosen, and nothing that a record holds', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    expect(await received('change')).toEqual([]);
    await history.role('Referrer').check();
    await history.heading('Reward').getByRole('button').click();
    await history.rowsPerPage.selectOption('10');
    await expect.poll(async () => (await received('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10' });
    await history.next.click();
    await expect.poll(async () => (await received('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', page: '2' });
    expect(await page.evaluate(() => JSON.stringify(window.received))).not.toMatch(/SECRET|secret|id\d/);
    await page.getByRole('button', { name: 'Details of SECRET' }).first().click();
    await expect.poll(async () => (await received('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', page: '2', event: expect.stringMatching(/^id\d+$/) });
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await received('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', page: '2' });
    expect(await page.evaluate(() => JSON.stringify(window.received))).not.toMatch(/SECRET|secret/);
    // But for what the user chose, which is in the address, too.
    await history.campaign.selectOption('=secret-campaign');
    await history.search.fill('SECRET2');
    await expect.poll(async () => (await received('change')).at(-1)?.detail).toEqual({ role: 'referrer', sort: '-reward_credits', per_page: '10', campaign: 'secret-campaign', q: 'SECRET2' });
  });

  test('tell a failure', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 429, headers: { 'retry-after': '30', 'x-request-id': 'req_9' }, body: '' }));
    await history.refresh.click();
    await expect.poll(() => received('error')).toEqual([{ name: 'error', detail: { kind: 'too_many_requests', status: 429, requestId: 'req_9', retryAfter: 30, creditsCharged: 0 }, tag: 'REFERRAL-HISTORY', cancelable: false, composed: true }]);
  });

  test('tell of a failure that may have cost a credit that this is not known', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 502, body: '{"error":{"code":"upstream_lost","message":"It broke."}}' }));
    const refresh = history.refresh;
    await refresh.click();
    await expect.poll(async () => (await received('error')).map(({ detail }) => detail.creditsCharged)).toEqual([null]);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 502, body: '{"error":{"code":"upstream_unreachable","message":"It is down."}}' }));
    await refresh.click();
    await expect.poll(async () => (await received('error')).map(({ detail }) => detail.creditsCharged)).toEqual([null, 0]);
  });

  test('let the host sign its users in by itself', async ({ host, history, page, received }) => {
    await host(ENTRY + ELEMENT);
    await expect(history.rows).toHaveCount(25);
    await page.unroute(EVENTS);
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, body: '' }));
    const refresh = history.refresh;
    await refresh.click();
    await expect(history.signInLink).toBeVisible();
    expect(await received('unauthorized')).toEqual([{ name: 'unauthorized', detail: { kind: 'not_signed_in', status: 401, requestId: null, retryAfter: null, creditsCharged: 0 }, tag: 'REFERRAL-HISTORY', cancelable: true, composed: true }]);
    await page.evaluate(() => addEventListener('referral-history:unauthorized', (event) => event.preventDefault()));
    // Only signing in helps the user; the host may ask again.
    await expect(refresh).toBeDisabled();
    await page.locator('referral-history').evaluate((element) => element.refresh());
    await expect.poll(async () => (await received('unauthorized')).length).toBe(2);
    await expect(history.signInLink).toHaveCount(0);
    await expect(page.getByText('You are not signed in')).toHaveCount(0);
    await expect(history.rows).toHaveCount(25);
  });
});
