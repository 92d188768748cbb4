// The one file that a host names: it registers <referral-history> and exports `mount`. What it loads
// lies beside it and is found relative to it, so the folder works under any path, and on any origin
// that allows it to be read. Nothing is loaded before the first element is on a page.

// The files beside this one; the build puts their names here. Each is written out, since that is how
// bundlers find what has to come along.
const FILES = {
  script: new URL("./{script}", import.meta.url),
  module: new URL("./{module}", import.meta.url),
  style: new URL("./{style}", import.meta.url),
};
// The texts of each language, which the build writes out likewise. English comes with the program.
const LOCALES = {};
// What a user reads in each language when the program could not be started. The build puts it here.
const NOT_STARTED = {};

const TAG = "referral-history";

// The attribute of each option. `lang` is every element's own.
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

// How long the files may take until the user is told, in milliseconds.
const PATIENCE = 60_000;

// What all elements of a page share: { script, sheet }, promised.
let runtime;
let starts = 0;
// While the program is loading: that each of its files has begun to come, promised.
let begun;
// The elements in which the runtime shows something.
const showing = new Set();
// The elements that were taken off their page a moment ago, and may be on their way to another place.
const leaving = new Set();

// Tells of an error that nothing here depends on any further.
function report(error) {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}

// Runs what a page can do without. Scripts of the host's may have changed whatever the browser offers.
function attempt(action) {
  try {
    return action();
  } catch (error) {
    report(error);
  }
}

// A file of the build. What stands in the place of `fetch` may throw: then the promise is rejected.
async function load(file) {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${file} was answered with ${answer.status}`);
  if (answer.bodyUsed) throw new Error(`${file} was read by another script`);
  return answer;
}

// A style sheet that shadow roots share; nothing where the browser has none.
function shared(text) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  } catch {}
}

// Gives a shadow root its styles: the shared sheet, or else a link to the file.
function dress(root, sheet) {
  try {
    if (sheet && "adoptedStyleSheets" in root) {
      root.adoptedStyleSheets = [sheet];
      return;
    }
  } catch {}
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = FILES.style;
  root.append(link);
}

async function start() {
  starts += 1;
  const script = new URL(FILES.script);
  // A program that a defect has stopped does not start again. The same file under another address is
  // another program.
  if (starts > 1) script.search = `?start=${starts}`;
  // Compiled while it is loaded, unless the response is one that only looks like it.
  const module_or_path = load(FILES.module).then((answer) => (answer instanceof Response ? answer : answer.arrayBuffer()));
  const styleFile = load(FILES.style);
  const style = styleFile.then(async (answer) => shared(await answer.text()));
  const glue = import(/* webpackIgnore: true */ /* @vite-ignore */ script.href);
  const program = glue.then(async (loaded) => {
    await loaded.default({ module_or_path });
    loaded.onPanic(panicked);
    return loaded;
  });
  begun = Promise.all([glue, styleFile, module_or_path]);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("its files did not come in time")), PATIENCE);
  });
  try {
    const all = Promise.all([program, style, module_or_path]);
    const [loaded, sheet] = await Promise.race([all, late]);
    return { script: loaded, sheet };
  } finally {
    clearTimeout(timer);
    begun = undefined;
  }
}

// Whether the browser has WebAssembly, and the host's policy allows it: it refuses the smallest module, too.
function canRun() {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
}

// The address of the events that an element asks for first; nothing where that is for the program to find
// out. An option that was set to something else by then costs another request.
function eventsOf(element) {
  const base = element.getAttribute("api-base") ?? "/api/v1";
  const limit = element.getAttribute("limit") ?? "100";
  if (!/^\/(?![/\\])[^?#\\\s]*$/.test(base) || !/^(?:[1-9]\d?|100)$/.test(limit)) return undefined;
  const url = new URL(base, document.baseURI);
  if (url.origin !== location.origin) return undefined;
  return `${url.href.replace(/\/+$/, "")}/referrals/me/events?limit=${limit}`;
}

const languageOf = (tag) => tag.toLowerCase().split(/[-_]/)[0];

// The texts that were asked for, promised, and those that have come, by language.
const asked = new Map();
const texts = new Map();

// Asks for the texts of a language once. Where they do not come, the page stays in English.
function ask(language) {
  if (!Object.hasOwn(LOCALES, language) || asked.has(language)) return asked.get(language);
  const answer = load(LOCALES[language]).then(async (answer) => {
    texts.set(language, await answer.text());
  });
  asked.set(language, answer);
  answer.catch((error) => {
    // Whoever asks next may find the network back.
    asked.delete(language);
    console.warn(`${TAG}: the texts in ${JSON.stringify(language)} could not be loaded.`, error);
  });
  return answer;
}

// Gives a program the texts of a language, now or once they are there.
function speak(script, language) {
  const add = () => script.addLocale(texts.get(language));
  if (texts.has(language)) add();
  else ask(language)?.then(add, () => {});
}

function started() {
  runtime ??= start().catch((error) => {
    // Whoever comes next may find the network back.
    runtime = undefined;
    throw error;
  });
  return runtime;
}

// What the browser tells after a defect is the same stop once more, without its reason. Listening from
// the beginning, since Chromium calls those first who have listened longest.
let isStopping = false;
globalThis.addEventListener?.("error", (event) => {
  if (!isStopping || !(event.error instanceof WebAssembly.RuntimeError)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

// A defect has stopped all that the runtime shows.
function panicked(reason, cause) {
  runtime = undefined;
  const stopped = [...showing];
  // All of them first: a host that is told of one may take the others off its page.
  for (const element of stopped) forget(element);
  isStopping = true;
  setTimeout(() => (isStopping = false));
  report(new Error(`${TAG}: ${reason}`, { cause }));
  for (const element of stopped) if (element.isConnected) fail(element, "panic");
}

// Ends what is shown in elements that have not come back.
function allLeave() {
  for (const element of leaving) leave(element);
}

// The language of what an element stands in, through shadow roots.
function langAround(element) {
  for (let node = element; node; node = node.getRootNode().host) {
    const lang = node.closest("[lang]")?.lang;
    if (lang) return lang;
  }
  return "";
}

let fail;
let forget;
let leave;

class ReferralHistoryElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = Object.values(ATTRIBUTES);

  // The shadow root, which `shadowRoot` does not name where scripts of the host's make all roots closed.
  #root;
  #script;
  #instance;
  #ready;
  // Which of its arrivals on a page is the last.
  #arrivals = 0;
  #changed = new Set();
  #isApplying = false;
  // Whether the host wants the page cleared, which the program could not be told yet.
  #isToBeCleared = false;
  #left;
  #languages;
  // The request that is made while the program is loading: its address, its promise, what aborts it.
  #early;

  static {
    fail = (element, kind) => element.#fail(kind);
    forget = (element) => element.#forget();
    leave = (element) => element.#leave();
  }

  constructor() {
    super();
    this.#root = attempt(() => this.attachShadow({ mode: "open" }));
  }

  get ready() {
    return this.#ready ?? Promise.resolve();
  }

  refresh() {
    this.#isToBeCleared = false;
    this.#instance?.refresh();
  }

  clear() {
    // An element that is on no page shows nothing, and comes as it always does.
    if (!this.#ready) return;
    this.#isToBeCleared = true;
    this.#abortEarly();
    // What was set before may ask the service: it is told first, so that clearing ends the request.
    if (!this.#isApplying) this.#tell();
    this.#clear();
  }

  unmount() {
    attempt(() => this.remove());
    // Where a script of the host's has put something else in its place.
    attempt(() => this.parentNode?.removeChild(this));
    this.#leave();
  }

  connectedCallback() {
    leaving.delete(this);
    // What was set before the element was one hides the properties that set attributes.
    for (const option of Object.keys(ATTRIBUTES)) {
      if (Object.hasOwn(this, option)) {
        const value = this[option];
        delete this[option];
        this[option] = value;
      }
    }
    if (this.#ready) {
      this.#change("lang");
      // It was moved, which leaves a dialog open, but beside the page rather than above it.
      for (const dialog of this.#root?.querySelectorAll("dialog[open]") ?? []) {
        dialog.removeAttribute("open");
        attempt(() => dialog.showModal());
      }
      return;
    }
    this.#ready = this.#arrive();
    // Whoever awaits it is told; nobody has to.
    this.#ready.catch(() => {});
  }

  disconnectedCallback() {
    // An element that is moved leaves and arrives again in one go.
    if (!leaving.size) setTimeout(allLeave);
    leaving.add(this);
  }

  // Moved by `moveBefore`: it never left.
  connectedMoveCallback() {
    this.#change("lang");
  }

  attributeChangedCallback(name, before, now) {
    if (before !== now) this.#change(name);
  }

  #change(name) {
    if (!this.#instance) return;
    this.#changed.add(name);
    // What changes together is told together: one of them may cost a request.
    queueMicrotask(() => {
      try {
        this.#tell();
      } catch {
        // It has been told as a defect.
      }
    });
  }

  #tell() {
    const instance = this.#instance;
    // Who is leaving asks for nothing; it is told when it turns out to have moved.
    if (!instance || leaving.has(this) || !this.#changed.size) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#isApplying = true;
    try {
      for (const name of changed) {
        const value = name === "lang" ? this.#lang : this.getAttribute(name);
        if (name === "lang") speak(this.#script, languageOf(value));
        instance.set(name, value ?? undefined);
      }
      instance.apply();
    } catch (error) {
      // A program that something was thrown through is left in the middle of what it did. A panic has been
      // told already.
      if (!isStopping) panicked(error, error);
      throw error;
    } finally {
      this.#isApplying = false;
      const left = this.#left;
      this.#left = undefined;
      if (left) attempt(() => left.free());
    }
    this.#clear();
  }

  #clear() {
    if (!this.#isToBeCleared || !this.#instance || this.#isApplying) return;
    this.#isToBeCleared = false;
    this.#instance.clear();
  }

  get #lang() {
    return this.getAttribute("lang") || langAround(this);
  }

  async #arrive() {
    const arrival = ++this.#arrivals;
    let shows = false;
    try {
      if (!this.#root) throw new Error("it has no shadow root");
      // Beside the program, and mostly there before it.
      ask(languageOf(this.#lang));
      // What the host wrote into the element stands in until the page is there.
      this.#root.replaceChildren(document.createElement("slot"));
      let loading;
      let loaded;
      do {
        loading = started();
        begun?.then(() => this.#askEarly(arrival)).catch(() => {});
        loaded = await loading;
        // Whoever is replaced leaves first: what it has in the address may be what this one wants there.
        allLeave();
        // Another element may have met a defect meanwhile, and with it this program has ended.
      } while (loading !== runtime);
      const { script, sheet } = loaded;
      // Gone again before it was there, and perhaps back: a request would be for nobody.
      if (arrival !== this.#arrivals) return;
      this.#root.replaceChildren();
      dress(this.#root, sheet);
      showing.add(this);
      shows = true;
      this.#script = script;
      this.#instance = new script.Instance(this, this.#root);
      if (this.#early) this.#instance.takeOver(...this.#early);
      this.#early = undefined;
      for (const name of ReferralHistoryElement.observedAttributes) {
        if (name === "lang" || this.hasAttribute(name)) this.#changed.add(name);
      }
      // Before it is shown: a host may take it away in the middle of that.
      try {
        this.#languages = new MutationObserver(() => this.#change("lang"));
        this.#languages.observe(document.documentElement, { attributeFilter: ["lang"] });
      } catch {
        // It keeps the language that it begins with.
      }
      this.#tell();
    } catch (error) {
      // A defect has been told already.
      if (arrival === this.#arrivals && (!shows || showing.has(this))) {
        console.error(`${TAG}: it could not be started.`, error);
        this.#fail("start");
      }
      throw error;
    }
  }

  #abortEarly() {
    this.#early?.[2].abort();
    this.#early = undefined;
  }

  // Asks for the events while the module is compiled. The program judges the answer, or aborts the request
  // if it would ask for something else; nothing is asked while a file may be missing, or could not run.
  #askEarly(arrival) {
    if (!canRun() || arrival !== this.#arrivals || this.#instance || this.#early || this.#isToBeCleared) return;
    const url = eventsOf(this);
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
    this.#early = [url, response, abort];
  }

  #fail(kind) {
    // A request that nobody will read may have been charged.
    const isFree = kind === "start" && !this.#early;
    this.#forget();
    const place = this.#root ?? this;
    attempt(() => {
      place.replaceChildren();
      const message = document.createElement("p");
      message.setAttribute("role", "alert");
      message.setAttribute("part", "failure");
      message.dir = "auto";
      message.textContent = NOT_STARTED[languageOf(this.#lang)] ?? NOT_STARTED.en;
      place.append(message);
    });
    const creditsCharged = isFree ? 0 : null;
    const detail = { kind, status: null, requestId: null, retryAfter: null, creditsCharged };
    attempt(() => this.dispatchEvent(new CustomEvent(`${TAG}:error`, { bubbles: true, composed: true, detail })));
  }

  #leave() {
    leaving.delete(this);
    this.#arrivals += 1;
    const instance = this.#instance;
    this.#forget();
    this.#ready = undefined;
    attempt(() => this.#root?.replaceChildren());
    // What the program is busy with cannot end before that is over.
    if (this.#isApplying) this.#left ??= instance;
    else attempt(() => instance?.free());
  }

  #forget() {
    showing.delete(this);
    this.#abortEarly();
    this.#instance = undefined;
    this.#isToBeCleared = false;
    this.#changed.clear();
    this.#languages?.disconnect();
  }
}

function setOption(element, option, value) {
  const attribute = ATTRIBUTES[option];
  if (!attribute) console.warn(`${TAG}: there is no option ${option}.`);
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

// The same file under another address is another module; the first to come registers the element.
// Where there is no document, on a server, there is nothing to register.
if (globalThis.customElements && !customElements.get(TAG)) {
  customElements.define(TAG, ReferralHistoryElement);
}

export async function mount(target, options = {}) {
  const element = document.createElement(TAG);
  const update = (changed) => {
    for (const [option, value] of Object.entries(changed)) setOption(element, option, value);
  };
  update(options);
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
