// The files that a user takes along.
import { readFile } from 'node:fs/promises';
import { DAY, day, iso, sorted } from './answer.mjs';
import { expect, listen, test } from './fixtures.mjs';

const FIELDS = ['id', 'code', 'campaign', 'role', 'status', 'reward_credits', 'created_at', 'expires_at', 'qualified_at', 'rewarded_at'];
const HEADINGS = FIELDS.map((field) => (field.endsWith('_at') ? `${field}_utc` : field));
const CSV = 'CSV for Excel or Sheets';
const JSON_FORMAT = 'JSON (raw data)';
const CALENDAR = /^Deadlines for your calendar/;

/** Saves in a format as a person does, and answers the file's name, its bytes and its text. */
async function save(history, page, format) {
  await history.export.click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: format }).click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
}

/** Reads separated values as RFC 4180 has them, after a byte order mark, and takes nothing else. */
function cells(csv, separator = ',') {
  const records = [];
  expect(csv[0]).toBe('\ufeff');
  let at = 1;
  while (at < csv.length) {
    const record = [];
    for (;;) {
      let cell = '';
      if (csv[at] === '"') {
        at += 1;
        for (; csv[at] !== '"' || csv[at + 1] === '"'; at += 1) {
          if (at >= csv.length) throw new Error('a quoted cell without an end');
          if (csv[at] === '"') at += 1;
          cell += csv[at];
        }
        at += 1;
      } else {
        for (; at < csv.length && !`${separator}"\r\n`.includes(csv[at]); at += 1) cell += csv[at];
      }
      record.push(cell);
      if (csv[at] !== separator) break;
      at += 1;
    }
    if (csv.slice(at, at + 2) !== '\r\n') throw new Error(`no line break after ${record}`);
    at += 2;
    records.push(record);
  }
  return records;
}

/** A time as a spreadsheet reads it. */
const time = (at) => iso(at).replace('T', ' ').replace('Z', '');

/** The cells that a record of the API's must have. */
const expected = (record) =>
  FIELDS.map((field) => {
    const value = record[field] ?? '';
    return field.endsWith('_at') && value !== '' ? time(value) : String(value);
  });

test('CSV: what the filters leave, in the table’s order, all pages of it', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?per_page=10');
  const records = await history.records();
  const all = await save(history, page, CSV);
  expect(all.name).toBe(`referrals-${day(Date.now())}.csv`);
  expect(cells(all.text)).toEqual([HEADINGS, ...records.map(expected)]);

  await history.role('Referrer').check();
  await history.statusChoice('Rewarded').check();
  await history.statusChoice('Capped').check();
  await history.heading('Campaign').getByRole('button').click();
  await history.next.click();
  const left = sorted(
    records.filter(({ role, status }) => role === 'referrer' && ['rewarded', 'capped'].includes(status)),
    'campaign',
  );
  await expect(history.pagination).toContainText(`of ${left.length}`);
  expect(cells((await save(history, page, CSV)).text)).toEqual([HEADINGS, ...left.map(expected)]);
  const json = await save(history, page, JSON_FORMAT);
  expect(JSON.parse(json.text)).toEqual(left);
  expect(watch.requests).toHaveLength(1);
});

test('JSON: the records as the API sent them, with the fields that nobody knows yet', async ({ signIn, history, page }) => {
  await signIn('From the future');
  const records = await history.records();
  expect(records[0]).toHaveProperty('tags');
  const { name, text } = await save(history, page, JSON_FORMAT);
  expect(name).toBe(`referrals-${day(Date.now())}.json`);
  expect(JSON.parse(text)).toEqual(records);
});

test('JSON: byte for byte, where reading it would already change it', async ({ answerWith, history, page }) => {
  const record = '{"id":"a","reward_credits":9007199254740993,"more":[1e400, 1.50,"\\u003cb\\u003e"],"id":"twice"}';
  await answerWith(`{"code":200,"data":{"items":[${record}]}}`);
  await page.goto('/');
  expect((await save(history, page, JSON_FORMAT)).text).toBe(`[\n${record}\n]\n`);
});

test('hostile text arrives whole, and runs in no spreadsheet', async ({ signIn, history, page }) => {
  await signIn('Hostile text');
  const records = await history.records();
  const { bytes, text } = await save(history, page, CSV);
  // UTF-8, and no line of it is ended by what a stranger wrote.
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [names, ...lines] = cells(text);
  expect(names).toEqual(HEADINGS);
  expect(lines).toHaveLength(records.length);
  let defused = 0;
  for (const [place, line] of lines.entries()) {
    for (const [column, cell] of line.entries()) {
      expect(cell, `${records[place].id}: ${FIELDS[column]}`).not.toMatch(/^[\s\u0000-\u001f\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      expect(cell).not.toMatch(/^[\t\r\n]/);
      if (cell.startsWith("'")) defused += 1;
    }
  }
  expect(defused).toBe(8);
  const of = (id) => lines[records.findIndex((record) => record.id === id)];
  expect(of('formula1').slice(1, 3)).toEqual(["'=1+1", '\'=HYPERLINK("http://x","y")']);
  expect(of('formula3')[2]).toBe("'-2+3+cmd|' /C calc'!A0");
  expect(of('formula4').slice(1, 3)).toEqual(["'\r'=1+1", "'\t'=1+1"]);
  // What is not a formula is as it was sent, ten thousand characters of it, markup and line breaks too.
  for (const id of ['markup01', 'bidi0001', 'long0001', 'breaks01', 'quotes01', 'rtl00001', 'emoji001', 'zalgo001', 'names001', 'path0001']) {
    const record = records.find((record) => record.id === id);
    expect(of(id), id).toEqual(expected(record));
  }
  const json = await save(history, page, JSON_FORMAT);
  expect(JSON.parse(json.text)).toEqual(records);
});

test('the menu says what it saves, and that the download has started', async ({ signIn, history, page }) => {
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  const menu = page.getByRole('button', { name: JSON_FORMAT });
  await expect(history.export).toHaveAttribute('aria-expanded', 'false');
  await expect(menu).toHaveCount(0);
  await history.export.focus();
  await page.keyboard.press('Enter');
  await expect(history.export).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('100 referrals, as filtered and sorted')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(history.export).toBeFocused();

  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(menu).toBeFocused();
  // The rows are told a moment after they are there.
  await expect(history.status).toHaveText(/^Showing/);
  const announced = await listen(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await expect(history.status).toHaveText(`Download started: ${download.suggestedFilename()}`);
  await expect(menu).toHaveCount(0);
  await expect(history.export).toBeFocused();
  expect(await announced()).toEqual([`Download started: ${download.suggestedFilename()}`]);

  // Whoever moves on closes it.
  await history.export.click();
  await history.refresh.focus();
  await expect(menu).toHaveCount(0);
  await history.export.click();
  await page.mouse.click(5, 5);
  await expect(menu).toHaveCount(0);
  await history.search.fill('nothing that there is');
  await expect(history.export).toBeDisabled();
  await history.export.click({ force: true });
  await expect(menu).toHaveCount(0);
});

test('the date in the name is the day in the zone that is shown', async ({ answerWith, history, page }) => {
  const now = new Date('2026-05-10T22:30:00Z');
  await page.clock.setFixedTime(now);
  await answerWith([{ id: 'a' }], { date: now.toUTCString() });
  await page.goto('/');
  expect((await save(history, page, CSV)).name).toBe('referrals-2026-05-11.csv');
  await history.showUtc.click();
  expect((await save(history, page, JSON_FORMAT)).name).toBe('referrals-2026-05-10.json');
});

test('an unreadable field leaves as the service’s text, and a missing one as nothing', async ({ signIn, history, page }) => {
  await signIn('Broken records', '/?q=UNREADABLE0');
  await expect(history.rows).toHaveCount(2);
  const [, one, two] = cells((await save(history, page, CSV)).text);
  expect(one).toEqual(['badtime1', 'UNREADABLE01', '', 'referrer', 'attributed', '', '"yesterday"', '"soon"', '', '']);
  expect(two.slice(6, 8)).toEqual(['1716200000', '"2026-02-30T25:61:00Z"']);
});

/** Has the user prefer a language. */
const speak = (page, lang) =>
  page.addInitScript((lang) => Object.defineProperty(Navigator.prototype, 'languages', { get: () => [lang] }), lang);

for (const [lang, words, separator] of [
  ['de', { export: 'Exportieren', csv: 'CSV für Excel & Co.' }, ';'],
  // Its region writes a decimal point.
  ['de-CH', { export: 'Exportieren', csv: 'CSV für Excel & Co.' }, ','],
  ['ar', { export: 'تصدير', csv: 'CSV لبرنامج Excel أو جداول Google' }, ','],
]) {
  test(`${lang}: CSV is separated as spreadsheets in that language expect`, async ({ signIn, history, page }) => {
    await speak(page, lang);
    await signIn('Busy');
    const records = await history.records();
    await page.getByRole('button', { name: words.export }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words.csv }).click()]);
    const text = (await readFile(await download.path())).toString();
    expect(cells(text, separator)).toEqual([HEADINGS, ...records.map(expected)]);
  });
}

test.describe('a period', () => {
  const NOW = new Date('2026-05-12T12:00:00Z');
  const sent = { date: NOW.toUTCString() };
  const created = (number) => Array.from({ length: number }, (_, place) => ({ id: `${place}`, status: 'rewarded', created_at: iso(NOW - place * DAY) }));
  const notice = (page) => page.getByText('Incomplete: this period may have older referrals that are not loaded.');
  test.beforeEach(({ page }) => page.clock.setFixedTime(NOW));

  for (const [query, period] of Object.entries({
    'from=2026-05-01&to=2026-05-10': '2026-05-01-to-2026-05-10',
    'from=2026-05-10&to=2026-05-01': '2026-05-01-to-2026-05-10',
    'from=2026-05-01': 'from-2026-05-01-as-of-2026-05-12',
    'to=2026-05-10': 'until-2026-05-10-as-of-2026-05-12',
    'from=2026-05-01&by=rewarded': 'rewarded-from-2026-05-01-as-of-2026-05-12',
  })) {
    test(`is in the file's name: ${query}`, async ({ answerWith, history, page }) => {
      await answerWith([{ id: 'a', created_at: '2026-05-02T12:00:00Z', rewarded_at: '2026-05-03T12:00:00Z' }], sent);
      await page.goto(`/?${query}`);
      expect((await save(history, page, CSV)).name).toBe(`referrals-${period}.csv`);
      await history.export.click();
      await expect(notice(page)).toHaveCount(0);
    });
  }

  test('that reaches beyond what is loaded is said to be incomplete', async ({ answerWith, history, page }) => {
    await answerWith(created(100), sent);
    await page.goto('/?from=2026-01-01&to=2026-05-10');
    await history.export.click();
    await expect(notice(page)).toBeVisible();
    await page.keyboard.press('Escape');
    const { name, text } = await save(history, page, CSV);
    expect(name).toBe('referrals-2026-01-01-to-2026-05-10-incomplete.csv');
    expect(cells(text)[0]).toEqual(HEADINGS);
    await page.goto('/?from=2026-05-01&to=2026-05-10');
    expect((await save(history, page, JSON_FORMAT)).name).toBe('referrals-2026-05-01-to-2026-05-10.json');
    await history.export.click();
    await expect(notice(page)).toHaveCount(0);
  });
});

test.describe('Copy table', () => {
  test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));
  const copy = async (history, page) => {
    await history.export.click();
    await page.getByRole('button', { name: 'Copy table' }).click();
    await expect(history.status).toHaveText('Copied');
    return (await page.evaluate(() => navigator.clipboard.readText())).split('\n').map((line) => line.split('\t'));
  };

  test('puts what the filters leave, in their order, on the clipboard', async ({ signIn, history, page, watch }) => {
    await signIn('Busy', '/?per_page=10&role=referrer&sort=-reward_credits');
    const left = sorted((await history.records()).filter(({ role }) => role === 'referrer'), '-reward_credits');
    expect(await copy(history, page)).toEqual([HEADINGS, ...left.map(expected)]);
    await expect(page.getByRole('paragraph').filter({ hasText: 'Copied' }).last()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(history.export).toBeFocused();
    expect(watch.requests).toHaveLength(1);
  });

  test('keeps what strangers wrote in its cell, and runs nothing', async ({ signIn, history, page }) => {
    await signIn('Hostile text');
    const records = await history.records();
    const [, ...lines] = await copy(history, page);
    expect(lines).toHaveLength(records.length);
    for (const line of lines) {
      expect(line).toHaveLength(FIELDS.length);
      for (const cell of line) expect(cell).not.toMatch(/^"?[\s\u0000-\u001f\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
    }
    const of = (id) => lines[records.findIndex((record) => record.id === id)];
    expect(of('formula4').slice(1, 3)).toEqual(["' =1+1", "' =1+1"]);
  });

  test('that fails says so, and what to do', async ({ signIn, history, page }) => {
    await page.addInitScript(() => {
      Clipboard.prototype.writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
    });
    await signIn('A few');
    await history.export.click();
    await page.getByRole('button', { name: 'Copy table' }).click();
    await expect(history.status).toHaveText('Copying did not work. Download the CSV file instead.');
    await expect(history.csv).toBeVisible();
  });
});

test.describe('deadlines', () => {
  /** The entries of a calendar, after unfolding, by the names of their properties. */
  const entries = (text) => {
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const blocks = text.replaceAll('\r\n ', '').split('BEGIN:VEVENT\r\n');
    expect(blocks.shift()).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/);
    const value = (text) => text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    return blocks.map((block) => {
      const lines = block.split(/BEGIN:VALARM|END:VEVENT/)[0].trim().split('\r\n');
      return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), value(line.slice(line.indexOf(':') + 1))]));
    });
  };

  test('of what is open and filtered are a calendar', async ({ signIn, history, page, watch }) => {
    await signIn('Busy');
    const records = await history.records();
    const due = (records) => sorted(records.filter(({ status, expires_at }) => ['attributed', 'qualified'].includes(status) && new Date(expires_at) > Date.now()), 'expires_at');
    for (const role of ['All', 'Referrer']) {
      await history.role(role).check();
      const left = due(records.filter((record) => role === 'All' || record.role === 'referrer'));
      expect(left.length).toBeGreaterThan(1);
      await history.export.click();
      await expect(page.getByRole('button', { name: CALENDAR })).toHaveText(`Deadlines for your calendar (${left.length})`);
      await page.keyboard.press('Escape');
      const { name, text } = await save(history, page, CALENDAR);
      expect(name).toBe(`referral-deadlines-${day(Date.now())}.ics`);
      const found = entries(text);
      expect(found.map(({ DTSTART }) => DTSTART)).toEqual(left.map(({ expires_at }) => iso(expires_at).replace(/[-:]/g, '')));
      expect(found.map(({ SUMMARY }) => SUMMARY)).toEqual(left.map(({ code }) => (code ? `Referral ${code} expires` : 'A referral expires')));
      expect(found[0].DESCRIPTION).toMatch(/^Status: (Attributed|Qualified)\nCampaign: /);
      expect(new Set(found.map(({ UID }) => UID)).size).toBe(left.length);
    }
    expect(watch.requests).toHaveLength(1);
  });

  test('are none where nothing is open', async ({ answerWith, history, page }) => {
    await answerWith([{ id: 'a', status: 'expired', expires_at: iso(Date.now() + DAY) }]);
    await page.goto('/');
    await history.export.click();
    const calendar = page.getByRole('button', { name: CALENDAR });
    await expect(calendar).toHaveText('Deadlines for your calendar (0)');
    await expect(calendar).toBeDisabled();
    await calendar.click({ force: true });
    await expect(calendar).toBeVisible();
    await expect(history.status).not.toContainText('Download');
  });
});
