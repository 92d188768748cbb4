import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { ReferralHistoryOptions } from 'referral-history';
import { ReferralHistory } from './referral-history.directive';

type Theme = NonNullable<ReferralHistoryOptions['theme']>;

@Component({
  selector: 'example-console',
  imports: [ReferralHistory],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  templateUrl: './console.html',
})
export class Console {
  protected readonly theme = signal<Theme>('system');
  protected readonly lang = signal('en');
  protected readonly told = signal<string[]>([]);

  protected setTheme(theme: string): void {
    this.theme.set(theme as Theme);
  }

  protected tell(name: string, detail: unknown): void {
    this.told.update((told) => [`referral-history:${name} ${JSON.stringify(detail)}`, ...told]);
  }
}
