// What referral-history.d.ts declares is what the element and the program do. No compiler can tell: the
// options are JavaScript's, the events and their details Rust's. And the examples in the documents compile
// against it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirePackage, source } from './support.mjs';

const ts = requirePackage('typescript');

const SOURCES = {
  declarations: 'element/referral-history.d.ts',
  entry: 'element/referral-history.js',
  options: 'core/src/options.rs',
  embedded: 'src/embed/events.rs',
  sent: 'src/browser/events.rs',
  failure: 'core/src/failure.rs',
  link: 'core/src/url.rs',
  standalone: 'src/standalone.js',
};

async function sources() {
  const texts = await Promise.all(Object.values(SOURCES).map(source));
  return Object.fromEntries(Object.keys(SOURCES).map((name, index) => [name, texts[index]]));
}

/** The first group of each match. */
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, group]) => group);

/** What stands between a beginning and the first end after it. */
function part(text, start, end) {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from + start.length);
  assert.ok(from >= 0 && to > from, `there is no ${start}`);
  return text.slice(from, to);
}

/** Of each interface its members, and of each member the words that its type consists of. */
function interfaces(text) {
  const file = ts.createSourceFile('d.ts', text, ts.ScriptTarget.Latest, true);
  const declared = {};
  for (const statement of file.statements.filter(ts.isInterfaceDeclaration)) {
    const members = (declared[statement.name.text] = {});
    for (const member of statement.members) {
      const types = member.type && ts.isUnionTypeNode(member.type) ? [...member.type.types] : [member.type];
      const words = types.filter((type) => type && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal));
      members[member.name.text] = words.map((type) => type.literal.text);
    }
  }
  return declared;
}

/** Where the declarations differ from the sources: a sentence each. */
function differences({ declarations, entry, options, embedded, sent, failure, link, standalone }) {
  const found = [];
  const same = (what, declared, is) => {
    // Where the text that is looked for has been written otherwise, nothing would be compared.
    if (!is.length) found.push(`${what}: nothing was found in the sources`);
    const [one, other] = [declared, is].map((names) => [...new Set(names)].sort().join(', '));
    if (one !== other) found.push(`${what}: declared are ${one}; there are ${other}`);
  };
  const declared = interfaces(declarations);
  const members = (name) => Object.keys(declared[name] ?? {});

  const attributes = part(entry, 'const ATTRIBUTES = {', '};');
  const names = all(attributes, /^\s+(\w+):/gm);
  same('options', members('ReferralHistoryOptions'), names);
  // `lang` is every element's own; the user's choices are no option.
  const properties = members('ReferralHistoryElement').filter((name) => !['query', 'ready', 'refresh', 'clear', 'unmount'].includes(name));
  same('properties', [...properties, 'lang'], names);
  same('attributes in tags', members('ReferralHistoryAttributes'), all(attributes, /: "([\w-]+)"/g).filter((name) => name !== 'lang'));
  const set = part(options, 'match name {', '_ => Ok(())');
  same('attributes', all(attributes, /: "([\w-]+)"/g), all(set, /^\s+"([\w-]+)" => /gm));
  same('themes', declared.ReferralHistoryOptions?.theme ?? [], all(part(options, 'pub fn as_str', '\n    }'), /=> "(\w+)"/g));

  const tag = all(entry, /const TAG = "([\w-]+)"/g);
  const prefixes = all(sent, /\["([\w-]+):", name\]/g);
  const events = all(embedded, /events::dispatch\(\s*&host,\s*"(\w+)"/g).map((name) => `${prefixes[0]}:${name}`);
  const own = all(entry, /new CustomEvent\(`\$\{TAG\}:(\w+)`/g).map((name) => `${tag[0]}:${name}`);
  same('events', members('ReferralHistoryEventMap'), [...events, ...own]);

  const detail = (name) => all(part(embedded, `fn ${name}`, '\n}'), /^\s+\("(\w+)", /gm);
  same('the load detail', members('ReferralHistoryLoadDetail'), detail('loaded_detail'));
  same('the error detail', members('ReferralHistoryErrorDetail'), detail('failed_detail'));
  same("the entry's error detail", members('ReferralHistoryErrorDetail'), all(part(entry, 'const detail = {', '}'), /[{,] (\w+)/g));
  same('the unauthorized detail', members('ReferralHistoryUnauthorizedDetail'), detail('failed_detail'));
  same('the change detail', members('ReferralHistoryChangeDetail'), all(part(link, 'const NAMES', '];'), /"(\w+)"/g));

  const words = all(part(failure.slice(failure.indexOf('impl FailureKind')), 'pub fn as_str', '\n    }'), /=> "(\w+)"/g);
  const stops = all(entry, /failElement\(\w+, "(\w+)"/g).concat(all(part(entry, 'function kindOf', '\n}'), /"(\w+)"/g));
  const kinds = (name) => {
    const kind = interfaces(declarations.replace(/kind: "(\w+)";/g, 'kind: "$1" | never;'))[name]?.kind;
    return kind ?? [];
  };
  const [errors, unauthorized] = ['ReferralHistoryErrorDetail', 'ReferralHistoryUnauthorizedDetail'].map(kinds);
  same('kinds of failure', [...errors, ...unauthorized], [...words, ...stops]);
  same('kinds that have an event of their own', errors.filter((kind) => unauthorized.includes(kind)).concat('-'), ['-']);
  same('messages', [...declarations.matchAll(/type: "([\w:-]+)"/g)].map(([, type]) => type), all(standalone, /type: "(referral-history:[\w-]+)"/g));
  return found;
}

test('the declarations say what the sources do', async () => {
  assert.deepEqual(differences(await sources()), []);
});

// A check that reads text passes silently when the text is written otherwise: each of these has to be
// noticed.
for (const [what, file, from, to] of [
  ['an option that is not declared', 'entry', 'theme: "theme",', 'theme: "theme",\n  density: "density",'],
  ['an option that is no more', 'declarations', '  limit?:', '  limits?:'],
  ['a property that is missing', 'declarations', /  get urlSync.*\n  set urlSync.*\n/, ''],
  ['an attribute that the program does not know', 'options', '"sign-in-url" =>', '"sign-in" =>'],
  ['an attribute that no tag may have', 'declarations', '"sign-in-url"?:', '"signin-url"?:'],
  ['a theme that is not declared', 'options', 'Self::Dark => "dark"', 'Self::Dark => "night"'],
  ['an event that is not declared', 'embedded', '"load", &loaded', '"loaded", &loaded'],
  ['an event that nobody sends', 'declarations', '"referral-history:change":', '"referral-history:choice":'],
  ['another prefix', 'sent', '"referral-history:"', '"referral:"'],
  ['a member that the details do not have', 'embedded', '("creditsCharged"', '("credits"'],
  ['a member that the failures lack', 'embedded', '("retryAfter"', '("wait"'],
  ["a member that the entry's failures lack", 'entry', 'requestId: null', 'request: null'],
  ['a choice that is not declared', 'link', '"tz", "event"', '"zone", "event"'],
  ['a kind of failure that is not declared', 'failure', '=> "timed_out"', '=> "too_late"'],
  ['a kind of failure that there is not', 'declarations', '| "unreadable"', '| "unreadable"\n    | "other"'],
  ['a stop that is not declared', 'entry', '"panic", false)', '"defect", false)'],
  ['a failed start that is not declared', 'entry', '"outdated" : "start";', '"old" : "start";'],
  ['another message', 'standalone', 'referral-history:height', 'referral-history:size'],
  ['sources that say it otherwise', 'embedded', /events::dispatch/g, 'events::post'],
]) {
  test(`it would be noticed: ${what}`, async () => {
    const texts = await sources();
    const changed = texts[file].replace(from, to);
    assert.notEqual(changed, texts[file], 'the text to change is there');
    assert.notDeepEqual(differences({ ...texts, [file]: changed }), []);
  });
}

const JS_EXAMPLE = /^```js\n(.*?)^```$/gms;

/** What a host has that the examples use. */
const AROUND = `
declare const frame: HTMLIFrameElement;
declare const element: HTMLElementTagNameMap["referral-history"];
declare const target: { current: Element };
declare function useEffect(effect: () => () => void, dependencies: []): void;
`;

/** What the compiler finds in the examples in JavaScript of each document: a list of mistakes for each. */
function mistakes(documents, declarations) {
  const files = new Map([['/referral-history.d.ts', declarations]]);
  for (const [number, document] of documents.entries()) {
    for (const [index, example] of all(document, JS_EXAMPLE).entries()) {
      // The address is the host's.
      const text = example.replaceAll('"/referral-history.js"', '"../referral-history.js"');
      const imported = text.includes('import ') ? '' : 'import { mount } from "../referral-history.js";\n';
      files.set(`/document-${number}/${index}.ts`, `export {};\n${imported}${AROUND}${text}`);
    }
  }
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    skipDefaultLibCheck: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => (files.has(name) ? ts.createSourceFile(name, files.get(name), ...rest) : getSourceFile(name, ...rest));
  const found = documents.map(() => []);
  for (const { file, messageText } of ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))) {
    const number = file?.fileName.match(/^\/document-(\d+)\//)?.[1] ?? 0;
    found[number].push(ts.flattenDiagnosticMessageText(messageText, ' '));
  }
  return found;
}

test('the examples in the documents compile, and a wrong one would be noticed', async () => {
  const { declarations } = await sources();
  const document = await source('docs/embed.md');
  assert.equal(all(document, JS_EXAMPLE).length, 4);
  const wrong = [
    ['theme: "dark" }', 'theme: "night" }'],
    ['handle.clear()', 'handle.empty()'],
    ['import { mount }', 'import { show }'],
  ].map(([from, to]) => document.replace(from, to));
  assert.equal(new Set([document, ...wrong]).size, 4, 'the texts to change are there');
  const [right, ...others] = mistakes([document, ...wrong], declarations);
  assert.deepEqual(right, []);
  for (const found of others) assert.notDeepEqual(found, []);
});
