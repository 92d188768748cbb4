/**
 * `<referral-history>` in JSX, for React 19: `import type {} from "referral-history/react"`.
 *
 * Once the element is defined, React sets properties: `apiBase` does what `api-base` does. On a server, and
 * before the element is defined, it writes attributes as they stand: only `api-base` works there.
 */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ReferralHistoryAttributes, ReferralHistoryElement, ReferralHistoryEventMap, ReferralHistoryMountOptions } from "./referral-history.js";

type Listeners = { [Name in keyof ReferralHistoryEventMap as `on${Name}`]?: (event: ReferralHistoryEventMap[Name]) => void };

type Properties = Omit<ReferralHistoryMountOptions, "signal">;

type Props = Omit<DetailedHTMLProps<HTMLAttributes<ReferralHistoryElement>, ReferralHistoryElement>, keyof Properties>;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "referral-history": Props & ReferralHistoryAttributes & Properties & Listeners;
    }
  }
}
