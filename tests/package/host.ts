// A host in TypeScript: it uses all that the package declares, and what must not compile is marked as
// an error that is expected. Nothing runs this; package.test.mjs has the compiler read it.
import {
  mount,
  type ReferralHistoryAttributes,
  type ReferralHistoryChangeDetail,
  type ReferralHistoryElement,
  type ReferralHistoryErrorDetail,
  type ReferralHistoryEventMap,
  type ReferralHistoryHandle,
  type ReferralHistoryHeightMessage,
  type ReferralHistoryLoadDetail,
  type ReferralHistoryMountOptions,
  type ReferralHistoryOptions,
  type ReferralHistoryUnauthorizedDetail,
} from "referral-history";

/** Compiles when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(..._both: Same<A, B> extends true ? [] : [never]): void {}

// Options

const all: Required<ReferralHistoryOptions> = {
  apiBase: "/console/api/v1",
  apiOrigin: "https://api.example",
  limit: 50,
  pageSize: 10,
  theme: "dark",
  lang: "de-AT",
  signInUrl: "/login",
  urlSync: "rh-",
  session: "5f2b",
};
const attributes: Required<ReferralHistoryAttributes> = {
  "api-base": "/console/api/v1",
  "api-origin": "https://api.example",
  limit: 50,
  "page-size": 10,
  theme: "dark",
  "sign-in-url": "/login",
  "url-sync": "rh-",
  session: "5f2b",
};
const none: ReferralHistoryOptions = {};
const defaults: ReferralHistoryOptions = {
  apiBase: null,
  apiOrigin: null,
  limit: null,
  pageSize: null,
  theme: null,
  lang: null,
  signInUrl: null,
  urlSync: null,
  session: null,
};
const left: ReferralHistoryOptions = {
  apiBase: undefined,
  apiOrigin: undefined,
  limit: undefined,
  pageSize: undefined,
  theme: undefined,
  lang: undefined,
  signInUrl: undefined,
  urlSync: undefined,
  session: undefined,
};
const asWritten: ReferralHistoryOptions = { limit: "50", pageSize: "100", theme: "system", urlSync: "off" };

// @ts-expect-error no such theme
const wrongTheme: ReferralHistoryOptions = { theme: "sepia" };
// @ts-expect-error no such page size
const wrongPageSize: ReferralHistoryOptions = { pageSize: 20 };
// @ts-expect-error no such page size as a text
const wrongPageSizeText: ReferralHistoryOptions = { pageSize: "20" };
// @ts-expect-error a limit is no boolean
const wrongLimit: ReferralHistoryOptions = { limit: true };
// @ts-expect-error an address is a text
const wrongBase: ReferralHistoryOptions = { apiBase: new URL("https://api.example") };
// @ts-expect-error on or off, not true
const wrongSync: ReferralHistoryOptions = { urlSync: true };
// @ts-expect-error whoever is signed in is told by a text
const wrongSession: ReferralHistoryOptions = { session: { id: 1 } };
// @ts-expect-error the token stays with the console
const wrongToken: ReferralHistoryOptions = { token: "secret" };
// @ts-expect-error the option's name is no attribute
const wrongAttribute: ReferralHistoryAttributes = { apiBase: "/api/v1" };
// @ts-expect-error the attribute's name is no option
const wrongName: ReferralHistoryOptions = { "api-base": "/api/v1" };

// mount

export async function show(target: Element): Promise<void> {
  const handle: ReferralHistoryHandle = await mount(target, all);
  await mount(target);
  await mount(target, none);
  await mount(target, defaults);
  await mount(target, left);
  await mount(target, asWritten);
  const chosen: ReferralHistoryMountOptions = { ...all, query: { status: ["rewarded", "capped"], role: null }, signal: AbortSignal.timeout(1000) };
  await mount(target, chosen);
  await mount(target, { query: "?role=referrer" });
  await mount(document.body.attachShadow({ mode: "open" }));

  const element: ReferralHistoryElement = handle.element;
  handle.update({ theme: "light" });
  handle.update({ lang: null });
  handle.update({ query: new URLSearchParams("q=spring") });
  // @ts-expect-error what removes it is said once
  handle.update({ signal: AbortSignal.timeout(1000) });
  same<ReturnType<ReferralHistoryHandle["refresh"]>, void>();
  handle.refresh();
  same<ReturnType<ReferralHistoryHandle["clear"]>, void>();
  handle.clear();
  handle.update({ session: "a2c4" });
  handle.unmount();
  element.remove();

  // @ts-expect-error there is nothing to await: the handle comes with a promise
  mount(target).refresh();
  // @ts-expect-error a selector is no element
  await mount("#referrals");
  // @ts-expect-error a target is needed
  await mount();
  // @ts-expect-error what is updated is checked like the options
  handle.update({ theme: "blue" });
  // @ts-expect-error the element is mount's
  handle.element = element;
}

// The element

export async function use(): Promise<void> {
  const element = document.createElement("referral-history");
  same<typeof element, ReferralHistoryElement>();
  const found: ReferralHistoryElement | null = document.querySelector("referral-history");
  found?.focus();

  element.apiBase = "/api/v1";
  element.apiOrigin = undefined;
  element.limit = 7;
  element.pageSize = 50;
  element.theme = "system";
  element.lang = "ar";
  element.signInUrl = null;
  element.urlSync = "on";
  element.session = "5f2b";
  const held: (string | null)[] = [
    element.apiBase,
    element.apiOrigin,
    element.limit,
    element.pageSize,
    element.theme,
    element.lang,
    element.signInUrl,
    element.urlSync,
    element.session,
  ];
  held.forEach((value) => console.log(value));
  element.query = { role: "referrer" };
  same<typeof element.query, ReferralHistoryChangeDetail>();
  const ready: Promise<void> = element.ready;
  await ready;
  element.refresh();
  element.clear();
  element.unmount();

  // @ts-expect-error no such theme
  element.theme = "sepia";
  // @ts-expect-error no such page size
  element.pageSize = 30;
  // @ts-expect-error an attribute is read as a text
  const limit: number = element.limit;
  // @ts-expect-error it may not be set
  const base: string = document.createElement("referral-history").apiBase;
  // @ts-expect-error when it is ready is not the host's to say
  element.ready = Promise.resolve();
  // @ts-expect-error it keeps no records for others
  element.records;
  console.log(limit, base);
}

// Events

export function listen(element: ReferralHistoryElement): void {
  element.addEventListener("referral-history:load", ({ detail }) => {
    same<typeof detail, ReferralHistoryLoadDetail>();
    const count: number = detail.count;
    const requestId: string | null = detail.requestId;
    const creditsCharged: number = detail.creditsCharged;
    console.log(count, requestId, creditsCharged);
    // @ts-expect-error no event carries a record
    detail.records;
    // @ts-expect-error nor what is in one
    detail.items[0].code;
    // @ts-expect-error an id may be missing
    const id: string = detail.requestId;
    console.log(id);
  });
  element.addEventListener("referral-history:error", ({ detail }) => {
    same<typeof detail, ReferralHistoryErrorDetail>();
    const status: number | null = detail.status;
    const retryAfter: number | null = detail.retryAfter;
    const creditsCharged: number | null = detail.creditsCharged;
    console.log(status, detail.requestId, retryAfter, creditsCharged, said(detail.kind));
    // @ts-expect-error what the service says is for the user alone
    detail.message;
    // @ts-expect-error that one has an event of its own
    if (detail.kind === "not_signed_in") console.log();
    // @ts-expect-error a wait may be missing
    detail.retryAfter.toFixed();
    // @ts-expect-error what it cost may not be known
    detail.creditsCharged.toFixed();
  });
  document.addEventListener("referral-history:unauthorized", (event) => {
    same<typeof event.detail, ReferralHistoryUnauthorizedDetail>();
    event.preventDefault();
    const kind: "not_signed_in" = event.detail.kind;
    console.log(kind, event.detail.status, event.detail.requestId, event.detail.retryAfter, event.detail.creditsCharged);
  });
  window.addEventListener("referral-history:change", ({ detail }) => chosen(detail));

  const names: (keyof ReferralHistoryEventMap)[] = [
    "referral-history:load",
    "referral-history:error",
    "referral-history:unauthorized",
    "referral-history:change",
  ];
  for (const name of names) element.addEventListener(name, (event) => console.log(event.detail));

  // @ts-expect-error no event without its prefix has a detail
  element.addEventListener("load", (event) => event.detail);
  // @ts-expect-error the listener of another event
  element.addEventListener("referral-history:load", (event: CustomEvent<ReferralHistoryErrorDetail>) => event);
  // @ts-expect-error no such event
  const wrong: keyof ReferralHistoryEventMap = "referral-history:loaded";
  console.log(wrong);
}

/** The compiler asks for what is missing here. */
function said(kind: ReferralHistoryErrorDetail["kind"]): string {
  switch (kind) {
    case "not_allowed":
    case "too_many_requests":
    case "service":
    case "bad_request":
    case "no_connection":
    case "timed_out":
    case "unreadable":
    case "other_origin":
    case "start":
    case "outdated":
    case "panic":
      return kind;
  }
}

function chosen(detail: ReferralHistoryChangeDetail): (string | undefined)[] {
  // @ts-expect-error a page is a text, as in the address
  const page: number | undefined = detail.page;
  // @ts-expect-error a choice may not be made
  const status: string = detail.status;
  // @ts-expect-error the one word that there is
  if (detail.tz === "local") console.log(page, status);
  const { role, expiring, campaign, from, to, by, q, sort, per_page, tz, event } = detail;
  return [role, detail.status, expiring, campaign, from, to, by, q, sort, detail.page, per_page, tz, event];
}

// The page in a frame

export function frame(event: MessageEvent<ReferralHistoryHeightMessage>, iframe: HTMLIFrameElement): void {
  if (event.data.type === "referral-history:height") iframe.height = String(event.data.height);
  // @ts-expect-error no other message comes
  if (event.data.type === "height") iframe.height = "0";
}

console.log(wrongTheme, wrongPageSize, wrongPageSizeText, wrongLimit, wrongBase, wrongSync, wrongSession, wrongToken, wrongName, wrongAttribute, attributes);
