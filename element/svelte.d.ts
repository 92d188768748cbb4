/**
 * `<referral-history>` in markup, for Svelte 5: `import type {} from "referral-history/svelte"`.
 *
 * Svelte keeps the colon in an attribute's name for its directives: add listeners in an attachment.
 */
import type { HTMLAttributes } from "svelte/elements";
import type { ReferralHistoryAttributes, ReferralHistoryElement, ReferralHistoryOptions } from "./referral-history.js";

type Props = Omit<HTMLAttributes<ReferralHistoryElement>, keyof ReferralHistoryOptions>;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "referral-history": Props & ReferralHistoryAttributes & ReferralHistoryOptions;
  }
}
