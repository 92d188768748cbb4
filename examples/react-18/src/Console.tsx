import type { ReferralHistoryOptions } from 'referral-history';
import { useCallback, useState } from 'react';
import { Referrals, type Told } from './Referrals';

type Theme = NonNullable<ReferralHistoryOptions['theme']>;

export function Console() {
  const [theme, setTheme] = useState<Theme>('system');
  const [lang, setLang] = useState('en');
  const [told, setTold] = useState<string[]>([]);
  const tell = useCallback(({ type, detail }: Told) => setTold((told) => [`${type} ${JSON.stringify(detail)}`, ...told]), []);

  return (
    <div className="console" data-theme={theme}>
      <header>
        <strong>A React 18 console</strong>
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
        <Referrals theme={theme} lang={lang} onTell={tell} />
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
