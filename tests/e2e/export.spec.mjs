// The files that a user takes along.
import { readFile } from 'node:fs/promises';
import { day, iso, sorted } from './answer.mjs';
import { expect, listen, test } from './fixtures.mjs';

const FIELDS = ['id', 'code', 'campaign', 'role', 'status', 'reward_credits', 'created_at', 'expires_at', 'qualified_at', 'rewarded_at'];
const CSV = 'CSV for Excel or Sheets';
const JSON_FORMAT = 'JSON (raw data)';

/** Saves in a format as a person does, and answers the file's name, its bytes and its text. */
async function save(history, page, format) {
  await history.export.click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: format }).click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
}

/** Reads comma-separated values as RFC 4180 has them, and takes nothing else. */
function cells(csv) {
  const records = [];
  let at = 0;
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
        for (; at < csv.length && !',"\r\n'.includes(csv[at]); at += 1) cell += csv[at];
      }
      record.push(cell);
      if (csv[at] !== ',') break;
      at += 1;
    }
    if (csv.slice(at, at + 2) !== '\r\n') throw new Error(`no line break after ${record}`);
    at += 2;
    records.push(record);
  }
  return records;
}

/** The cells that a record of the API's must have. */
const expected = (record) =>
  FIELDS.map((field) => {
    const value = record[field] ?? '';
    return field.endsWith('_at') && value !== '' ? iso(value) : String(value);
  });

test('CSV: what the filters leave, in the table’s order, all pages of it', async ({ signIn, history, page, watch }) => {
  await signIn('Busy', '/?per_page=10');
  const records = await history.records();
  const all = await save(history, page, CSV);
  expect(all.name).toBe(`referral-events-${day(Date.now())}.csv`);
  expect(cells(all.text)).toEqual([FIELDS, ...records.map(expected)]);

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
  expect(cells((await save(history, page, CSV)).text)).toEqual([FIELDS, ...left.map(expected)]);
  const json = await save(history, page, JSON_FORMAT);
  expect(JSON.parse(json.text)).toEqual(left);
  expect(watch.requests).toHaveLength(1);
});

test('JSON: the records as the API sent them, with the fields that nobody knows yet', async ({ signIn, history, page }) => {
  await signIn('From the future');
  const records = await history.records();
  expect(records[0]).toHaveProperty('tags');
  const { name, text } = await save(history, page, JSON_FORMAT);
  expect(name).toBe(`referral-events-${day(Date.now())}.json`);
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
  expect(bytes.subarray(0, 2).toString()).toBe('id');
  const [names, ...lines] = cells(text);
  expect(names).toEqual(FIELDS);
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
  expect(of('formula4').slice(1, 3)).toEqual(["'\r'=1+1", "'\t=1+1"]);
  // What is not a formula is as it was sent, ten thousand characters of it, markup and line breaks too.
  for (const id of ['markup01', 'bidi0001', 'long0001', 'breaks01', 'quotes01', 'rtl00001', 'emoji001', 'zalgo001', 'names001', 'path0001']) {
    const record = records.find((record) => record.id === id);
    expect(of(id), id).toEqual(expected(record));
  }
  const json = await save(history, page, JSON_FORMAT);
  expect(JSON.parse(json.text)).toEqual(records);
});

test('the menu says what it saves, and that it saved it', async ({ signIn, history, page }) => {
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
  const announced = await listen(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await expect(history.status).toHaveText(`Saved as ${download.suggestedFilename()}`);
  await expect(menu).toHaveCount(0);
  await expect(history.export).toBeFocused();
  expect(await announced()).toEqual([`Saved as ${download.suggestedFilename()}`]);

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
  expect((await save(history, page, CSV)).name).toBe('referral-events-2026-05-11.csv');
  await history.showUtc.click();
  expect((await save(history, page, JSON_FORMAT)).name).toBe('referral-events-2026-05-10.json');
});

test('an unreadable field leaves as the service’s text, and a missing one as nothing', async ({ signIn, history, page }) => {
  await signIn('Broken records', '/?q=UNREADABLE0');
  await expect(history.rows).toHaveCount(2);
  const [, one, two] = cells((await save(history, page, CSV)).text);
  expect(one).toEqual(['badtime1', 'UNREADABLE01', '', 'referrer', 'attributed', '', '"yesterday"', '"soon"', '', '']);
  expect(two.slice(6, 8)).toEqual(['1716200000', '"2026-02-30T25:61:00Z"']);
});
