/**
 * `<referral-history>` in markup, for Svelte 5: `import type {} from "referral-history/svelte"`.
 *
 * Svelte keeps the colon in an attribute's name for its directives: add listeners in an attachment.
 */
import type { HTMLAttributes } from "svelte/elements";
import type { ReferralHistoryAttributes, ReferralHistoryElement, ReferralHistoryMountOptions } from "./referral-history.js";

type Properties = Omit<ReferralHistoryMountOptions, "signal">;

type Props = Omit<HTMLAttributes<ReferralHistoryElement>, keyof Properties>;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "referral-history": Props & ReferralHistoryAttributes & Properties;
  }
}
