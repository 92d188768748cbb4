// The details of an event: what became of it, why, and what can be done.
import { BERLIN, MISSING, STATUSES, full, iso, number, sorted } from './answer.mjs';
import { expect, listen, test } from './fixtures.mjs';

const NOW = new Date('2026-05-12T12:00:00Z');
const sent = { date: NOW.toUTCString(), 'x-request-id': 'req_of_the_answer' };
const CREATED = '2026-05-01T12:00:00Z';

test.describe('opens and closes', () => {
  test('by keyboard, and the focus returns where it came from', async ({ signIn, history, page, watch }) => {
    await signIn('Busy');
    const button = history.rows.nth(3).getByRole('button');
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(history.details).toBeVisible();
    await expect(history.details).toHaveAccessibleName(/^Details of /);
    // The focus is in the panel, and no Tab leads to what lies behind it.
    const seen = new Set();
    for (let stop = 0; stop < 12; stop += 1) {
      const place = await page.evaluate(() => {
        const activeElement = deep.active();
        if (!deep.one('.rh-details').contains(activeElement)) return `outside: ${activeElement.tagName}`;
        return activeElement.ariaLabel ?? activeElement.tagName;
      });
      seen.add(place);
      await page.keyboard.press('Tab');
    }
    // The browser's own controls come between the last and the first.
    seen.delete('outside: BODY');
    expect([...seen]).toEqual(['H2', 'Copy Code', 'Copy ID', 'Copy details for support', 'Copy link', 'Previous referral', 'Next referral', 'Close']);
    await page.keyboard.press('Escape');
    await expect(history.details).toBeHidden();
    await expect(button).toBeFocused();
    await page.keyboard.press('Space');
    await expect(history.details).toBeVisible();
    await history.details.getByRole('button', { name: 'Close' }).press('Enter');
    await expect(history.details).toBeHidden();
    await expect(button).toBeFocused();
    expect(watch.requests).toHaveLength(1);
  });

  test('by a press anywhere on a row, and beside the panel', async ({ signIn, history, page }) => {
    await signIn('Busy');
    const records = await history.records();
    for (const column of ['created_at', 'status', 'reward_credits']) {
      await history.cells(column).nth(5).click();
      await expect(history.field('ID')).toContainText(records[5].id);
      await page.mouse.click(20, 400);
      await expect(history.details).toBeHidden();
      await expect(history.rows.nth(5).getByRole('button')).toBeFocused();
    }
    // A press within the panel does not close it.
    await history.cells('role').nth(5).click();
    await history.details.getByRole('heading', { name: 'Timeline' }).click();
    await expect(history.details).toBeVisible();
    await history.details.getByRole('button', { name: 'Close' }).click();
    await expect(history.details).toBeHidden();
  });

  test('not by selecting text in a row', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await expect(history.rows).toHaveCount(25);
    const cell = history.cells('code').first();
    await cell.scrollIntoViewIfNeeded();
    const { x, y, height } = await cell.boundingBox();
    await page.mouse.move(x + 14, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + 72, y + height / 2, { steps: 5 });
    await page.mouse.up();
    expect((await page.evaluate(() => getSelection().toString())).length).toBeGreaterThan(2);
    await expect(history.details).toBeHidden();
  });

  test('on a phone the whole card opens it, and it is a sheet from the bottom', async ({ signIn, history, page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn('Busy');
    const [{ id }] = await history.records();
    await history.rows.first().click();
    await expect(history.field('ID')).toContainText(id);
    const { width, y, height } = await history.details.boundingBox();
    expect([width, y + height]).toEqual([320, 640]);
    expect(height).toBeLessThanOrEqual(0.92 * 640 + 1);
    await page.keyboard.press('Escape');
    await expect(history.rows.first().getByRole('button')).toBeFocused();
  });
});

test.describe('have an address', () => {
  const query = (page) => new URL(page.url()).search;
  const steps = (page) => page.evaluate(() => window.history.length);
  const EVENTS = ['a', 'b', 'twice', 'twice', undefined, 'é &=#', 'x'.repeat(101)].map((id, place) => ({ id, code: `CODE${place}`, role: place % 2 ? 'referred' : 'referrer', created_at: CREATED }));

  test('which Back closes, and Forward opens, without a request', async ({ answerWith, history, page, watch }) => {
    await answerWith(EVENTS);
    await page.goto('/?role=referred');
    await expect(history.rows).toHaveCount(3);
    const before = await steps(page);
    await history.openDetails('CODE5');
    await expect.poll(() => query(page)).toBe(`?role=referred&${new URLSearchParams({ event: 'é &=#' })}`);
    expect(await steps(page)).toBe(before + 1);
    await page.goBack();
    await expect(history.details).toBeHidden();
    expect(query(page)).toBe('?role=referred');
    await expect(history.detailsOf('CODE5')).toBeFocused();
    await page.goForward();
    await expect(history.details).toHaveAccessibleName('Details of CODE5');
    // Closing is no step, and the next one leads back to where the details were opened.
    await page.keyboard.press('Escape');
    await expect(history.details).toBeHidden();
    await expect.poll(() => query(page)).toBe('?role=referred');
    expect(await steps(page)).toBe(before + 1);
    await page.reload();
    await history.openDetails('CODE1');
    await page.keyboard.press('Escape');
    await history.openDetails('CODE5');
    await page.keyboard.press('Escape');
    await history.role('Referrer').check();
    await expect.poll(() => query(page)).toBe('?role=referrer');
    await page.goBack();
    await expect.poll(() => query(page)).toBe('?role=referred');
    await expect(history.details).toBeHidden();
    // The page that was reloaded asked anew.
    expect(watch.requests).toHaveLength(2);
  });

  test('that opens them, and asks once', async ({ answerWith, history, page, watch }) => {
    await answerWith(EVENTS);
    await page.goto('/?event=b#part');
    await expect(history.details).toHaveAccessibleName('Details of CODE1');
    const before = await steps(page);
    await history.details.getByRole('button', { name: 'Close' }).click();
    await expect(history.details).toBeHidden();
    await expect.poll(() => page.url()).toMatch(/\/#part$/);
    expect(await steps(page)).toBe(before);
    await expect(history.detailsOf('CODE1')).toBeFocused();
    expect(watch.requests).toHaveLength(1);
  });

  test('that another language keeps', async ({ answerWith, history, page, watch }) => {
    await answerWith(EVENTS);
    await page.goto('/?event=b');
    await expect(history.details).toHaveAccessibleName('Details of CODE1');
    await page.evaluate(() => document.querySelector('referral-history').setAttribute('lang', 'de'));
    await expect(history.details).toHaveAccessibleName('Details zu CODE1');
    expect(watch.requests).toHaveLength(1);
  });

  for (const [what, id] of [['is in no answer', 'elsewhere'], ['is in the answer twice', 'twice'], ['is too long', 'x'.repeat(101)]]) {
    test(`but not if the id ${what}: nothing opens, and the name goes`, async ({ answerWith, history, page }) => {
      await answerWith(EVENTS);
      await page.goto(`/?role=referrer&event=${id}`);
      await expect(history.rows).toHaveCount(4);
      if (id.length < 101) await expect.poll(() => query(page)).toBe('?role=referrer');
      await expect(history.details).toBeHidden();
    });
  }

  test('only where the id is the event’s alone; others open as ever', async ({ answerWith, history, page }) => {
    await answerWith(EVENTS);
    await page.goto('/');
    await expect(history.rows).toHaveCount(7);
    const before = await steps(page);
    for (const code of ['CODE2', 'CODE3', 'CODE4', 'CODE6']) {
      await history.openDetails(code);
      await expect(history.details).toHaveAccessibleName(`Details of ${code}`);
      await expect(history.details.getByRole('button', { name: 'Copy link' })).toHaveCount(0);
      await page.keyboard.press('Escape');
      await expect(history.detailsOf(code)).toBeFocused();
    }
    expect(query(page)).toBe('');
    expect(await steps(page)).toBe(before);
    // From one to the other and on: Back closes whatever is shown.
    await history.openDetails('CODE1');
    await page.keyboard.press('j');
    await expect(history.details).toHaveAccessibleName('Details of CODE2');
    await expect.poll(() => query(page)).toBe('');
    await page.goBack();
    await expect(history.details).toBeHidden();
    await history.openDetails('CODE4');
    await page.keyboard.press('j');
    await expect(history.details).toHaveAccessibleName('Details of CODE5');
    await expect.poll(() => query(page)).toBe('?event=%C3%A9+%26%3D%23');
    await page.goBack();
    await expect(history.details).toBeHidden();
    expect(query(page)).toBe('');
  });

  test('that a new answer keeps if it has the event', async ({ answerWith, history, page, watch }) => {
    await answerWith(EVENTS);
    await page.goto('/?event=b');
    await expect(history.details).toHaveAccessibleName('Details of CODE1');
    const refresh = () => page.evaluate(() => document.querySelector('referral-history').refresh());
    await answerWith([{ id: 'new', code: 'NEW' }, { id: 'b', code: 'CHANGED', status: 'rewarded' }]);
    await refresh();
    await expect(history.details).toHaveAccessibleName('Details of CHANGED');
    await expect(history.details.getByText('2 of 2')).toBeVisible();
    await answerWith([{ id: 'new', code: 'NEW' }]);
    await refresh();
    await expect(history.details).toBeHidden();
    await expect.poll(() => query(page)).toBe('');
    expect(watch.requests).toHaveLength(3);
  });

  test('that can be copied, with the other choices', async ({ answerWith, history, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await answerWith(EVENTS);
    await page.goto('/?utm=mail&role=referred#part');
    await history.openDetails('CODE1');
    await page.keyboard.press('j');
    await expect(history.details).toHaveAccessibleName('Details of CODE3');
    await page.keyboard.press('k');
    await history.details.getByRole('button', { name: 'Copy link' }).click();
    await expect(history.details.getByRole('status')).toHaveText('Copied');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(`${process.env.CONSOLE_URL}/?utm=mail&role=referred&event=b#part`);
    expect(link).toBe(page.url());
    await page.goto('about:blank');
    await page.goto(link);
    await expect(history.details).toHaveAccessibleName('Details of CODE1');
    // Without choices in the address there is no link to copy; else all is the same.
    await page.goto('/');
    await page.evaluate(() => document.querySelector('referral-history').setAttribute('url-sync', 'off'));
    await history.openDetails('CODE1');
    await expect(history.details.getByRole('button', { name: /^Copy/ })).toHaveText(['Copy', 'Copy', 'Copy details for support']);
    expect(query(page)).toBe('');
    await page.keyboard.press('Escape');
    await expect(history.detailsOf('CODE1')).toBeFocused();
  });
});

test('lead from one referral to the next as the list has them, over the end of a page', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?per_page=10&sort=-reward_credits&role=referrer');
  await expect(history.rows).toHaveCount(10);
  const expected = sorted((await history.records()).filter(({ role }) => role === 'referrer'), '-reward_credits');
  const steps = () => page.evaluate(() => window.history.length);
  const [previous, next] = ['Previous referral', 'Next referral'].map((name) => history.details.getByRole('button', { name }));
  await history.rows.nth(8).getByRole('button').press('Enter');
  await expect(history.field('ID')).toContainText(expected[8].id);
  const before = await steps();
  for (const place of [9, 10, 11]) {
    await next.click();
    await expect(history.field('ID')).toContainText(expected[place].id);
    await expect(history.details.getByText(`${place + 1} of ${expected.length}`)).toBeVisible();
  }
  await expect(next).toBeFocused();
  await expect(history.details.getByText(`12 of ${expected.length}`)).toHaveAttribute('aria-live', 'polite');
  await expect.poll(() => new URL(page.url()).search).toBe(`?role=referrer&sort=-reward_credits&page=2&per_page=10&event=${expected[11].id}`);
  expect(await steps()).toBe(before);
  await page.keyboard.press('Escape');
  await expect(history.details).toBeHidden();
  await history.shows(expected.slice(10, 20));
  await expect(history.rows.nth(1).getByRole('button')).toBeFocused();
  await history.previous.click();
  await history.rows.first().getByRole('button').press('Enter');
  await expect(previous).toHaveAttribute('aria-disabled', 'true');
  await previous.press('Enter');
  await expect(history.field('ID')).toContainText(expected[0].id);
  await page.keyboard.press('Escape');
  await history.search.fill(expected[0].id);
  await expect(history.rows).toHaveCount(1);
  await history.rows.first().getByRole('button').press('Enter');
  for (const button of [previous, next]) await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(history.details.getByText('1 of 1')).toBeVisible();
  expect(watch.requests).toHaveLength(1);
});

// A time stood in the timeline and among the fields, in both zones: four times the same.
test('each field, as it was sent, and each time once', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?per_page=100');
  const records = await history.records();
  for (const status of Object.keys(STATUSES)) {
    const place = records.findIndex((record) => record.status === status && record.code);
    const record = records[place];
    await history.rows.nth(place).getByRole('button').press('Enter');
    await expect(history.details).toHaveAccessibleName(`Details of ${record.code}`);
    await expect(history.details.getByRole('heading', { level: 2 })).toHaveText(record.code);
    await expect(history.details.locator('.rh-badge')).toHaveText(STATUSES[record.status]);
    for (const [name, expected] of [
      ['ID', record.id],
      ['Campaign', record.campaign],
      ['Role', { referrer: 'Referrer', referred: 'Referred' }[record.role]],
      ['Reward', record.reward_credits && `${number(record.reward_credits)} credits`],
    ]) {
      await expect(history.field(name).locator('bdi, span').last(), name).toHaveText(expected ?? 'None');
    }
    for (const name of ['Code', 'Status', 'Created', 'Qualified', 'Rewarded']) await expect(history.field(name), name).toHaveCount(0);
    const times = [record.created_at, record.expires_at, record.qualified_at, record.rewarded_at].filter(Boolean);
    const shown = await history.details.locator('time').evaluateAll((times) => times.map(({ dateTime, textContent, title }) => [dateTime, textContent, title]));
    expect(shown.sort()).toEqual(times.map((at) => [iso(at), full(at), full(at, 'UTC')]).sort());
    // The other zone is in their titles alone.
    await expect(history.details).not.toContainText('UTC');
    await page.keyboard.press('Escape');
  }
});

test('what stands nowhere else stands among the fields: no code, a long one, when it was to expire', async ({ answerWith, history, page }) => {
  const code = 'LONG'.repeat(50);
  await answerWith([
    { id: 'a', status: 'rewarded', created_at: CREATED, rewarded_at: CREATED, expires_at: '2026-07-01T12:00:00Z' },
    { id: 'b', code, status: 'expired', created_at: CREATED, expires_at: '2026-07-01T12:00:00Z' },
  ]);
  await page.goto('/');
  await history.rows.nth(0).getByRole('button').press('Enter');
  await expect(history.field('Code')).toHaveText('None');
  await expect(history.field('Expires')).toHaveText(full('2026-07-01T12:00:00Z'));
  await page.keyboard.press('j');
  await expect(history.field('Code').locator('bdi')).toHaveText(code);
  await expect(history.field('Expires')).toHaveCount(0);
  await expect(history.step('Expired').locator('time')).toHaveText(full('2026-07-01T12:00:00Z'));
});

test('an open referral says until when, and how long that is', async ({ answerWith, history, page }) => {
  await page.clock.install({ time: NOW });
  const open = (code, status, expires_at) => ({ id: code, code, status, expires_at });
  await answerWith(
    [
      open('DAYS', 'attributed', '2026-06-12T12:00:30Z'),
      open('YEAR', 'qualified', '2027-01-28T12:00:00Z'),
      open('HOUR', 'attributed', '2026-05-12T13:00:30Z'),
    ],
    sent,
  );
  await page.goto('/');
  const next = history.details.getByRole('paragraph').nth(1);
  for (const [code, text] of [
    ['DAYS', 'Nothing to do. It can qualify until 12 Jun (31 days left).'],
    ['YEAR', 'Nothing to do. It expires on 28 Jan 2027 (8 months left) unless it is rewarded before.'],
    ['HOUR', 'Nothing to do. It can qualify until 12 May (1 hour left).'],
  ]) {
    await history.openDetails(code);
    await expect(next).toHaveText(text);
    if (code !== 'HOUR') await page.keyboard.press('Escape');
  }
  await page.clock.runFor(2 * 60_000);
  await expect(next).toHaveText('Nothing to do. It can qualify until 12 May (58 minutes left).');
  await page.clock.runFor(60 * 60_000);
  await expect(next).toContainText('The time to qualify has passed.');
});

// A service that wrote `Review-Required` once had a status of its own, which no filter knew.
test('a known word in another spelling is the known word, and the details keep what was sent', async ({ answerWith, history, page }) => {
  await answerWith([
    { id: 'a', code: 'ODD', role: ' REFERRER', status: 'Review-Required' },
    { id: 'b', code: 'PLAIN', role: 'referrer', status: 'review_required' },
  ]);
  await page.goto('/');
  await page.getByRole('checkbox', { name: 'Under review', exact: true }).check();
  await expect(history.rows).toHaveCount(2);
  // No choice but the eight: those that no referral has are not shown.
  await expect(history.statuses.locator('input')).toHaveCount(8);
  await expect(page.getByRole('checkbox')).toHaveCount(1);
  await history.openDetails('ODD');
  await expect(history.field('Status').locator('bdi')).toHaveText('Review-Required');
  await expect(history.field('Role').locator('bdi')).toHaveText('REFERRER');
  await page.keyboard.press('Escape');
  await history.openDetails('PLAIN');
  await expect(history.details.locator('.rh-badge')).toHaveText('Under review');
  await expect(history.field('Status')).toHaveCount(0);
});

test('what cannot be read is shown as it was sent', async ({ signIn, history, page }) => {
  await signIn('Broken records');
  await history.openDetails('UNREADABLE01');
  await expect(history.field('Created')).toHaveText('UnreadableAs sent: "yesterday"');
  await expect(history.field('Expires')).toHaveText('UnreadableAs sent: "soon"');
  await expect(history.details.getByRole('listitem').first()).toHaveText('CreatedUnreadable');
  await page.keyboard.press('Escape');
  // No field has anything: it is still an event, and says what it lacks.
  await history.rows.nth(1).getByRole('button').press('Enter');
  await expect(history.details).toHaveAccessibleName(`Details of ${MISSING}`);
  await expect(history.details.getByText('None')).toHaveCount(5);
  await expect(history.details).toContainText('Status not available.');
  // Without an id it has no address.
  await expect(history.details.getByRole('button')).toHaveText(['', '', '', 'Copy details for support']);
});

/** What each status says: to a referrer, to a referred user, to others, and what can be done. */
const WHY = {
  attributed: [
    'Credited to you, but not yet qualified for a reward.',
    'Credited to whoever referred you, but not yet qualified.',
    'Credited to the referrer, but not yet qualified.',
    'Nothing to do. It can still qualify until it expires.',
  ],
  qualified: [
    'It qualifies. The reward has not been granted yet.',
    null,
    null,
    'Nothing to do. If this doesn’t change, copy the details and send them to support.',
  ],
  review_required: [
    'On hold while support reviews it.',
    null,
    null,
    'Nothing to do until support has decided. Questions? Copy the details and send them to support.',
  ],
  rewarded: ['Rewarded: 10,000 credits.', null, null, 'All done.'],
  expired: [
    'The attribution window passed before this referral was rewarded, so it earned nothing.',
    null,
    null,
    'Think this is wrong? Copy the details and send them to support.',
  ],
  capped: [
    'You had reached the month’s reward limit, so this referral earned nothing.',
    'Whoever referred you had reached their monthly reward limit, so this referral earned nothing.',
    'The referrer had reached their monthly reward limit, so this referral earned nothing.',
    'Nothing to do. The limit applies to each month.',
  ],
  failed: ['The reward couldn’t be granted, so you earned nothing from this referral.', null, null, 'Copy the details, send them to support and ask what went wrong.'],
  rejected: [
    'It was rejected after a review, so it earned nothing.',
    null,
    null,
    'Think this is wrong? Copy the details and send them to support.',
  ],
  clawed_back: [
    'Status: “clawed_back”. No explanation available yet.',
    null,
    null,
    'Support can tell you what it means: copy the details and send them.',
  ],
};

test('each status is explained to each role, and what can be done next', async ({ answerWith, history, page }) => {
  const roles = ['referrer', 'referred', 'partner'];
  const items = Object.keys(WHY).flatMap((status) =>
    roles.map((role) => ({ id: role, code: `${status}-${role}`, status, role, reward_credits: status === 'rewarded' ? 10_000 : undefined })),
  );
  await answerWith(items);
  await page.goto('/?per_page=50');
  for (const [status, [toReferrer, toReferred, toOthers, next]] of Object.entries(WHY)) {
    for (const [role, meaning] of [['referrer', toReferrer], ['referred', toReferred ?? toReferrer], ['partner', toOthers ?? toReferrer]]) {
      await history.openDetails(`${status}-${role}`);
      await expect(history.details.getByRole('paragraph').nth(0)).toHaveText(meaning);
      await expect(history.details.getByRole('paragraph').nth(1)).toHaveText(next);
      await page.keyboard.press('Escape');
    }
  }
  await answerWith([{ id: 'a', code: 'UNSAID', status: 'rewarded' }]);
  await history.refresh.click();
  await history.openDetails('UNSAID');
  await expect(history.details.getByRole('paragraph').first()).toHaveText('Rewarded: amount not available.');
});

test.describe('the timeline', () => {
  const QUALIFIED = '2026-05-03T12:00:00Z';
  const EXPIRES = '2026-05-17T12:00:00Z';
  const created = `Created${full(CREATED)} 11 days ago`;
  const qualified = `Qualified${full(QUALIFIED)} 9 days ago`;
  for (const [what, event, steps] of [
    ['attributed', { status: 'attributed', expires_at: EXPIRES }, [created, 'Not qualified yet', `Expires${full(EXPIRES)} in 5 days`]],
    ['qualified', { status: 'qualified', qualified_at: QUALIFIED, expires_at: EXPIRES }, [created, qualified, 'Not rewarded yet', `Expires${full(EXPIRES)} in 5 days`]],
    [
      'attributed, past its window',
      { status: 'attributed', expires_at: '2026-05-12T11:00:00Z' },
      [created, 'Not qualified yet', `Was to expire${full('2026-05-12T11:00:00Z')} 1 hour ago`],
    ],
    ['under review', { status: 'review_required', qualified_at: QUALIFIED, expires_at: EXPIRES }, [created, qualified, 'Under reviewTime not available']],
    [
      'rewarded',
      { status: 'rewarded', qualified_at: QUALIFIED, rewarded_at: '2026-05-12T11:58:00Z', reward_credits: 1, expires_at: EXPIRES },
      [created, qualified, `Rewarded${full('2026-05-12T11:58:00Z')} 2 minutes ago`],
    ],
    ['expired', { status: 'expired', expires_at: '2026-05-11T12:00:00Z' }, [created, `Expired${full('2026-05-11T12:00:00Z')} 1 day ago`]],
    ['capped', { status: 'capped', qualified_at: QUALIFIED, expires_at: EXPIRES }, [created, qualified, 'CappedTime not available']],
    ['failed', { status: 'failed', qualified_at: QUALIFIED }, [created, qualified, 'FailedTime not available']],
    ['rejected', { status: 'rejected' }, [created, 'RejectedTime not available']],
    ['of a word that is not known', { status: 'on_hold' }, [created, 'on_holdTime not available']],
  ]) {
    test(what, async ({ answerWith, history, page }) => {
      await page.clock.setFixedTime(NOW);
      await answerWith([{ id: 'a', code: 'CODE', role: 'referrer', created_at: CREATED, ...event }], sent);
      await page.goto('/');
      await history.openDetails('CODE');
      await expect(history.details.getByRole('listitem')).toHaveText(steps);
      // What is behind the referral and what is ahead of it differ in shape, not in colour alone.
      const reached = steps.map((step) => !/^(Not|Expires|Was)/.test(step));
      const filled = await history.details.getByRole('listitem').evaluateAll((steps) =>
        steps.map((step) => {
          const { backgroundColor, borderTopColor } = getComputedStyle(step, '::before');
          return backgroundColor === borderTopColor;
        }),
      );
      expect(filled).toEqual(reached);
      for (const time of await history.details.getByRole('listitem').locator('time').all()) {
        await expect(time).toHaveAttribute('title', full(await time.getAttribute('datetime'), 'UTC'));
      }
    });
  }

  test('goes on while the panel is open', async ({ answerWith, history, page }) => {
    await page.clock.install({ time: NOW });
    await answerWith([{ id: 'a', code: 'CODE', status: 'attributed', created_at: CREATED, expires_at: '2026-05-12T12:03:30Z' }], sent);
    await page.goto('/');
    await history.openDetails('CODE');
    const last = history.details.getByRole('listitem').last();
    await expect(last).toContainText(/^Expires.*in 3 minutes$/);
    await page.clock.runFor(2 * 60_000);
    await expect(last).toContainText(/^Expires.*in 1 minute$/);
    await page.clock.runFor(4 * 60_000);
    await expect(last).toContainText(/^Was to expire.*2 minutes ago$/);
  });
});

test.describe('copies', () => {
  test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));
  const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

  test('id and code, and says that it copied', async ({ signIn, history, page }) => {
    await page.clock.install();
    await signIn('Busy');
    const record = (await history.records()).find(({ code }) => code);
    await history.openDetails(record.code);
    for (const [name, text] of [['ID', record.id], ['Code', record.code]]) {
      // Its name says that it copied, too.
      const button = history.details.getByRole('button', { name: new RegExp(`^(Copy ${name}|Copied)$`) });
      await button.press('Enter');
      await expect(button).toHaveText('Copied');
      await expect(history.details.getByRole('status')).toHaveText('Copied');
      expect(await clipboard(page)).toBe(text);
      await expect(button).toBeFocused();
      await page.clock.runFor(2500);
      await expect(button).toHaveText('Copy');
    }
  });

  test('for support: id, code, role, status and all dates in UTC, as plain lines', async ({ signIn, history, page }) => {
    await signIn('Busy', '/?per_page=100');
    await expect(history.rows).toHaveCount(100);
    const [answer] = await Promise.all([page.waitForResponse('**/referrals/me/events*'), page.reload()]);
    const records = await history.records(1);
    for (const place of [0, records.findIndex(({ status }) => status === 'rewarded'), records.findIndex(({ code }) => code === undefined)]) {
      const record = records[place];
      await history.rows.nth(place).getByRole('button').press('Enter');
      await history.details.getByRole('button', { name: 'Copy details for support' }).click();
      await expect(history.details.getByRole('status')).toHaveText('Copied');
      const at = (time) => (time ? iso(time) : '(not sent)');
      expect((await clipboard(page)).split('\n')).toEqual([
        `id: ${record.id}`,
        `code: ${record.code ?? '(not sent)'}`,
        `role: ${record.role}`,
        `status: ${record.status}`,
        `created_at: ${at(record.created_at)}`,
        `expires_at: ${at(record.expires_at)}`,
        `qualified_at: ${at(record.qualified_at)}`,
        `rewarded_at: ${at(record.rewarded_at)}`,
        `request_id: ${answer.headers()['x-request-id']}`,
      ]);
      await page.keyboard.press('Escape');
    }
  });

  test('hostile text as it was sent, and no forged line for support', async ({ signIn, history, page }) => {
    await signIn('Hostile text');
    const records = await history.records();
    for (const id of ['markup01', 'control1', 'quotes01', 'breaks01', 'formula4']) {
      const place = records.findIndex((record) => record.id === id);
      await history.rows.nth(place).getByRole('button').press('Enter');
      await history.details.getByRole('button', { name: 'Copy Code' }).click();
      await expect(history.details.getByRole('status')).toHaveText('Copied');
      expect(await clipboard(page)).toBe(records[place].code);
      await page.keyboard.press('Escape');
    }
    await history.rows.nth(records.findIndex(({ id }) => id === 'formula4')).getByRole('button').press('Enter');
    await history.details.getByRole('button', { name: 'Copy details for support' }).click();
    await expect(history.details.getByRole('button', { name: 'Copied', exact: true })).toBeVisible();
    const lines = (await clipboard(page)).split(/[\n\r]/);
    expect(lines.map((line) => line.split(': ')[0])).toEqual([
      'id',
      'code',
      'role',
      'status',
      'created_at',
      'expires_at',
      'qualified_at',
      'rewarded_at',
      'request_id',
    ]);
    expect(lines[1]).toBe('code: ␍=1+1');
  });

  test('the request id of a failure, and says so to all', async ({ signIn, history, page }) => {
    await signIn('Bad gateway');
    const button = page.getByRole('button', { name: /^(Copy Request ID|Copied)$/ });
    await button.click();
    await expect(button).toHaveText('Copied');
    await expect(history.status).toHaveText('Copied');
    await expect(page.getByText(await clipboard(page))).toBeVisible();
    expect(await clipboard(page)).toMatch(/^req_\w+$/);
  });

  test('each copy is announced once, the second time too', async ({ signIn, history, page }) => {
    await signIn('Busy');
    await history.rows.first().getByRole('button').press('Enter');
    await expect(history.details).toBeVisible();
    await page.evaluate(() => deep.one('[role=status]').removeAttribute('role'));
    const announced = await listen(page);
    const button = history.details.getByRole('button', { name: 'Copy ID' });
    await button.click();
    await expect.poll(announced).toEqual(['Copied']);
    await button.click();
    await expect.poll(announced).toEqual(['Copied', 'Copied']);
  });
});

test('a clipboard that is denied is said to be, and the text can be copied by hand', async ({ signIn, history, page }) => {
  await page.addInitScript(() => {
    Clipboard.prototype.writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
  });
  await signIn('Busy');
  const records = await history.records();
  await history.rows.first().getByRole('button').press('Enter');
  const button = history.details.getByRole('button', { name: 'Copy ID' });
  await button.click();
  await expect(history.details.getByRole('status')).toHaveText('Copying did not work. Select the text and copy it by hand.');
  await expect(button).toHaveText('Copy');
  await history.field('ID').locator('bdi').dblclick();
  expect(await page.evaluate(() => getSelection().toString().trim())).toBe(records[0].id);
});

for (const width of [320, 1280]) {
  test(`hostile text stays inert in the details, and in its place, at ${width} px`, async ({ signIn, history, page }) => {
    await page.setViewportSize({ width, height: 700 });
    await signIn('Hostile text');
    const records = await history.records();
    for (const [place, record] of records.entries()) {
      await history.rows.nth(place).getByRole('button').press('Enter');
      await expect(history.details).toBeVisible();
      const beyond = await page.evaluate(() => {
        const dialog = deep.one('.rh-details');
        const { right } = dialog.getBoundingClientRect();
        return {
          page: document.documentElement.scrollWidth - innerWidth,
          // What scrolls in its place may be longer than it; nothing else.
          boxes: [...dialog.querySelectorAll('*')]
            .filter((box) => !box.closest('.rh-text') && (box.getBoundingClientRect().right > right + 1 || (box.clientWidth > 0 && box.scrollWidth > box.clientWidth)))
            .map((box) => box.outerHTML.slice(0, 200)),
          elements: dialog.querySelectorAll('img, script, a, b, iframe').length,
        };
      });
      expect(beyond, record.id).toEqual({ page: 0, boxes: [], elements: 0 });
      // The whole text is there, however long, and can be scrolled to by keyboard.
      if (record.campaign.length > 1000) {
        const text = history.field('Campaign').locator('bdi');
        await expect(text).toHaveText(record.campaign.trim());
        await expect(text).toHaveAttribute('tabindex', '0');
        expect((await text.boundingBox()).height).toBeLessThan(200);
      }
      await page.keyboard.press('Escape');
    }
    expect(await page.evaluate(() => document.title)).toBe('Referral history');
  });
}

test('in the other zone all times of the panel are in it', async ({ signIn, history, page }) => {
  await signIn('Busy', '/?tz=utc');
  const [record] = await history.records();
  await history.rows.first().getByRole('button').press('Enter');
  await expect(history.step('Created')).toContainText(full(record.created_at, 'UTC'));
  await expect(history.step('Created').locator('time')).toHaveAttribute('title', full(record.created_at, BERLIN));
  for (const time of await history.details.locator('time').all()) await expect(time).toContainText('UTC');
});
