import { Directive, ElementRef, effect, inject, input, output } from '@angular/core';
import type {
  ReferralHistoryChangeDetail,
  ReferralHistoryElement,
  ReferralHistoryErrorDetail,
  ReferralHistoryLoadDetail,
  ReferralHistoryOptions,
  ReferralHistoryUnauthorizedDetail,
} from 'referral-history';

/**
 * The element's options as inputs, and its events as outputs: both are checked in templates. Angular's own event
 * bindings cannot name the events, because it takes what stands before a colon for `window` or `document`.
 */
@Directive({ selector: 'referral-history' })
export class ReferralHistory {
  readonly pageSize = input<ReferralHistoryOptions['pageSize']>();
  readonly theme = input<ReferralHistoryOptions['theme']>();
  readonly lang = input<string>('');

  readonly load = output<ReferralHistoryLoadDetail>();
  readonly error = output<ReferralHistoryErrorDetail>();
  readonly unauthorized = output<ReferralHistoryUnauthorizedDetail>();
  readonly change = output<ReferralHistoryChangeDetail>();

  constructor() {
    const element = inject<ElementRef<ReferralHistoryElement>>(ElementRef).nativeElement;
    effect(() => {
      element.pageSize = this.pageSize();
      element.theme = this.theme();
      element.lang = this.lang();
    });
    element.addEventListener('referral-history:load', ({ detail }) => this.load.emit(detail));
    element.addEventListener('referral-history:error', ({ detail }) => this.error.emit(detail));
    element.addEventListener('referral-history:unauthorized', ({ detail }) => this.unauthorized.emit(detail));
    element.addEventListener('referral-history:change', ({ detail }) => this.change.emit(detail));
  }
}
