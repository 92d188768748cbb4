// Eight languages, and English for everybody else: by what the user prefers, the address and the choice on the
// page.
import { readFile } from 'node:fs/promises';
import { violations } from './axe.mjs';
import { expect, test } from './fixtures.mjs';

/** Has the user prefer these languages. */
async function speak(page, ...languages) {
  await page.addInitScript((languages) => {
    Object.defineProperty(Navigator.prototype, 'languages', { get: () => languages });
  }, languages);
}

/** Formats in the browser itself, whose data may be another version than Node's. */
const intl = (page, kind, lang, options, value) =>
  page.evaluate(([kind, lang, options, value]) => new Intl[kind](lang, options).format(kind === 'DateTimeFormat' ? new Date(value) : value), [kind, lang, options, value]);

const LANGUAGES = {
  de: {
    title: 'Empfehlungsverlauf',
    table: 'Empfehlungen',
    headings: ['Datum', 'Rolle', 'Status', 'Code', 'Kampagne', 'Prämie', 'Details'],
    status: 'Prämie erhalten',
    statuses: ['Zugeordnet', 'Qualifiziert', 'In Prüfung', 'Prämie erhalten', 'Abgelaufen', 'Limit erreicht', 'Fehlgeschlagen', 'Abgelehnt'],
    search: 'Code, Kampagne oder ID suchen',
    close: 'Schließen',
    support: 'Angaben für Support kopieren',
    why: 'Prämie erhalten: ',
    noMatch: 'Keine Empfehlungen passen zu den Filtern',
    failure: 'Ihre Empfehlungen konnten nicht geladen werden',
    export: 'Exportieren',
    csv: 'CSV für Excel & Co.',
  },
  ar: {
    title: 'سجل الإحالات',
    table: 'الإحالات',
    headings: ['التاريخ', 'الدور', 'الحالة', 'الرمز', 'الحملة', 'المكافأة', 'التفاصيل'],
    status: 'تمت المكافأة',
    statuses: ['مُسندة', 'مؤهلة', 'قيد المراجعة', 'تمت المكافأة', 'منتهية الصلاحية', 'تم بلوغ الحد', 'فشلت', 'مرفوضة'],
    search: 'البحث عن رمز أو حملة أو معرّف',
    close: 'إغلاق',
    support: 'نسخ التفاصيل لفريق الدعم',
    why: 'تمت المكافأة: ',
    noMatch: 'لا إحالات تطابق عوامل التصفية',
    failure: 'تعذّر تحميل إحالاتك',
    export: 'تصدير',
    csv: 'CSV لبرنامج Excel أو جداول Google',
  },
};

// Of the others the words are those of their files; that none of them is English is seen below.
for (const lang of ['es', 'fr', 'pt-BR', 'ja', 'zh-Hans']) {
  const texts = JSON.parse(await readFile(new URL(`../../locales/${lang}.json`, import.meta.url)));
  const of = (...names) => names.map((name) => texts[name]);
  LANGUAGES[lang] = {
    title: texts.title,
    table: texts.table,
    headings: of('date', 'role', 'status', 'code', 'campaign', 'reward', 'details'),
    status: texts.rewarded,
    statuses: of('attributed', 'qualified', 'review_required', 'rewarded', 'expired', 'capped', 'failed', 'rejected'),
    search: texts.search,
    close: texts.close,
    support: texts.copy_for_support,
    why: texts.why_rewarded.all.split('{credits}')[0],
    noMatch: texts.no_match_title,
    failure: texts.service.title,
    export: texts.export,
    csv: texts.export_csv,
  };
}

for (const [lang, words] of Object.entries(LANGUAGES)) {
  test(`${lang}: every word, every number and every date is in it`, async ({ signIn, history, page, watch }) => {
    await speak(page, lang);
    await signIn('Busy');
    const records = await history.records();
    const root = page.getByRole('region', { name: words.title });
    await expect(root).toHaveAttribute('lang', lang);
    await expect(root).toHaveAttribute('dir', lang === 'ar' ? 'rtl' : 'ltr');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.title);
    const table = page.getByRole('table', { name: words.table });
    const rows = table.locator('tbody').getByRole('row');
    await expect(rows).toHaveCount(25);
    await expect(table.getByRole('columnheader')).toHaveText(words.headings, { useInnerText: true });
    await expect(page.getByRole('checkbox')).toHaveCount(8);
    for (const status of words.statuses) await expect(page.getByRole('checkbox', { name: status, exact: true })).toBeVisible();

    const format = (kind, options, value) => intl(page, kind, lang, options, value);
    const place = records.findIndex(({ status }) => status === 'rewarded');
    const record = records[place];
    const isThisYear = new Date(record.created_at).getFullYear() === new Date().getFullYear();
    const form = isThisYear ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } : { dateStyle: 'medium', timeStyle: 'short' };
    await expect(rows.nth(place).locator('time')).toHaveText(await format('DateTimeFormat', form, record.created_at));
    await expect(rows.nth(place).locator('[data-column=reward_credits]')).toHaveText(await format('NumberFormat', {}, record.reward_credits));
    const sum = records.filter(({ status }) => status === 'rewarded').reduce((sum, { reward_credits }) => sum + reward_credits, 0);
    await expect(page.getByRole('definition').first()).toHaveText(await format('NumberFormat', {}, sum));
    const rewarded = records.filter(({ status }) => status === 'rewarded').length;
    await expect(page.getByRole('button', { name: new RegExp(`^${words.status}: `) })).toHaveAccessibleName(
      new RegExp((await format('NumberFormat', { style: 'percent' }, rewarded / 100)).replace(/[()]/g, '.')),
    );

    // Everything open that opens, and not one word of English in what stands there or is only said.
    await page.getByRole('button', { name: words.export }).click();
    await expect(page.getByRole('button', { name: words.csv })).toBeVisible();
    await page.getByRole('combobox').filter({ has: page.locator('option[value=dates]') }).selectOption('dates');
    await expect(page.locator('input[type=date]')).toHaveCount(2);
    const says = () =>
      page.evaluate(() => {
        const elements = [...deep.all('.rh, .rh *')];
        const said = elements.flatMap((element) => ['aria-label', 'title', 'placeholder', 'data-lacking'].map((name) => element.getAttribute(name)));
        return [deep.one('.rh').textContent, ...said].filter(Boolean).join(' | ');
      });
    const english = /\b(the|of|and|loaded|refresh|costs?|events?|rewards?|referr(er|ed)|show|latest|since|just now|ago|details|close|copy|date|from|to|any|last|page|rows?|search|filters?|clear|by|week|month|campaigns?|summary|what|in)\b/i;
    const data = /q&a-webinar|spring-launch|newsletter_05|Conference Berlin|\b[A-Z0-9]{12}\b|Details(?= zu| \|)|GMT[+-]?\d*|UTC|Details/g;
    const foreign = (text) => text.replaceAll(data, '').match(english)?.[0];
    // Some languages have some of these words, too.
    // Some have the first letters of August.
    const own = { de: ['in'], es: ['ago'], fr: ['Date', 'date', 'page', 'Page'], 'pt-BR': ['ago'] }[lang] ?? [];
    expect([undefined, ...own]).toContain(foreign(await says()));
    // The menu lies over the tabs where the page is mirrored.
    await page.keyboard.press('Escape');
    for (const tab of [2, 1, 0]) {
      await page.getByRole('tab').nth(tab).click();
      await expect(page.getByRole('tabpanel').locator(tab === 0 ? '.rh-slot' : 'td').first()).toBeVisible();
      expect([undefined, ...own]).toContain(foreign(await says()));
    }
    await page.getByRole('searchbox', { name: words.search }).press('Escape');

    await rows.nth(place).getByRole('button').press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(words.why);
    await expect(dialog.getByRole('button', { name: words.close })).toBeVisible();
    await expect(dialog.getByRole('button', { name: words.support })).toBeVisible();
    const full = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' };
    await expect(dialog.locator('time').first()).toHaveText(await format('DateTimeFormat', full, record.created_at));
    expect([undefined, ...own]).toContain(foreign(await says()));
    await page.keyboard.press('Escape');

    expect(await violations(page)).toEqual([]);
    await page.getByRole('searchbox', { name: words.search }).fill('nothing that there is');
    await expect(page.getByRole('heading', { name: words.noMatch })).toBeVisible();
    await expect(page.getByRole('status').first()).toHaveText(words.noMatch);
    expect(watch.requests).toHaveLength(1);
  });

  test(`${lang}: failures too`, async ({ signIn, page }) => {
    await speak(page, lang);
    await signIn('Bad gateway');
    await expect(page.getByRole('heading', { name: words.failure })).toBeVisible();
    await expect(page.getByRole('status').first()).toContainText(words.failure);
  });
}

for (const lang of ['ja', 'zh-Hans']) {
  test(`${lang}: no space stands after a full stop, which has its own`, async ({ signIn, page }) => {
    await speak(page, lang);
    for (const [account, place] of [['Busy', '.rh-answer'], ['Bad gateway', '.rh-notice']]) {
      await signIn(account);
      await expect(page.locator(place)).toHaveText(/。\S/, { useInnerText: true });
      await expect(page.locator('.rh')).not.toHaveText(/。 /, { useInnerText: true });
    }
  });
}

test('the lines of the answer in words are about equally long in Japanese', async ({ signIn, page }) => {
  await signIn('Busy', '/?lang=ja');
  const answer = page.locator('.rh-answer');
  await expect(answer).toContainText('クレジット');
  for (const width of [320, 390, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const lines = await answer.evaluate((answer) => {
      const text = document.createRange();
      text.selectNodeContents(answer);
      const lines = new Map();
      for (const { left, right, bottom } of text.getClientRects()) {
        const line = Math.round(bottom / 10);
        const [from, to] = lines.get(line) ?? [left, right];
        lines.set(line, [Math.min(from, left), Math.max(to, right)]);
      }
      return [...lines.values()].map(([from, to]) => to - from);
    });
    expect(Math.min(...lines) / Math.max(...lines), `${width} px: ${lines}`).toBeGreaterThan(0.7);
  }
});

test('English for a language that is not here, and said to be', async ({ signIn, history, page }) => {
  await speak(page, 'it');
  await signIn('Busy');
  await expect(history.rows).toHaveCount(25);
  await expect(history.root).toHaveAttribute('lang', 'en');
  await expect(history.root).toHaveAttribute('dir', 'ltr');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByText('Latest 100 referrals')).toBeVisible();
});

test('a country is heeded where its language is here', async ({ signIn, history, page }) => {
  await speak(page, 'de-CH');
  await signIn('Flood');
  await history.answer();
  await expect(page.getByRole('region', { name: 'Empfehlungsverlauf' })).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('navigation')).toContainText(`von ${await intl(page, 'NumberFormat', 'de-CH', {}, 1000)}`);
});

for (const [lang, forms] of [
  ['en', { 1: '1 referral', 2: '2 referrals', 3: '3 referrals', 11: '11 referrals', 100: '100 referrals' }],
  ['de', { 1: '1 Empfehlung', 2: '2 Empfehlungen', 3: '3 Empfehlungen', 11: '11 Empfehlungen', 100: '100 Empfehlungen' }],
  ['ar', { 1: 'إحالة واحدة', 2: 'إحالتان', 3: '# إحالات', 11: '# إحالة', 100: '# إحالة' }],
]) {
  test(`${lang}: plurals are those of the language`, async ({ answerWith, page }) => {
    await speak(page, lang);
    for (const [count, form] of Object.entries(forms)) {
      await answerWith(Array.from({ length: Number(count) }, (_, place) => ({ id: `${place}`, role: 'referrer' })));
      await page.goto('/');
      const expected = form.replace('#', await intl(page, 'NumberFormat', lang, {}, Number(count)));
      await expect(page.getByRole('radio').first()).toHaveAccessibleDescription(expected);
      await expect(page.getByText(expected, { exact: true }).first()).toBeVisible();
    }
  });
}

test.describe('from right to left', () => {
  test('the page is mirrored', async ({ signIn, page }) => {
    await speak(page, 'ar');
    await page.setViewportSize({ width: 1280, height: 900 });
    await signIn('Busy');
    const table = page.getByRole('table', { name: LANGUAGES.ar.table });
    await expect(table.locator('tbody').getByRole('row')).toHaveCount(25);
    const left = async (locator) => (await locator.boundingBox()).x;
    const headings = table.getByRole('columnheader');
    const places = await headings.evaluateAll((headings) => headings.map((heading) => heading.getBoundingClientRect().x));
    expect(places).toEqual([...places].sort((one, other) => other - one));
    const title = await page.getByRole('heading', { level: 1 }).evaluate((heading) => {
      const range = document.createRange();
      range.selectNodeContents(heading);
      return range.getBoundingClientRect().left;
    });
    expect(title).toBeGreaterThan(640);
    expect(await left(page.getByRole('button', { name: LANGUAGES.ar.export }))).toBeLessThan(200);
    // Numbers stand at the end of their column, words at its start.
    const cell = table.locator('tbody td[data-column=reward_credits]').filter({ hasNotText: '—' }).first();
    const { gapAtEnd, gapAtStart } = await cell.evaluate((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const [text, box] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
      return { gapAtEnd: text.left - box.left, gapAtStart: box.right - text.right };
    });
    expect(gapAtEnd).toBeLessThan(gapAtStart);
    // Time runs from right to left, and so do its axis and its bars.
    const slots = await page.locator('.rh-slot').evaluateAll((slots) => slots.map((slot) => slot.getBoundingClientRect().x));
    expect(slots[0]).toBeGreaterThan(slots.at(-1));
    // What points onwards points to the left.
    const next = page.getByRole('navigation').getByRole('button').last();
    expect(await next.locator('svg').evaluate((icon) => getComputedStyle(icon).transform)).toMatch(/^matrix\(-1/);
    await table.locator('tbody').getByRole('row').first().getByRole('button').press('Enter');
    expect(await left(page.getByRole('dialog'))).toBe(0);
  });

  test('the arrow keys go where they point, along the tabs and along the bars', async ({ signIn, page }) => {
    await speak(page, 'ar');
    await signIn('Busy');
    const active = () => page.evaluate(() => deep.active().ariaLabel ?? deep.active().textContent);
    await expect(page.locator('.rh-slot').first()).toBeAttached({ timeout: 20_000 });
    const tabs = await page.getByRole('tab').allTextContents();
    await page.getByRole('tab').first().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await active()).toBe(tabs[1]);
    await expect(page.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowRight');
    expect(await active()).toBe(tabs[0]);
    const bars = await page.locator('.rh-slot').evaluateAll((bars) => bars.map((bar) => bar.ariaLabel));
    expect(bars.length).toBeGreaterThan(3);
    await page.locator('.rh-slot').last().focus();
    for (const [key, place] of [['ArrowRight', -2], ['ArrowRight', -3], ['ArrowLeft', -2], ['Home', 0], ['ArrowRight', 0], ['ArrowLeft', 1], ['End', -1]]) {
      await page.keyboard.press(key);
      expect(await active(), key).toBe(bars.at(place));
    }
  });

  for (const account of ['Busy', 'Hostile text']) {
    test(`${account}: accessible, and never scrolls sideways`, async ({ signIn, page }) => {
      await speak(page, 'ar');
      await signIn(account);
      const rows = page.getByRole('table', { name: LANGUAGES.ar.table }).locator('tbody').getByRole('row');
      await expect(rows.first()).toBeVisible();
      for (const [colorScheme, width] of [['light', 320], ['dark', 1280]]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        for (const isOpen of [false, true]) {
          if (isOpen) await rows.nth(6).getByRole('button').press('Enter');
          // From right to left, what is beyond the page is beyond its left.
          const beyond = await page.evaluate(() => {
            const { scrollWidth } = document.documentElement;
            const lefts = [...deep.all('.rh > *, dialog')].map((part) => part.getBoundingClientRect().left);
            return { width: scrollWidth - innerWidth, left: Math.min(0, ...lefts) };
          });
          expect(beyond, `${width} px`).toEqual({ width: 0, left: 0 });
          expect(await violations(page), `${colorScheme} ${width} ${isOpen}`).toEqual([]);
        }
        await page.keyboard.press('Escape');
      }
    });
  }
});

test('campaigns are sorted as the language sorts names', async ({ signIn, answerWith, history, page }) => {
  await speak(page, 'de');
  const names = ['zebra', 'Zaun', 'b', 'ähre', 'launch-10', 'launch-2', 'Äpfel'];
  await answerWith(names.map((campaign) => ({ campaign })));
  await signIn('Busy', '/?sort=campaign');
  const sorted = ['ähre', 'Äpfel', 'b', 'launch-2', 'launch-10', 'Zaun', 'zebra'];
  const campaigns = page.locator('tbody [data-column=campaign]');
  await expect(campaigns).toHaveText(sorted);
  const options = page.getByRole('combobox', { name: 'Kampagne', exact: true }).getByRole('option');
  await expect(options).toHaveText([/^Alle/, ...sorted.map((name) => `${name} (1)`), /^Ohne|^Keine/]);
});

test.describe('in a country with another calendar', () => {
  test.use({ locale: 'ar-SA' });

  test('dates are Gregorian', async ({ signIn, answerWith, page }) => {
    const created_at = '2024-03-03T09:30:00Z';
    await answerWith([{ created_at }]);
    await signIn('Busy');
    const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Berlin' };
    const gregorian = await intl(page, 'DateTimeFormat', 'ar-SA', { ...options, calendar: 'gregory' }, created_at);
    expect(gregorian).not.toBe(await intl(page, 'DateTimeFormat', 'ar-SA', { ...options, calendar: 'islamic-umalqura' }, created_at));
    await expect(page.locator('tbody time')).toHaveText(gregorian);
  });
});

test.describe('the page by itself', () => {
  const choice = (page, name = 'Language') => page.getByRole('combobox', { name, exact: true });

  test('takes the first language of the user that it has', async ({ signIn, page, watch }) => {
    await speak(page, 'xx', 'zh-TW', 'de-AT', 'ar');
    const order = [];
    page.on('request', (request) => order.push(new URL(request.url()).pathname));
    await signIn('A few');
    await expect(page.getByRole('region', { name: LANGUAGES.de.title })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
    await expect(page).toHaveTitle(LANGUAGES.de.title);
    await expect(choice(page, 'Sprache')).toHaveValue('de');
    // Its texts, and no other's, were asked for without waiting for the program.
    const locales = order.filter((path) => path.startsWith('/locale-'));
    expect(locales).toEqual([expect.stringMatching(/^\/locale-de-/)]);
    expect(order.indexOf(locales[0])).toBeLessThan(order.indexOf('/api/v1/referrals/me/events'));
    expect(watch.requests).toHaveLength(1);
  });

  test('is in the language that is chosen, and asks nothing again', async ({ signIn, history, page, watch }) => {
    await signIn('A few', '/?q=a%2Cb&tz=utc&lang=xx#here');
    await expect(history.root).toHaveAttribute('lang', 'en');
    await expect(choice(page)).toHaveValue('en');
    await expect(choice(page).getByRole('option')).toHaveText(['العربية', 'Deutsch', 'English', 'Español', 'Français', '日本語', 'Português (Brasil)', '简体中文']);
    await choice(page).focus();
    await choice(page).selectOption('ar');
    await expect(page.getByRole('region', { name: LANGUAGES.ar.title })).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(page).toHaveTitle(LANGUAGES.ar.title);
    await expect(choice(page, 'اللغة')).toBeFocused();
    // The choice is in the address, beside what was there.
    expect(new URL(page.url()).search + new URL(page.url()).hash).toBe('?q=a%2Cb&tz=utc&lang=ar#here');
    await page.reload();
    await expect(choice(page, 'اللغة')).toHaveValue('ar');
    // An earlier step has the choice too.
    await page.getByRole('searchbox').fill('');
    await page.getByRole('radio').nth(1).check();
    await choice(page, 'اللغة').selectOption('de');
    await expect(page).toHaveTitle(LANGUAGES.de.title);
    await page.goBack();
    await expect.poll(() => new URL(page.url()).searchParams.get('lang')).toBe('de');
    await expect(page).toHaveTitle(LANGUAGES.de.title);
    await expect(page.getByRole('radio').first()).toBeChecked();
    // One for each time that the page was loaded.
    expect(watch.requests).toHaveLength(2);
  });

  test('is in the language of a link', async ({ signIn, page }) => {
    await speak(page, 'de');
    await signIn('Empty', '/?lang=ar-EG');
    await expect(page.getByRole('region', { name: LANGUAGES.ar.title })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
  });

  for (const [tag, language] of [['zh', 'zh-Hans'], ['zh-SG', 'zh-Hans'], ['zh-Hans-HK', 'zh-Hans'], ['zh-TW', 'en'], ['zh-Hant', 'en'], ['pt-PT', 'pt-BR'], ['pt_BR', 'pt-BR']]) {
    test(`${tag} is served by ${language}`, async ({ signIn, page, watch }) => {
      const asked = [];
      page.on('request', (request) => asked.push(...(request.url().match(/(?<=\/locale-).+(?=-[0-9a-f]{8,16}\.json$)/) ?? [])));
      await speak(page, tag);
      await signIn('A few');
      await expect(page.locator('.rh')).toHaveAttribute('lang', language);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      // So does the element, whatever the page by itself makes of it.
      await page.locator('referral-history').evaluate((element) => (element.lang = 'ar'));
      await expect(page.locator('.rh')).toHaveAttribute('lang', 'ar');
      await page.locator('referral-history').evaluate((element, tag) => (element.lang = tag), tag);
      await expect(page.locator('.rh')).toHaveAttribute('lang', language);
      expect(asked).toEqual(language === 'en' ? ['ar'] : [language, 'ar']);
      expect(watch.requests).toHaveLength(1);
    });
  }
});

test.describe('in Egypt', () => {
  test.use({ locale: 'ar-EG' });

  test('waits count down in the digits of the country', async ({ signIn, page }) => {
    await signIn('Rate limited');
    const tryAgain = page.getByRole('button', { name: 'إعادة المحاولة', exact: true });
    await expect(tryAgain).toHaveAccessibleDescription(/^بعد ٠:٠[٠-٩]$/);
  });
});
