import type {} from 'referral-history/solid';
import type { ReferralHistoryElement, ReferralHistoryEventMap, ReferralHistoryOptions } from 'referral-history';
import { createSignal, For } from 'solid-js';

type Theme = NonNullable<ReferralHistoryOptions['theme']>;
type Told = ReferralHistoryEventMap[keyof ReferralHistoryEventMap];

const EVENTS = ['referral-history:load', 'referral-history:error', 'referral-history:unauthorized', 'referral-history:change'] as const;

export function Console() {
  const [theme, setTheme] = createSignal<Theme>('system');
  const [lang, setLang] = createSignal('en');
  const [told, setTold] = createSignal<string[]>([]);
  const tell = ({ type, detail }: Told) => setTold((told) => [`${type} ${JSON.stringify(detail)}`, ...told]);
  const listen = (element: ReferralHistoryElement) => {
    for (const name of EVENTS) element.addEventListener(name, tell);
  };

  return (
    <div class="console" data-theme={theme()}>
      <header>
        <strong>A Solid console</strong>
        <label>
          Theme{' '}
          <select value={theme()} onChange={({ target }) => setTheme(target.value as Theme)}>
            <option value="system">As the system</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
        <label>
          Language{' '}
          <select value={lang()} onChange={({ target }) => setLang(target.value)}>
            <option value="en">English</option>
            <option value="de">Deutsch</option>
            <option value="ar">العربية</option>
          </select>
        </label>
      </header>
      <main>
        <referral-history ref={listen} api-base="/api/v1" page-size={10} theme={theme()} lang={lang()} />
      </main>
      <aside aria-label="What the element told">
        <ol role="log" aria-label="Events">
          <For each={told()}>{(text) => <li>{text}</li>}</For>
        </ol>
      </aside>
    </div>
  );
}
