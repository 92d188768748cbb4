/**
 * `<referral-history>` in JSX, for Solid: `import type {} from "referral-history/solid"`.
 *
 * JSX has no name for a listener of these events, because they have a colon: add it to a `ref`.
 */
import type { JSX } from "solid-js";
import type { ReferralHistoryAttributes, ReferralHistoryElement, ReferralHistoryOptions } from "./referral-history.js";

type Props = Omit<JSX.HTMLAttributes<ReferralHistoryElement>, keyof ReferralHistoryOptions>;

declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "referral-history": Props & ReferralHistoryAttributes & ReferralHistoryOptions;
    }
  }
}
