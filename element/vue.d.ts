/**
 * `<referral-history>` in templates, for Vue 3: `import type {} from "referral-history/vue"`. Vue's compiler has
 * to be told that it is an element: `isCustomElement: (tag) => tag === "referral-history"`.
 */
import type { HTMLAttributes, PublicProps } from "vue";
import type { ReferralHistoryAttributes, ReferralHistoryElement, ReferralHistoryEventMap, ReferralHistoryMountOptions } from "./referral-history.js";

type Properties = Omit<ReferralHistoryMountOptions, "signal">;

type Props = Omit<HTMLAttributes, keyof Properties> & PublicProps & ReferralHistoryAttributes & Properties;

/** One overload for each event. */
type Emit<Map> = { [Name in keyof Map]: (name: Name, event: Map[Name]) => void }[keyof Map];
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void ? All : never;

declare module "vue" {
  interface GlobalComponents {
    "referral-history": new () => ReferralHistoryElement & { $props: Props; $emit: Intersection<Emit<ReferralHistoryEventMap>> };
  }
}
