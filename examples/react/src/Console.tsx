import type { ReferralHistoryOptions } from 'referral-history';
import { lazy, Suspense, useState } from 'react';
import { ReferralHistory } from './ReferralHistory';
import type { Told } from './told';

// It loads the element's file, so it is loaded when it is shown.
const ReferralHistoryElement = lazy(() => import('./ReferralHistoryElement'));

const PAGES = { overview: 'Overview', mounted: 'Referrals', element: 'Referrals, as an element' };

type Theme = NonNullable<ReferralHistoryOptions['theme']>;

export function Console() {
  const [page, setPage] = useState('mounted');
  const [theme, setTheme] = useState<Theme>('system');
  const [lang, setLang] = useState('en');
  const [told, setTold] = useState<string[]>([]);
  const tell = ({ type, detail }: Told) => setTold((told) => [`${type} ${JSON.stringify(detail)}`, ...told]);
  const options = { theme, lang, onTell: tell };

  return (
    <div className="console" data-theme={theme}>
      <header>
        <strong>A React console</strong>
        <nav aria-label="Console">
          {Object.entries(PAGES).map(([name, title]) => (
            <button key={name} aria-current={name === page ? 'page' : undefined} onClick={() => setPage(name)}>
              {title}
            </button>
          ))}
        </nav>
        <label>
          Theme{' '}
          <select value={theme} onChange={({ target }) => setTheme(target.value as Theme)}>
            <option value="system">As the system</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
        <label>
          Language{' '}
          <select value={lang} onChange={({ target }) => setLang(target.value)}>
            <option value="en">English</option>
            <option value="de">Deutsch</option>
            <option value="ar">العربية</option>
          </select>
        </label>
      </header>
      <main>
        {page === 'overview' && <p>Nothing of the referral history is on this page.</p>}
        {page === 'mounted' && <ReferralHistory {...options} />}
        {page === 'element' && (
          <Suspense>
            <ReferralHistoryElement {...options} />
          </Suspense>
        )}
      </main>
      <aside aria-label="What the element told">
        <ol role="log" aria-label="Events">
          {told.map((text, index) => (
            <li key={told.length - index}>{text}</li>
          ))}
        </ol>
      </aside>
    </div>
  );
}
