// What npm makes of the release build, and what a host that installs it gets.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { install, pathOf, requirePackage, run, source, temporaryDirectory } from './support.mjs';

const ts = requirePackage('typescript');

const host = temporaryDirectory();
let packed;

before(async () => {
  packed = await install(host);
});

test('the package holds the element and nothing of the page by itself', () => {
  const names = packed.files.map(({ path }) => path).sort();
  const wanted = [
    /^LICENSE-APACHE$/,
    /^LICENSE-MIT$/,
    /^element-[0-9a-f]{8,16}\.js$/,
    /^element-[0-9a-f]{8,16}_bg\.wasm$/,
    /^element-later-[0-9a-f]{8,16}\.wasm$/,
    ...['ar', 'de', 'es', 'fr', 'ja', 'pt-BR', 'zh-Hans'].map((language) => new RegExp(`^locale-${language}-[0-9a-f]{8,16}\\.json$`)),
    /^package\.json$/,
    /^react-18\.d\.ts$/,
    /^react\.d\.ts$/,
    /^referral-history-[0-9a-f]{8,16}\.css$/,
    /^referral-history\.d\.ts$/,
    /^referral-history\.js$/,
    ...['solid', 'svelte', 'vue'].map((framework) => new RegExp(`^${framework}\\.d\\.ts$`)),
  ];
  assert.equal(names.length, wanted.length, names.join(' '));
  names.forEach((name, index) => assert.match(name, wanted[index]));
});

test('what package.json names is in the package', async () => {
  const { main, types, exports } = JSON.parse(await readFile(join(host, 'node_modules', 'referral-history', 'package.json'), 'utf8'));
  const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  assert.deepEqual([main, types], [exports['.'].default, exports['.'].types]);
  const names = packed.files.map(({ path }) => `./${path}`);
  for (const target of targets) assert.ok(names.includes(target), target);
  // Each declaration can be imported.
  for (const name of names.filter((name) => name.endsWith('.d.ts'))) assert.ok(targets.includes(name), name);
});

test('the entry names files that the package holds', async () => {
  const installed = join(host, 'node_modules', 'referral-history');
  const names = await readdir(installed);
  const entry = await readFile(join(installed, 'referral-history.js'), 'utf8');
  const named = new Set(entry.match(/[\w-]+-[0-9a-f]{8,16}(?:_bg)?\.\w+/g));
  assert.equal(named.size, 11);
  for (const name of named) {
    assert.ok(names.includes(name), name);
    const hash = await crypto.subtle.digest('SHA-256', await readFile(join(installed, name)));
    assert.ok(entry.includes(`"${name}":"sha256-${Buffer.from(hash).toString('base64')}"`), `${name} is pinned`);
    // Bundlers take along what is written just so, and leave what a program imports to the browser
    // where they are told to.
    assert.ok(entry.includes(`new URL("./${name}",import.meta.url)`), name);
  }
  assert.match(entry, /[^.]import\(\/\* webpackIgnore: true \*\/ \/\* @vite-ignore \*\/ /);
});

// A defect is told with its place, and crates have theirs where cargo keeps them.
test('nothing in the package names a place on the machine that built it', async () => {
  const installed = join(host, 'node_modules', 'referral-history');
  for (const name of await readdir(installed)) {
    const text = await readFile(join(installed, name), 'latin1');
    assert.doesNotMatch(text, /registry[\\/]src/, name);
    if (name.endsWith('.wasm')) assert.match(text, name.includes('-later-') ? /leptos-[\d.]+[\\/]src/ : /chrono-[\d.]+[\\/]src/, 'places are told');
  }
});

// A server that renders the pages around imports what they import.
test('importing it where there is no document does nothing, and exports mount', async () => {
  const script = join(host, 'server.js');
  await writeFile(script, `import * as all from 'referral-history';\nconsole.log(Object.keys(all).join(), typeof all.mount, typeof customElements);\n`);
  assert.equal(await run(process.execPath, [script], { cwd: host }), 'mount function undefined\n');
});

describe('TypeScript', () => {
  const RESOLUTIONS = {
    bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    // Of older tools, which read `main` and not `exports`.
    node10: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10 },
    node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  };

  // Reading the declarations of the browser takes longer than all the rest.
  const libraries = new Map();
  function compilerHost(options) {
    const usual = ts.createCompilerHost(options);
    const read = (name, ...rest) => usual.getSourceFile(name, ...rest);
    const kept = (name, ...rest) => libraries.get(name) ?? libraries.set(name, read(name, ...rest)).get(name);
    return { ...usual, getSourceFile: (name, ...rest) => (/[\\/]lib\.[\w.]+\.d\.ts$/.test(name) ? kept : read)(name, ...rest) };
  }

  /** The numbers of the lines in which the compiler finds something, and what. */
  async function found(text, resolution) {
    const directory = join(host, 'src');
    await mkdir(directory, { recursive: true });
    const file = join(directory, 'host.ts');
    await writeFile(file, text);
    const options = {
      ...RESOLUTIONS[resolution],
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      strict: true,
      skipDefaultLibCheck: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: [],
    };
    const program = ts.createProgram([file], options, compilerHost(options));
    return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
      const line = diagnostic.file ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line : -1;
      return { line, says: `${diagnostic.file?.fileName ?? ''}:${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}` };
    });
  }

  for (const resolution of Object.keys(RESOLUTIONS)) {
    test(`accepts a host, with ${resolution} resolution`, async () => {
      const diagnostics = await found(await readFile(pathOf('tests/package/host.ts'), 'utf8'), resolution);
      assert.deepEqual(
        diagnostics.map(({ says }) => says),
        [],
      );
    });

    test(`rejects each wrong use, with ${resolution} resolution`, async () => {
      const text = await source('tests/package/host.ts');
      const lines = text.split('\n');
      const wrong = lines.flatMap((line, index) => (line.includes('@ts-expect-error') ? [index + 1] : []));
      assert.ok(wrong.length > 20, 'there are wrong uses');
      const diagnostics = await found(text.replaceAll('@ts-expect-error', 'wrong:'), resolution);
      assert.deepEqual([...new Set(diagnostics.map(({ line }) => line))], wrong);
    });
  }

  test('the host uses all that is declared', async () => {
    const declarations = ts.createSourceFile('d.ts', await source('element/referral-history.d.ts'), ts.ScriptTarget.Latest);
    const text = (await source('tests/package/host.ts')).replace(/@ts-expect-error.*\n.*/g, '');
    const names = [];
    for (const statement of declarations.statements) {
      if (!ts.isInterfaceDeclaration(statement)) continue;
      names.push(statement.name.text, ...statement.members.map(({ name }) => name.text));
    }
    assert.ok(names.length > 50, names.join());
    const unused = names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text));
    assert.deepEqual(unused, []);
  });

  test('what is declared says what it means', async () => {
    const declarations = ts.createSourceFile('d.ts', await source('element/referral-history.d.ts'), ts.ScriptTarget.Latest, true);
    const isSilent = (node) => ts.getJSDocCommentsAndTags(node).length === 0;
    const silent = [];
    let members = 0;
    for (const statement of declarations.statements) {
      if (!ts.isInterfaceDeclaration(statement) && !ts.isFunctionDeclaration(statement)) continue;
      const name = statement.name.text;
      if (isSilent(statement)) silent.push(name);
      for (const member of statement.members ?? []) {
        // An element's properties are its options, and what they mean is said there.
        if (ts.isAccessor(member)) continue;
        members += 1;
        if (isSilent(member)) silent.push(`${name}.${member.name.text}`);
      }
    }
    assert.ok(members > 35, `${members}`);
    assert.deepEqual(silent, []);
  });
});
