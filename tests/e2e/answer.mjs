// What an answer comes to, worked out once more from its records, so that no test takes the page's word
// for what the page shows. All of it is in English and, unless said otherwise, in the zone that
// playwright.config.mjs sets.

export const BERLIN = 'Europe/Berlin';
export const LOCALE = 'en-GB';

/** The statuses in the order of a referral's life, and what a user reads for each. */
export const STATUSES = {
  attributed: 'Attributed',
  qualified: 'Qualified',
  review_required: 'Under review',
  rewarded: 'Rewarded',
  expired: 'Expired',
  capped: 'Capped',
  failed: 'Failed',
  rejected: 'Rejected',
};
const ROLES = { referrer: 'Referrer', referred: 'Referred' };
const OPEN = ['attributed', 'qualified'];
const IN_PROGRESS = [...OPEN, 'review_required'];
const ENDED = ['rewarded', 'expired', 'capped', 'failed', 'rejected'];

export const DAY = 86_400_000;
export const MISSING = '—';

export const number = (value) => new Intl.NumberFormat(LOCALE).format(value);
export const percent = (share) => new Intl.NumberFormat(LOCALE, { style: 'percent' }).format(share);
export const plural = (count, one, other = `${one}s`) => `${number(count)} ${count === 1 ? one : other}`;

/** The day of an instant as a date input has it. */
export const day = (at, timeZone = BERLIN) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(at));

/** A day as the page writes it: "3 Mar 2026". */
export const date = (iso) => new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${iso}T00:00:00Z`));

/** An instant as the page writes it in the details. */
export const full = (at, timeZone = BERLIN, locale = LOCALE) =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(new Date(at));

/** An instant as ISO 8601 has it in UTC, to the second. */
export const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** What stands in the cells of a record's row; of a time what its `datetime` says. */
export const row = ({ created_at, role, status, code, campaign, reward_credits, expires_at }) => [
  created_at ? iso(created_at) : MISSING,
  ROLES[role] ?? role ?? MISSING,
  STATUSES[status] ?? status ?? MISSING,
  code ?? MISSING,
  campaign ?? MISSING,
  // What is open says when it expires, in the place of a reward.
  reward_credits !== undefined ? number(reward_credits) : OPEN.includes(status) && expires_at ? iso(expires_at) : MISSING,
];

export const expiresSoon = ({ status, expires_at }, now) => {
  const left = new Date(expires_at ?? NaN) - now;
  return OPEN.includes(status) && left >= 0 && left <= 7 * DAY;
};

export const isRewarded = ({ status }) => status === 'rewarded';

/** The sum of the credits of rewarded events. */
export const credits = (records) => records.filter(isRewarded).reduce((sum, { reward_credits = 0 }) => sum + reward_credits, 0);

/** The figures above the table: of each its value and its note. */
export function figures(records, now) {
  const count = (is) => records.filter(is).length;
  const rewards = count(isRewarded);
  const ended = count(({ status }) => ENDED.includes(status));
  return {
    'Credits earned': [number(credits(records)), `from ${plural(rewards, 'reward')}`],
    'In progress': [number(count(({ status }) => IN_PROGRESS.includes(status))), `of ${plural(records.length, 'referral')}`],
    'Success rate': [percent(rewards / ended), `${number(rewards)} of ${number(ended)} completed`],
    'Expiring soon': [number(count((record) => expiresSoon(record, now))), 'within 7 days'],
  };
}

/** Whether a search finds a record. */
export const isFound = ({ id = '', code = '', campaign = '' }, search) => {
  const fold = (text) => text.normalize('NFKC').toLowerCase();
  return [id, code, campaign].some((text) => fold(text).includes(fold(search.trim())));
};

/** The order of names on the page, which is in English in these tests. */
export const compareNames = new Intl.Collator('en-GB', { numeric: true }).compare;

const KEYS = {
  created_at: ({ created_at }) => created_at && Date.parse(iso(created_at)),
  expires_at: ({ expires_at }) => expires_at && Date.parse(iso(expires_at)),
  status: ({ status }) => status && Object.keys(STATUSES).indexOf(status),
  campaign: ({ campaign }) => campaign,
  reward_credits: ({ reward_credits }) => reward_credits,
};

/** The records in an order such as `-reward_credits`: stable, and missing values last either way. */
export function sorted(records, sort) {
  const key = KEYS[sort.replace('-', '')];
  const direction = sort.startsWith('-') ? -1 : 1;
  const compare = (one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    return direction * (typeof a === 'string' ? compareNames(a, b) : a - b);
  };
  return [...records].sort(compare);
}

/** What there is by some key, in the order of first occurrence: `[[key, records], …]`. */
export function grouped(records, key) {
  const groups = new Map();
  for (const record of records) groups.set(key(record), [...(groups.get(key(record)) ?? []), record]);
  return [...groups];
}
