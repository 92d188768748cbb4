// The entry that a host page loads: it registers <referral-history> and exports `mount`. It finds its
// other files relative to itself, so the folder works under any path, and on any origin that allows it
// to be read. It loads nothing before the first element is connected.

// The files beside this one; the build fills in their names. Each is a literal `new URL`, because that
// is what bundlers look for.
const FILES = {
  script: new URL("./{script}", import.meta.url),
  module: new URL("./{module}", import.meta.url),
  style: new URL("./{style}", import.meta.url),
  later: new URL("./{later}", import.meta.url),
};
// The file of each language's texts, filled in by the build. English is part of the module.
const LOCALES = {};
// The style sheet of the bones, filled in by the build.
const BONES = "";
// The hash of each file by its name, filled in by the build. A bundler gives a file another name and may change
// it, and so does Vite's development server where packages are: such a file is not checked.
const INTEGRITY = {};
// The messages in each language, filled in by the build: of a failed start (`not_started`), of one whose files are gone
// (`outdated`), and what follows either where a request may have been charged (`reload_cost`).
const MESSAGES = {};

const TAG = "referral-history";

// The attribute of each option. Every element has `lang`.
const ATTRIBUTES = {
  apiBase: "api-base",
  apiOrigin: "api-origin",
  limit: "limit",
  pageSize: "page-size",
  theme: "theme",
  lang: "lang",
  signInUrl: "sign-in-url",
  urlSync: "url-sync",
  session: "session",
};

// After this long without all files, the start has failed.
const LOAD_TIMEOUT_MS = 60_000;

// How long the answer is waited for before the second file of the program is read.
const LATE_MS = 400;

// How long the answer is waited for before the second file is requested: to receive it takes the browser time that the
// rows need.
const REQUEST_LATER_MS = 100;

// How long the page waits for the end of a press on the first rows.
const PRESS_LIMIT_MS = 2_000;

// A promise of { script, sheet, start }, which all elements of a page share. Once the second file of the program is read,
// `hasPage` is true.
let runtime;
let startCount = 0;
// While the files load: a promise that is fulfilled once each has been answered with what it should be, as far as
// can be told before the module has arrived.
let responsesBegun;
// The elements that the program has rows or a page in.
const active = new Set();
// The elements that were just disconnected. One that is being moved is connected again in the same task.
const detached = new Set();
// What the pages of elements that left have loaded: the elements hold it, this only counts it. An element that
// comes back shows it again, and makes no request.
const kept = [];
const MAX_KEPT = 4;

// Reports an error as uncaught, and goes on.
function reportUncaught(error) {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}

// Runs an action whose failure must not stop the rest: host scripts may have replaced built-in functions.
function attempt(action) {
  try {
    return action();
  } catch (error) {
    reportUncaught(error);
  }
}

// A file of the build that is not on the server: a newer release has replaced it since the entry was loaded.
class MissingFileError extends Error {}

// The kind of a failed start.
function kindOf(error) {
  return error instanceof MissingFileError ? "outdated" : "start";
}

// Whether a file is missing. In place of the module, some servers then answer a web page.
function isMissing(file, { status, headers }) {
  return status === 404 || status === 410 || (file.pathname.endsWith(".wasm") && /^text\/html/i.test(headers?.get?.("content-type")));
}

const integrityOf = ({ pathname }) => (/\/(node_modules|@fs)\//.test(pathname) ? undefined : INTEGRITY[pathname.split("/").pop()]);

// The bytes of a response, which are those of the build's file. Not by the `integrity` of `fetch`, which answers only
// when all has arrived, and does not say what did. Where the page is not secure, the browser can make no hash, and
// this entry is not to be trusted either.
async function readFile(file, response) {
  const bytes = await response.arrayBuffer();
  const hash = integrityOf(file);
  if (hash && globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (hash !== `sha256-${btoa(String.fromCharCode(...digest))}`) throw new Error(`${file} is not the file of this build: its integrity differs`);
  }
  return bytes;
}

// A file of the program, compiled while it arrives: only then does a browser keep what it has compiled for the next
// visit. Its hash is checked beside that, and nothing of it runs before. A server that sends it as another type than
// application/wasm makes the browser refuse to do so: then the bytes are compiled.
async function compileModule(file, response) {
  const streamed = (async () => WebAssembly.compileStreaming(response.clone()))().catch(() => {});
  const bytes = await readFile(file, response);
  return (await streamed) ?? WebAssembly.compile(bytes);
}

// Fetches a file of the build. `async`, so that a replaced `fetch` that throws rejects the promise.
async function fetchFile(file, options) {
  const response = await fetch(file, options);
  if (isMissing(file, response)) throw new MissingFileError(`${file} is gone from the server`);
  if (!response.ok) throw new Error(`${file} was answered with ${response.status}`);
  if (response.bodyUsed) throw new Error(`${file} was read by another script`);
  return response;
}

// The text of the style sheet. A server may answer a web page or nothing instead, and a bundler a script: with
// those the page would be shown without styles.
async function readStyles(response) {
  const text = new TextDecoder().decode(await readFile(FILES.style, response));
  const withoutComments = text.replace(/\/\*[^]*?\*\//g, "");
  if (!withoutComments.trimStart().startsWith(":host")) throw new Error(`${FILES.style} is not the style sheet`);
  return text;
}

// A style sheet that shadow roots can share; `undefined` where the browser cannot construct one.
function toStyleSheet(text) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  } catch {}
}

// The styles of the bones, which are there before the style sheet is.
let bonesSheet;

// Shows the element's own content until the page is drawn, or else bones.
function showMeanwhile(root) {
  const slot = document.createElement("slot");
  bonesSheet ??= toStyleSheet(BONES);
  root.replaceChildren(slot);
  if (!bonesSheet || !adopt(root, [bonesSheet])) return;
  const bones = document.createElement("div");
  bones.className = "rh-bones";
  bones.setAttribute("aria-hidden", "true");
  bones.append(document.createElement("p"));
  for (const name of ["lead", "overview", "toolbar", "rows"]) bones.appendChild(document.createElement("div")).className = name;
  slot.append(bones);
}

function adopt(root, sheets) {
  try {
    if (!("adoptedStyleSheets" in root)) return false;
    root.adoptedStyleSheets = sheets;
    return true;
  } catch {
    return false;
  }
}

// Adds the styles to a shadow root: the shared sheet, or a link to the file.
function applyStyles(root, sheet) {
  if (sheet && adopt(root, bonesSheet ? [sheet, bonesSheet] : [sheet])) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.crossOrigin = "anonymous";
  link.integrity = integrityOf(FILES.style) ?? "";
  link.href = FILES.style;
  root.append(link);
}

// Preloads the script, which `import` then takes from there: `import` itself takes no hash. WebKit ignores the hash
// of a preload, and a browser that preloads no modules imports the script as it comes.
async function checkScript(script) {
  const link = document.createElement("link");
  link.integrity = integrityOf(script) ?? "";
  if (!link.integrity || !link.relList.supports("modulepreload")) return;
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${script} was not loaded, or is not the one of this release`));
    link.rel = "modulepreload";
    link.crossOrigin = "anonymous";
    // Where the policy goes by nonces, scripts that a script imports have its nonce, but what it preloads has none.
    link.nonce = document.querySelector("script[nonce]")?.nonce ?? "";
    link.href = script;
    document.head.append(link);
  }).finally(() => link.remove());
}

// Ends a task, so that input need not wait for what comes next. Not by a timer, which may come late in a tab that is not
// in sight.
function nextTask() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

// Reads the second file of the program, which has the page: once for all elements.
function loadPage(loaded) {
  loaded.page ??= readPage(loaded).then(
    () => (loaded.hasPage = true),
    (error) => {
      // The next element tries again, unless a panic has ended this start already.
      if (loaded.start === startCount) runtime = undefined;
      throw error;
    },
  );
  return loaded.page;
}

// Requests the second file: once for all elements.
function requestLater(loaded) {
  if (!FILES.later || loaded.laterFile) return;
  loaded.laterFile = fetchFile(FILES.later);
  loaded.laterFile.catch(() => {});
}

async function readPage(loaded) {
  const { script } = loaded;
  const compile = (response) => compileModule(FILES.later, response);
  const read = async () => {
    if (FILES.later) {
      requestLater(loaded);
      // It is asked for once more, since the rows that are there were paid for.
      const compiled = loaded.laterFile.then(compile).catch((error) => {
        if (error instanceof MissingFileError) throw error;
        return fetchFile(FILES.later, { cache: "reload" }).then(compile);
      });
      await script.addLater(await compiled);
      await nextTask();
    }
    await script.loadPage();
  };
  const limit = timeLimit();
  try {
    await Promise.race([read(), limit.reached]);
  } finally {
    limit.lift();
  }
}

function reportFailure(error) {
  console.error(`${TAG}: it could not be started.`, error);
}

// A promise that is rejected when the files have not come in time, until that is lifted.
function timeLimit() {
  let timer;
  const reached = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("its files did not come in time")), LOAD_TIMEOUT_MS);
  });
  return { reached, lift: () => clearTimeout(timer) };
}

async function startRuntime() {
  const start = ++startCount;
  const script = new URL(FILES.script);
  // After a panic the module cannot be used again. The query makes the browser load a new one.
  if (start > 1) script.search = `?start=${start}`;
  const moduleFile = fetchFile(FILES.module);
  const module_or_path = moduleFile.then((response) => compileModule(FILES.module, response));
  // Vite's development server answers a script unless it is asked for a style sheet.
  const styleFile = fetchFile(FILES.style, { headers: { accept: "text/css" } });
  const style = styleFile.then(readStyles).then(toStyleSheet);
  const glue = checkScript(script).then(() => import(/* webpackIgnore: true */ /* @vite-ignore */ script.href));
  const program = glue.then(async (loaded) => {
    await loaded.default({ module_or_path });
    loaded.onPanic(handlePanic);
    await nextTask();
    return loaded;
  });
  responsesBegun = Promise.all([glue, style, moduleFile]);
  const limit = timeLimit();
  try {
    const all = Promise.all([program, style, module_or_path]);
    const [loaded, sheet] = await Promise.race([all, limit.reached]);
    return { script: loaded, sheet, start };
  } catch (error) {
    // Nothing may be requested any more for a page that cannot be shown.
    responsesBegun = undefined;
    // Whatever was noticed first: that a file is gone is the reason.
    const files = await Promise.race([Promise.allSettled([moduleFile, styleFile]), limit.reached.catch(() => [])]);
    throw files.find(({ reason }) => reason instanceof MissingFileError)?.reason ?? error;
  } finally {
    limit.lift();
    responsesBegun = undefined;
  }
}

// Whether the browser has WebAssembly and the Content-Security-Policy allows it: compiles an empty module.
function canRunWebAssembly() {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
}

// The URL of an element's first request; `undefined` for options that only the module can judge. The module
// makes another request if the options have changed by the time it starts.
function eventsUrl(element) {
  const base = element.getAttribute("api-base") ?? "/api/v1";
  const limit = element.getAttribute("limit") ?? "100";
  if (!/^\/(?![/\\])[^?#\\\s]*$/.test(base) || !/^(?:[1-9]\d?|100)$/.test(limit)) return undefined;
  const url = new URL(base, document.baseURI);
  // In a sandboxed frame, whose address keeps the origin that the frame does not have, `origin` is "null".
  if (url.origin !== location.origin || globalThis.origin === "null") return undefined;
  return `${url.href.replace(/\/+$/, "")}/referrals/me/events?limit=${limit}`;
}

// language.js

const LANGUAGES = Object.keys(MESSAGES);

// The requests for texts and the texts that have arrived, by language.
const localeRequests = new Map();
const localeTexts = new Map();

// Requests the texts in the language of a tag once. If they do not arrive, the page stays in English.
function requestLocale(tag) {
  const language = languageOf(tag, LANGUAGES);
  if (!Object.hasOwn(LOCALES, language) || localeRequests.has(language)) return localeRequests.get(language);
  const request = fetchFile(LOCALES[language]).then(async (response) => {
    const texts = new TextDecoder().decode(await readFile(LOCALES[language], response));
    // A web page in place of the texts would leave the page in English without a word.
    JSON.parse(texts);
    localeTexts.set(language, texts);
  });
  localeRequests.set(language, request);
  request.catch((error) => {
    // The next element tries again.
    localeRequests.delete(language);
    console.warn(`${TAG}: the texts in ${JSON.stringify(language)} could not be loaded.`, error);
  });
  return request;
}

// Has the browser read the data that its `Intl` has of a language. It does so at the first use, which takes some
// 12 ms: while the module is on its way, nobody waits for that. The order of names is not read here: rows are
// shown without it, unless they are sorted by campaign.
function readIntlAhead(tag) {
  try {
    const language = languageOf(tag, LANGUAGES) ?? "en";
    const locale = navigator.languages.find((preferred) => languageOf(preferred, [language])) ?? language;
    new Intl.DateTimeFormat(locale, { month: "short", hour: "2-digit" }).format(0);
    new Intl.NumberFormat(locale).format(0);
  } catch {
    // The module finds out the same, and writes digits.
  }
}

// Hands the texts in the language of a tag to the module, now or once they have arrived.
function provideLocale(script, tag) {
  const language = languageOf(tag, LANGUAGES);
  const add = () => script.addLocale(localeTexts.get(language));
  if (localeTexts.has(language)) add();
  else requestLocale(tag)?.then(add, () => {});
}

function loadRuntime() {
  runtime ??= startRuntime().catch((error) => {
    // The next element tries again.
    runtime = undefined;
    throw error;
  });
  return runtime;
}

// After a panic the browser reports the trap as a second error, without its reason. It is suppressed by a
// listener that is added early, because listeners run in the order they were added.
let isPanicking = false;
globalThis.addEventListener?.("error", (event) => {
  if (!isPanicking || !(event.error instanceof WebAssembly.RuntimeError)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

// A panic has stopped the module, and with it all mounted pages.
function handlePanic(reason, cause) {
  runtime = undefined;
  const panicked = [...active];
  // Release all of them first: on the error event of one, a host may remove the others.
  isPanicking = true;
  setTimeout(() => (isPanicking = false));
  for (const element of panicked) releaseElement(element);
  reportUncaught(new Error(`${TAG}: ${reason}`, { cause }));
  for (const element of panicked) if (element.isConnected) failElement(element, "panic", false);
}

// Keeps what the page of an element, or its first rows, have loaded, and returns what holds it.
function keep(script, instance) {
  const record = { script, content: instance.keep() };
  kept.push(new WeakRef(record));
  while (kept.length > MAX_KEPT) forget(kept.shift().deref());
  return record;
}

function forget(record) {
  record?.content?.free();
  if (record) record.content = undefined;
}

// The choices in a string, in URLSearchParams, or in an object whose values may be lists, as the query of a URL.
function toSearch(choices) {
  if (typeof choices !== "object" || choices instanceof URLSearchParams) return String(new URLSearchParams(choices ?? ""));
  const set = Object.entries(choices ?? {}).filter(([, value]) => value != null);
  return String(new URLSearchParams(set.map(([name, value]) => [name, String(value)])));
}

// Unmounts the elements that were disconnected and not connected again.
function unmountDetached() {
  for (const element of detached) unmountElement(element);
}

// The nearest `lang` around an element, through shadow roots.
function inheritedLang(element) {
  for (let node = element; node; node = node.getRootNode().host) {
    const lang = node.closest("[lang]")?.getAttribute("lang");
    if (lang) return lang;
  }
  return "";
}

// The document and the shadow roots around an element, in which a `lang` can change.
function rootsAround(element) {
  const roots = [document];
  for (let root = element.getRootNode(); root.host; root = root.host.getRootNode()) roots.push(root);
  return roots;
}

// The attributes that were warned of.
const warnedAttributes = new Set();

// Warns of attributes that do nothing because they are written otherwise: React 18 makes `apibase` of `apiBase`.
function warnOfMisspelledAttributes(element) {
  const plain = (name) => name.toLowerCase().replace(/[-_]/g, "");
  for (const name of element.getAttributeNames()) {
    const meant = Object.values(ATTRIBUTES).find((known) => plain(known) === plain(name));
    if (!meant || meant === name || warnedAttributes.has(name)) continue;
    warnedAttributes.add(name);
    console.warn(`${TAG}: the attribute ${name} does nothing: its name is ${meant}.`);
  }
}

let failElement;
let releaseElement;
let unmountElement;

class ReferralHistoryElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = Object.values(ATTRIBUTES);

  // Kept, because `this.shadowRoot` is null where a host script makes all shadow roots closed.
  #root;
  #script;
  #instance;
  #ready;
  // Counts mounts, so that an asynchronous mount can tell whether it is still the current one.
  #mountCount = 0;
  #changed = new Set();
  #isApplying = false;
  // Whether `clear()` was called while it could not be carried out.
  #isClearPending = false;
  // Whether `refresh()` was called while there were rows, but no page.
  #isRefreshPending = false;
  // Whether something was requested that may have been charged.
  #hasAsked = false;
  // An instance that was unmounted while it was applying options.
  #instanceToFree;
  #langObserver;
  // The language that the instance was last given.
  #shownLang;
  // The request that was made while the module was loading: its URL, the promise of its response, its controller, and
  // the session that it was made for.
  #earlyRequest;
  // What the program has drawn and requested before it has the page.
  #beginning;
  // A promise that is fulfilled when the last press on the first rows has ended.
  #pressEnd;
  #sheet;
  // What the element's page had loaded when the element was last removed.
  #kept;
  // The choices that the host has set while there was no page.
  #query;

  static {
    failElement = (element, kind, isFree) => element.#fail(kind, isFree);
    releaseElement = (element) => element.#release();
    unmountElement = (element) => element.#unmount(true);
  }

  constructor() {
    super();
    this.#root = attempt(() => this.attachShadow({ mode: "open" }));
  }

  get ready() {
    return this.#ready ?? Promise.resolve();
  }

  get query() {
    return Object.fromEntries(new URLSearchParams(this.#instance?.query() ?? this.#query ?? ""));
  }

  set query(choices) {
    const search = toSearch(choices);
    if (this.#instance) this.#instance.setQuery(search);
    else this.#query = search;
  }

  refresh() {
    this.#isClearPending = false;
    if (this.#instance) this.#instance.refresh();
    else this.#isRefreshPending = this.#beginning?.areRowsThere() ?? false;
  }

  clear() {
    this.#forget();
    // A disconnected element shows nothing, and starts as usual when it is connected.
    if (!this.#ready) return;
    // What was set before does not ask any more.
    this.#settleBeginning();
    this.#isClearPending = true;
    this.#isRefreshPending = false;
    this.#abortEarly();
    attempt(() => this.#beginning?.clear());
    // Pending options may start a request: apply them first, so that clearing aborts it.
    if (!this.#isApplying) this.#applyChanges();
    this.#clear();
  }

  unmount() {
    attempt(() => this.remove());
    // In case a host script has replaced `remove`.
    attempt(() => this.parentNode?.removeChild(this));
    this.#unmount();
    this.#forget();
  }

  connectedCallback() {
    // In a document that is only built, as for a page transition, it has not arrived.
    if (!this.ownerDocument.defaultView) return;
    detached.delete(this);
    // Properties that were set before the element was defined hide the accessors.
    for (const option of [...Object.keys(ATTRIBUTES), "query"]) {
      if (Object.hasOwn(this, option)) {
        const value = this[option];
        delete this[option];
        this[option] = value;
      }
    }
    if (this.#ready) {
      this.#followLang();
      // Another document, through which it was moved, has dropped them.
      if (this.#sheet && !this.#root.adoptedStyleSheets.length) applyStyles(this.#root, this.#sheet);
      // The element was moved. A dialog stays open, but is no longer modal.
      for (const dialog of this.#root?.querySelectorAll("dialog[open]") ?? []) {
        dialog.removeAttribute("open");
        attempt(() => dialog.showModal());
      }
      return;
    }
    // A preview is replaced by the page itself: a request for it would cost a second credit.
    if (document.documentElement.hasAttribute("data-turbo-preview")) return;
    this.#ready = this.#mount();
    // A host need not await `ready`: a rejection is not an unhandled one.
    this.#ready.catch(() => {});
  }

  disconnectedCallback() {
    // A moved element is disconnected and connected in one task: decide after it.
    if (!detached.size) setTimeout(unmountDetached);
    detached.add(this);
  }

  // Called instead of the other two by `moveBefore`.
  connectedMoveCallback() {
    this.#followLang();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    // The page itself does so with a change of session, once it is there.
    if (name === "session" && this.#ready && !this.#instance && sessionOf(before) !== sessionOf(now)) {
      this.#query = undefined;
      this.#isClearPending = false;
      this.#isRefreshPending = false;
    }
    this.#queueChange(name);
  }

  #queueChange(name) {
    if (!this.#instance) {
      attempt(() => this.#beginning?.set(name, this.getAttribute(name) ?? undefined));
      // Attributes that change together count as one change.
      queueMicrotask(() => this.#settleBeginning());
      return;
    }
    this.#changed.add(name);
    // Apply attributes that change together at once: each may cost a request.
    queueMicrotask(() => {
      try {
        this.#applyChanges();
      } catch {
        // `handlePanic` has reported it.
      }
    });
  }

  // Until there is a page, which follows all options: takes away what was asked for and is not any more.
  #settleBeginning() {
    if (!attempt(() => this.#beginning?.settle())) return;
    this.#isClearPending = false;
    this.#isRefreshPending = false;
  }

  #applyChanges() {
    const instance = this.#instance;
    // A disconnected element makes no request; `connectedCallback` applies the changes if it was moved.
    if (!instance || detached.has(this) || !this.#changed.size) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#isApplying = true;
    try {
      for (const name of changed) {
        const value = name === "lang" ? this.#lang : this.getAttribute(name);
        if (name === "lang") {
          provideLocale(this.#script, value);
          this.#shownLang = value;
        }
        instance.set(name, value ?? undefined);
      }
      instance.apply();
    } catch (error) {
      // An exception that passed through the module leaves it in an undefined state, like a panic.
      if (!isPanicking) handlePanic(error, error);
      throw error;
    } finally {
      this.#isApplying = false;
      const instanceToFree = this.#instanceToFree;
      this.#instanceToFree = undefined;
      if (instanceToFree) attempt(() => instanceToFree.free());
    }
    this.#clear();
  }

  #clear() {
    if (!this.#isClearPending || !this.#instance || this.#isApplying) return;
    this.#isClearPending = false;
    this.#instance.clear();
  }

  get #lang() {
    return this.getAttribute("lang") || inheritedLang(this);
  }

  // Follows each `lang` around the element, from where it now is.
  #followLang() {
    if (!this.#instance) return;
    this.#queueChange("lang");
    try {
      this.#langObserver?.disconnect();
      this.#langObserver = new MutationObserver(() => {
        if (this.#lang !== this.#shownLang) this.#queueChange("lang");
      });
      for (const root of rootsAround(this)) this.#langObserver.observe(root, { attributeFilter: ["lang"], subtree: true });
    } catch {
      // The language does not follow what is around, then.
    }
  }

  async #mount() {
    const mount = ++this.#mountCount;
    let isActive = false;
    this.#hasAsked = this.#kept?.content !== undefined;
    try {
      attempt(() => warnOfMisspelledAttributes(this));
      if (!this.#root) throw new Error("it has no shadow root");
      // In parallel with the module, and mostly faster.
      requestLocale(this.#lang);
      showMeanwhile(this.#root);
      let loading;
      let loaded;
      do {
        loading = loadRuntime();
        const begun = responsesBegun;
        begun
          ?.then(() => {
            if (begun !== responsesBegun) return;
            this.#requestEarly(mount);
            setTimeout(readIntlAhead, 0, this.#lang);
          })
          .catch(() => {});
        loaded = await loading;
        // An element that this one replaces is unmounted first: both may use the same names in the URL.
        unmountDetached();
        // A panic of another element may have ended this module meanwhile.
      } while (loading !== runtime);
      const { script, sheet } = loaded;
      // Disconnected meanwhile, and perhaps connected again: a later call mounts.
      if (mount !== this.#mountCount) return;
      this.#sheet = sheet;
      let isStyled = false;
      const addStyles = () => {
        if (!isStyled) applyStyles(this.#root, sheet);
        isStyled = true;
      };
      // A link has to load first.
      if (!sheet) addStyles();
      active.add(this);
      isActive = true;
      this.#script = script;
      const hasKept = this.#kept?.content && this.#kept.script === script;
      if (!hasKept && !this.#isClearPending && !loaded.hasPage) {
        this.#begin();
        const drawn = this.#drawRows(() => {
          requestLater(loaded);
          addStyles();
        });
        setTimeout(requestLater, REQUEST_LATER_MS, loaded);
        // The rest of the program is read after the rows are painted, unless the answer is late.
        await Promise.race([drawn, new Promise((isLate) => setTimeout(isLate, LATE_MS))]);
        if (this.#beginning?.areRowsThere()) await drawn;
      }
      await loadPage(loaded);
      // The browser sends no click where the row that is pressed moves meanwhile.
      await this.#pressEnd;
      unmountDetached();
      if (mount !== this.#mountCount) return;
      if (!active.has(this)) throw new Error("the program has ended");
      const beginning = this.#beginning;
      this.#beginning = undefined;
      addStyles();
      this.#root.removeEventListener("pointerdown", this.#holdPage);
      this.#instance = new script.Instance(this, this.#root, beginning);
      if (hasKept && this.#kept.content) {
        this.#instance.resume(this.#kept.content);
        this.#kept.content = undefined;
      }
      if (this.#query !== undefined) this.#instance.setQuery(this.#query);
      this.#query = undefined;
      for (const name of ReferralHistoryElement.observedAttributes) {
        if (name === "lang" || this.hasAttribute(name)) this.#changed.add(name);
      }
      // Before it is shown, because a host may remove the element while it is being shown.
      this.#followLang();
      this.#applyChanges();
      // The page reads the answer that is there first.
      setTimeout(() => {
        if (mount !== this.#mountCount || !this.#isRefreshPending) return;
        this.#isRefreshPending = false;
        attempt(() => this.#instance?.refresh());
      });
    } catch (error) {
      // `handlePanic` has reported a panic.
      if (mount === this.#mountCount && (!isActive || active.has(this))) {
        reportFailure(error);
        // What was requested may have been charged.
        this.#fail(kindOf(error), !this.#hasAsked);
      }
      throw error;
    }
  }

  // Has the program ask for the events, or hands it what was requested while it was loading.
  #begin() {
    const beginning = new this.#script.Beginning(this.#root);
    for (const name of ReferralHistoryElement.observedAttributes) {
      beginning.set(name, (name === "lang" ? this.#lang : this.getAttribute(name)) ?? undefined);
    }
    if (this.#earlyRequest && this.#earlyRequest.session !== sessionOf(this.getAttribute("session"))) this.#abortEarly();
    if (this.#earlyRequest) beginning.takeOver(this.#earlyRequest.url, this.#earlyRequest.response, this.#earlyRequest.abort);
    this.#earlyRequest = undefined;
    this.#beginning = beginning;
    this.#root.addEventListener("pointerdown", this.#holdPage);
    this.#hasAsked = true;
    beginning.ask(this.#query);
  }

  // The click, if there is one, comes right after the pointer is up.
  // A context menu can swallow that.
  #holdPage = ({ button }) => {
    if (button !== 0) return;
    this.#pressEnd = new Promise((end) => {
      setTimeout(end, PRESS_LIMIT_MS);
      for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(end), { capture: true, once: true });
    });
  };

  // Has the first file of the program draw the rows once the answer is there, which the page will replace, and calls a
  // function just before. Returns a promise that is fulfilled when they are painted, or when there are none to wait for.
  async #drawRows(prepare) {
    const script = this.#script;
    const beginning = this.#beginning;
    const lang = this.#lang;
    // In English, if the texts do not come.
    await requestLocale(lang)?.catch(() => {});
    if (beginning !== this.#beginning) return;
    try {
      provideLocale(script, lang);
      await beginning.answered();
      await nextTask();
      if (beginning !== this.#beginning) return;
      prepare();
      await beginning.draw();
    } catch (error) {
      if (!isPanicking) handlePanic(error, error);
    }
  }

  #dropBeginning() {
    const beginning = this.#beginning;
    this.#beginning = undefined;
    // Nothing of a program that has panicked may run again.
    if (!isPanicking) attempt(() => beginning?.free());
  }

  #abortEarly() {
    this.#earlyRequest?.abort.abort();
    this.#earlyRequest = undefined;
  }

  // Requests the events while the module is compiled. The module reads the response, or aborts the request if
  // its options differ. No request is made before all files have answered, or where the module cannot run.
  #requestEarly(mount) {
    if (this.#kept?.content || !canRunWebAssembly() || mount !== this.#mountCount || this.#instance || this.#earlyRequest || this.#isClearPending) return;
    const url = eventsUrl(this);
    if (!url) return;
    const abort = new AbortController();
    const response = new Promise((resolve) => {
      resolve(
        fetch(url, {
          headers: { accept: "application/json" },
          credentials: "same-origin",
          mode: "same-origin",
          redirect: "manual",
          cache: "no-store",
          signal: abort.signal,
        }),
      );
    });
    response.catch(() => {});
    this.#earlyRequest = { url, response, abort, session: sessionOf(this.getAttribute("session")) };
    this.#hasAsked = true;
  }

  #fail(kind, isFree) {
    const instance = this.#instance;
    this.#release();
    attempt(() => instance?.free());
    const place = this.#root ?? this;
    attempt(() => {
      place.replaceChildren();
      const message = document.createElement("p");
      message.setAttribute("role", "alert");
      message.setAttribute("part", "failure");
      message.dir = "auto";
      const texts = MESSAGES[languageOf(this.#lang, LANGUAGES) ?? "en"];
      const sentence = kind === "outdated" ? texts.outdated : texts.not_started;
      // A full stop that is as wide as a character has its own space.
      const space = sentence.endsWith("。") ? "" : " ";
      message.textContent = isFree ? sentence : sentence + space + texts.reload_cost;
      place.append(message);
    });
    const creditsCharged = isFree ? 0 : null;
    const detail = { kind, status: null, requestId: null, retryAfter: null, creditsCharged };
    attempt(() => this.dispatchEvent(new CustomEvent(`${TAG}:error`, { bubbles: true, composed: true, detail })));
  }

  #unmount(keeps = false) {
    detached.delete(this);
    this.#mountCount += 1;
    const instance = this.#instance;
    const beginning = this.#beginning;
    this.#beginning = undefined;
    this.#release();
    this.#ready = undefined;
    attempt(() => this.#root?.replaceChildren());
    // An instance cannot be freed while it is applying options.
    if (this.#isApplying) this.#instanceToFree ??= instance;
    else if (keeps && (instance ?? beginning)) attempt(() => (this.#kept = keep(this.#script, instance ?? beginning)));
    else attempt(() => (instance ?? beginning)?.free());
  }

  #forget() {
    forget(this.#kept);
    this.#kept = undefined;
  }

  #release() {
    active.delete(this);
    this.#abortEarly();
    this.#dropBeginning();
    this.#instance = undefined;
    this.#isClearPending = false;
    this.#isRefreshPending = false;
    this.#changed.clear();
    this.#langObserver?.disconnect();
  }
}

// No session is the empty one.
function sessionOf(value) {
  return (value ?? "").trim();
}

function setOption(element, option, value) {
  const attribute = ATTRIBUTES[option];
  if (option === "query") element.query = value;
  else if (!attribute) console.warn(`${TAG}: there is no option ${option}.`);
  else if (value == null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}

for (const option of Object.keys(ATTRIBUTES)) {
  if (option === "lang") continue;
  Object.defineProperty(ReferralHistoryElement.prototype, option, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(ATTRIBUTES[option]);
    },
    set(value) {
      setOption(this, option, value);
    },
  });
}

// The same file under another URL is another module: the first one registers the element. On a server
// there is nothing to register.
if (globalThis.customElements && !customElements.get(TAG)) {
  customElements.define(TAG, ReferralHistoryElement);
}

export async function mount(target, { signal, ...options } = {}) {
  const element = document.createElement(TAG);
  const update = (changed) => {
    for (const [option, value] of Object.entries(changed)) setOption(element, option, value);
  };
  update(options);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", () => element.unmount(), { once: true });
  target.append(element);
  await element.ready;
  return {
    element,
    refresh: () => element.refresh(),
    clear: () => element.clear(),
    update,
    unmount: () => element.unmount(),
  };
}
