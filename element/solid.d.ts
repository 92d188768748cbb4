/**
 * `<referral-history>` in JSX, for Solid: `import type {} from "referral-history/solid"`.
 *
 * Solid writes literals as attributes, as they stand, and sets the rest as properties: `page-size` does for both.
 * JSX has no name for a listener of these events, because they have a colon: add it to a `ref`.
 */
import type { JSX } from "solid-js";
import type { ReferralHistoryAttributes, ReferralHistoryElement } from "./referral-history.js";

declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "referral-history": JSX.HTMLAttributes<ReferralHistoryElement> & ReferralHistoryAttributes;
    }
  }
}
