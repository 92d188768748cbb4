// The standalone page around the element: its language, and its height for a host that has it in a frame. It
// runs before the entry, which loads the texts of the document's language.

// What the page itself says in each language, filled in by the build.
const TEXTS = {};

// language.js

const LANGUAGES = Object.keys(TEXTS);
const PARAMETER = "lang";
// How long the choice of the language waits for the rows.
const LONGEST_WAIT_MS = 1_000;
// How long after the answer all of the page is drawn.
const DRAWN_AFTER_MS = 400;

// The language in the address, as the choice below writes it.
const chosen = () => languageOf(new URLSearchParams(location.search).get(PARAMETER) ?? "", LANGUAGES);

// The first of the user's languages that the page has.
function preferred() {
  // A host's or an extension's script may have replaced the list.
  let tags = [];
  try {
    tags = [...(navigator.languages ?? [])];
  } catch {}
  for (const tag of tags) {
    const language = languageOf(String(tag), LANGUAGES);
    if (language) return language;
  }
  return "en";
}

function show(language) {
  document.documentElement.lang = language;
  document.documentElement.dir = TEXTS[language].dir;
  document.title = TEXTS[language].title;
  // Over the bones. An element that can have no shadow root has a message in their place.
  const title = document.querySelector(".rh-bones > p");
  if (title) title.textContent = TEXTS[language].title;
}

// Writes the language into the address. The rest of the query stays as it is, letter by letter.
function keep(language) {
  const others = location.search.slice(1).split("&").filter((pair) => pair && pair.split("=")[0] !== PARAMETER);
  const search = [...others, `${PARAMETER}=${language}`].join("&");
  history.replaceState(history.state, "", `?${search}${location.hash}`);
}

// A language's name in itself, as at the beginning of a sentence.
function nameOf(language) {
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
    return name[0].toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language;
  }
}

// The choice of the language, below the element.
function languageChoice() {
  const footer = document.createElement("footer");
  const label = document.createElement("label");
  const name = document.createElement("span");
  const select = document.createElement("select");
  for (const language of LANGUAGES) {
    const option = new Option(nameOf(language), language);
    option.lang = language;
    select.add(option);
  }
  const update = (language) => {
    name.textContent = TEXTS[language].language;
    select.value = language;
  };
  select.addEventListener("change", () => {
    keep(select.value);
    show(select.value);
    update(select.value);
  });
  // An earlier step of the session may be from before the choice.
  addEventListener("popstate", () => {
    const shown = document.documentElement.lang;
    // Nothing to keep where the step is in this language all the same.
    if ((chosen() ?? preferred()) !== shown) keep(shown);
  });
  update(document.documentElement.lang);
  label.append(name, select);
  footer.append(label);
  return footer;
}

show(chosen() ?? preferred());

const element = document.querySelector("referral-history");
if (parent === window) {
  // Below the page once that is drawn, so that it does not move, and nobody waits for the fonts of eight scripts.
  const loaded = new Promise((resolve) => {
    for (const outcome of ["load", "error"]) element.addEventListener(`referral-history:${outcome}`, resolve, { once: true });
  });
  customElements.whenDefined("referral-history").then(async () => {
    await element.ready.catch(() => {});
    await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
    await new Promise((resolve) => setTimeout(resolve, DRAWN_AFTER_MS));
    document.querySelector("main").append(languageChoice());
  });
} else {
  // A parent of the same origin can resize the frame. A parent of another origin gets no message.
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ type: "referral-history:height", height }, location.origin);
  }).observe(element);
}
