/**
 * The referral history of a Crawlora console user: `<referral-history>`, and `mount` for hosts that
 * write no HTML.
 *
 * **One view makes one request**, which costs the user a credit. Another one is made only when the
 * user presses Refresh, Try again or Load referrals, when the host calls `refresh`, and when `apiBase`,
 * `apiOrigin`, `limit` or `session` change. A request that is answered with 500 or 503, which costs
 * nothing, is repeated at most twice.
 *
 * @packageDocumentation
 */

/** What a host sets. An option that is left out, `null` or `undefined` has its default. */
export interface ReferralHistoryOptions {
  /** Where the API is: a path or an http(s) address on the page's own origin. Default `/api/v1`. */
  apiBase?: string | null | undefined;
  /**
   * The one other origin that `apiBase` may be on, such as `https://api.example`. Without it, nothing
   * is asked of another origin. The browser sends its cookies for that origin along.
   */
  apiOrigin?: string | null | undefined;
  /** How many of the latest events are asked for: a whole number from 1 to 100. Default 100. */
  limit?: number | string | null | undefined;
  /** How many rows a page has until the user chooses otherwise. Default 25. */
  pageSize?: 10 | 25 | 50 | 100 | "10" | "25" | "50" | "100" | null | undefined;
  /** The colours: those that the user's system prefers, the light or the dark ones. Default `system`. */
  theme?: "system" | "light" | "dark" | null | undefined;
  /**
   * The language, as in HTML: `en`, `de`, `es`, `fr`, `pt-BR`, `ja`, `zh-Hans` or `ar`, with or without a country.
   * Another one is English.
   * Default: that of the nearest `lang` around the element, also when it changes.
   */
  lang?: string | null | undefined;
  /**
   * Where users sign in: an address on the page's own origin, to which `return` is added, the path to
   * come back to. Default `/sign-in`.
   */
  signInUrl?: string | null | undefined;
  /**
   * Whether the user's choices stand in the page's address: `on`, `off`, or a prefix for their names,
   * which two elements on one page need, and a host that has names like these in its own addresses.
   * Default `on`.
   */
  urlSync?: "on" | "off" | (string & {}) | null | undefined;
  /**
   * Whatever tells one signed-in user from another, such as a hash of the user's id. It is compared, and
   * neither sent nor shown. When it changes, the former user's events, choices and waits are gone at
   * once, also from the address, and the service is asked anew. Default: none.
   */
  session?: string | null | undefined;
}

/** The options as they are written in the tag `<referral-history>`; `lang` is every element's. */
export interface ReferralHistoryAttributes {
  /** See `apiBase` of the options. */
  "api-base"?: ReferralHistoryOptions["apiBase"];
  /** See `apiOrigin` of the options. */
  "api-origin"?: ReferralHistoryOptions["apiOrigin"];
  /** See `limit` of the options. */
  limit?: ReferralHistoryOptions["limit"];
  /** See `pageSize` of the options. */
  "page-size"?: ReferralHistoryOptions["pageSize"];
  /** See `theme` of the options. */
  theme?: ReferralHistoryOptions["theme"];
  /** See `signInUrl` of the options. */
  "sign-in-url"?: ReferralHistoryOptions["signInUrl"];
  /** See `urlSync` of the options. */
  "url-sync"?: ReferralHistoryOptions["urlSync"];
  /** See `session` of the options. */
  session?: ReferralHistoryOptions["session"];
}

/**
 * Choices under the names that they have in the address: the query of an address, or an object whose values may be
 * lists, as routers give them. Other names and what cannot be read are ignored; without any, the defaults.
 */
export type ReferralHistoryQuery =
  | string
  | URLSearchParams
  | Readonly<Record<string, string | readonly string[] | null | undefined>>
  | null
  | undefined;

/** What `mount` takes, and `update` but for `signal`. */
export interface ReferralHistoryMountOptions extends ReferralHistoryOptions {
  /** The user's choices. */
  query?: ReferralHistoryQuery;
  /** Removes the element once it is aborted. */
  signal?: AbortSignal;
}

/** What `mount` answers. */
export interface ReferralHistoryHandle {
  /** The element that was put at the end of the target. */
  readonly element: ReferralHistoryElement;
  /** Asks the service again: one credit. Does nothing while a request is under way or must wait. */
  refresh(): void;
  /**
   * Takes the user's events and choices off the page and out of the address at once, and aborts the
   * request. Nothing is asked until `refresh`, until the user asks, or until an option changes that asks
   * otherwise: `session`, when the next user has signed in.
   */
  clear(): void;
  /** Changes options; those that are not named stay. Theme, language and the like ask nothing again. */
  update(options: Omit<ReferralHistoryMountOptions, "signal">): void;
  /** Removes the element, aborts its request, and ends its timers and listeners. The address stays as it is. */
  unmount(): void;
}

/**
 * `<referral-history>`. Each option is an attribute too, in lower case with hyphens: `api-base`. A child
 * with `slot="empty"` is shown where the user has no referrals yet.
 */
export interface ReferralHistoryElement extends HTMLElement {
  get apiBase(): string | null;
  set apiBase(value: ReferralHistoryOptions["apiBase"]);
  get apiOrigin(): string | null;
  set apiOrigin(value: ReferralHistoryOptions["apiOrigin"]);
  get limit(): string | null;
  set limit(value: ReferralHistoryOptions["limit"]);
  get pageSize(): string | null;
  set pageSize(value: ReferralHistoryOptions["pageSize"]);
  get theme(): string | null;
  set theme(value: ReferralHistoryOptions["theme"]);
  get signInUrl(): string | null;
  set signInUrl(value: ReferralHistoryOptions["signInUrl"]);
  get urlSync(): string | null;
  set urlSync(value: ReferralHistoryOptions["urlSync"]);
  get session(): string | null;
  set session(value: ReferralHistoryOptions["session"]);
  /**
   * The user's choices, by the names that they have in the address; no defaults. Setting them asks nothing and
   * dispatches no event. They are not set while the user is typing.
   */
  get query(): ReferralHistoryChangeDetail;
  set query(choices: ReferralHistoryQuery);
  /**
   * Settles when the page has started in the element, or could not be started. Its first rows can be there before:
   * they are drawn with the first answer, and the page once they are painted, or without an answer after 400 ms. Until
   * then `query` is what was set, and what is set changes no rows that are there, unless they are others' or not asked
   * for any more. Resolved already while the element is on no page.
   */
  readonly ready: Promise<void>;
  /** Asks the service again: one credit. Does nothing while a request is under way or must wait. */
  refresh(): void;
  /**
   * Takes the user's events and choices off the page and out of the address at once, and aborts the
   * request. Nothing is asked until `refresh`, until the user asks, or until an option changes that asks
   * otherwise: `session`, when the next user has signed in.
   */
  clear(): void;
  /** Removes the element, and ends what it does now rather than a moment later. */
  unmount(): void;
}

/** An answer came and is shown. */
export interface ReferralHistoryLoadDetail {
  /** How many records could be read. */
  count: number;
  /** The id under which the service knows the request. */
  requestId: string | null;
  /** What the answer cost, in credits. */
  creditsCharged: number;
}

/** Why there is no answer. */
export interface ReferralHistoryErrorDetail {
  /**
   * What went wrong. `start`: the files could not be loaded or run; `outdated`: the files are not on the
   * server any more, because a newer release has replaced them, and the page has to be reloaded; `panic`: a
   * defect stopped it. These three leave a message in the element, which can be put on a page again.
   * `other_origin`: `apiBase` is on an origin that `apiOrigin` does not name, and nothing was asked.
   */
  kind:
    | "not_allowed"
    | "too_many_requests"
    | "service"
    | "bad_request"
    | "no_connection"
    | "timed_out"
    | "unreadable"
    | "other_origin"
    | "start"
    | "outdated"
    | "panic";
  /** The HTTP status, where an answer came. */
  status: number | null;
  /** The id under which the service knows the request. */
  requestId: string | null;
  /** How long the service asked to wait, in seconds. */
  retryAfter: number | null;
  /**
   * What the request cost, in credits; 0 where nothing was asked, and `null` where nobody on this side
   * can tell.
   */
  creditsCharged: number | null;
}

/** The service knows no session of the user's. */
export interface ReferralHistoryUnauthorizedDetail {
  /** What went wrong. */
  kind: "not_signed_in";
  /** The HTTP status, where an answer came. */
  status: number | null;
  /** The id under which the service knows the request. */
  requestId: string | null;
  /** How long the service asked to wait, in seconds. */
  retryAfter: number | null;
  /** What the request cost, in credits; `null` where nobody on this side can tell. */
  creditsCharged: number | null;
}

/** What the user chose, under the names and with the values that stand in the address; no defaults. */
export interface ReferralHistoryChangeDetail {
  /** `referrer`, `referred`, or another word that the API sends. */
  role?: string;
  /** One or several, separated by commas. */
  status?: string;
  /** Only what expires within a week. */
  expiring?: "soon";
  /** Empty: events without one. */
  campaign?: string;
  /** The first day, such as `2026-03-01`. */
  from?: string;
  /** The last day. */
  to?: string;
  /** The days are those of the rewards, not those on which the referrals were created. */
  by?: "rewarded";
  /** What is searched for. */
  q?: string;
  /** `created_at`, `status`, `campaign`, `reward_credits` or `expires_at`; with a leading `-`, descending. */
  sort?: string;
  /** Which page, from 1. */
  page?: string;
  /** How many rows a page has. */
  per_page?: string;
  /** The zone in which times are shown, where it is not the user's own. */
  tz?: "utc";
  /** The API's id of the referral whose details are open. */
  event?: string;
}

/**
 * The events that bubble out of the element, through shadow roots. None carries what is in
 * a record, but for what the user chose: a campaign, a search, the id of a referral.
 */
export interface ReferralHistoryEventMap {
  /** An answer came. */
  "referral-history:load": CustomEvent<ReferralHistoryLoadDetail>;
  /** There is no answer, or nothing that could show one. */
  "referral-history:error": CustomEvent<ReferralHistoryErrorDetail>;
  /** Cancelable: a host that signs its users in by itself prevents the panel that says where. */
  "referral-history:unauthorized": CustomEvent<ReferralHistoryUnauthorizedDetail>;
  /** The user has chosen otherwise. Of what is typed it tells once, when the user pauses or leaves the field. */
  "referral-history:change": CustomEvent<ReferralHistoryChangeDetail>;
}

/** What the page in a frame tells a parent of its own origin, by `postMessage`, as its height changes. */
export interface ReferralHistoryHeightMessage {
  /** What tells it from other messages. */
  type: "referral-history:height";
  /** In CSS pixels. */
  height: number;
}

/**
 * Puts a referral history at the end of an element, or of a shadow root.
 *
 * Resolves once it is shown, and rejects when it could not be started; then a message stands in its
 * place. A target that is not on a page yet shows it once it is. The page is the one that has loaded
 * this file: it cannot be shown in the document of a frame.
 */
export function mount(target: Element | DocumentFragment, options?: ReferralHistoryMountOptions): Promise<ReferralHistoryHandle>;

declare global {
  interface HTMLElementTagNameMap {
    "referral-history": ReferralHistoryElement;
  }
  interface HTMLElementEventMap extends ReferralHistoryEventMap {}
  interface DocumentEventMap extends ReferralHistoryEventMap {}
  interface WindowEventMap extends ReferralHistoryEventMap {}
}
