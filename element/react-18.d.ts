/**
 * `<referral-history>` in JSX, for React 18: `import type {} from "referral-history/react-18"`.
 *
 * React 18 writes attributes as they stand, and knows no events of custom elements: set `api-base`, not
 * `apiBase`, and add listeners to a `ref`.
 */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ReferralHistoryAttributes, ReferralHistoryElement } from "./referral-history.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "referral-history": DetailedHTMLProps<HTMLAttributes<ReferralHistoryElement>, ReferralHistoryElement> & ReferralHistoryAttributes;
    }
  }
}
