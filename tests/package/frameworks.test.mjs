// The examples in frameworks: they compile against the package's types, a wrong use does not, and a server renders
// them. That they run in a browser is tested in tests/e2e/.
import assert from 'node:assert/strict';
import { cp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { given, pathOf, run, temporaryDirectory } from './support.mjs';

const packages = pathOf('examples/node_modules');
const program = (path) => join(packages, path);

// A copy of the examples beside the package's declarations, to add wrong uses to.
const host = temporaryDirectory();
const examples = join(host, 'examples');

before(async () => {
  await cp(pathOf('examples'), examples, { recursive: true, filter: (path) => !['node_modules', 'target'].includes(basename(path)) });
  await symlink(packages, join(examples, 'node_modules'), 'junction');
  // React 18 is beside React 19.
  await symlink(pathOf('examples/react-18/node_modules'), join(examples, 'react-18', 'node_modules'), 'junction');
  await cp(given('DIST'), join(host, 'element'), { recursive: true });
});

/** The files in which a checker finds errors, in order, and what it printed. */
async function check(example, script, args, pattern) {
  const printed = await run(process.execPath, [program(script), ...args], { cwd: join(examples, example) }).catch(String);
  return { printed, files: [...new Set([...printed.matchAll(pattern)].map(([, file]) => basename(file)))].sort() };
}

const tsc = (example) => check(example, 'typescript/bin/tsc', ['-p', '.', '--pretty', 'false'], /^(\S+)\(\d+,\d+\): error/gm);
const vueTsc = (example) => check(example, 'vue-tsc/bin/vue-tsc.js', ['-p', '.', '--pretty', 'false'], /^(\S+)\(\d+,\d+\): error/gm);
const svelteCheck = (example) => check(example, 'svelte-check/bin/svelte-check', ['--tsconfig', './tsconfig.json', '--output', 'machine'], / ERROR "([^"]+)"/g);

describe('types', { concurrency: 2 }, () => {
  for (const [example, checker, file, wrong] of [
    [
      'react',
      tsc,
      'ReferralHistoryElement.tsx',
      [
        ['theme={theme}', 'theme="sepia"'],
        ['pageSize={10}', 'pageSize={20}'],
        ['lang={lang}', 'language={lang}'],
        // That an event is misspelled is not found: TypeScript takes any attribute that has a hyphen.
        ['load={onTell}', 'load={(event: CustomEvent<{ rows: number }>) => event}'],
      ],
    ],
    [
      'react-18',
      tsc,
      'Referrals.tsx',
      [
        ['theme={theme}', 'theme="sepia"'],
        ['page-size={10}', 'page-size={20}'],
        // What React 18 makes of it, nobody reads.
        ['api-base="/api/v1"', 'apiBase="/api/v1"'],
      ],
    ],
    [
      'solid',
      tsc,
      'Console.tsx',
      [
        ['theme={theme()} lang', 'theme="sepia" lang'],
        ['page-size={10}', 'page-size={20}'],
        ['page-size={10}', 'pageSize={10}'],
        ['lang={lang()}', 'language={lang()}'],
        ['ref={listen}', 'ref={(element: HTMLInputElement) => element}'],
      ],
    ],
    [
      'vue',
      vueTsc,
      'Console.vue',
      [
        [':theme="theme"\n        :lang', 'theme="sepia"\n        :lang'],
        [':page-size="10"', ':page-size="20"'],
        [':lang="lang"', ':language="lang"'],
        ['load="tell"', 'load="(event: CustomEvent<{ rows: number }>) => event"'],
        ['history:load', 'history:loaded'],
      ],
    ],
    [
      'svelte',
      svelteCheck,
      'Console.svelte',
      [
        ['{theme} {lang}>', 'theme="sepia" {lang}>'],
        ['pageSize={10}', 'pageSize={20}'],
        ['{lang}>', 'language={lang}>'],
      ],
    ],
  ]) {
    test(`the example ${example} compiles, and a wrong use of the element does not`, async () => {
      const [name, ending] = file.split('.');
      const right = await readFile(join(examples, example, 'src', file), 'utf8');
      const names = wrong.map((_, index) => `${name}Wrong${index}.${ending}`);
      for (const [index, [from, to]] of wrong.entries()) {
        const text = right.replace(from, to);
        assert.notEqual(text, right, `${file} has ${from}`);
        await writeFile(join(examples, example, 'src', names[index]), text);
      }
      const { files, printed } = await checker(example);
      assert.deepEqual(files, names, printed);
    });
  }

  test('the example html compiles, and a wrong use of the element does not', async () => {
    const right = await readFile(join(examples, 'html', 'console.js'), 'utf8');
    const wrong = right.replace('({ type, detail })', '({ type, details })');
    assert.notEqual(wrong, right);
    const directory = join(examples, 'html');
    await writeFile(join(directory, 'wrong.js'), wrong);
    const args = ['console.js', 'wrong.js', '../../element/referral-history.d.ts', '--checkJs', '--noEmit', '--moduleDetection', 'force', '--target', 'es2022', '--typeRoots', 'none', '--pretty', 'false'];
    const { files, printed } = await check('html', 'typescript/bin/tsc', args, /^(\S+)\(\d+,\d+\): error/gm);
    assert.deepEqual(files, ['wrong.js'], printed);
  });
});

describe('a server', () => {
  // Each imports what the host's page imports, and renders what it shows.
  const SERVERS = {
    react: `
      import { renderToString } from 'react-dom/server';
      import { createElement } from 'react';
      import { Console } from './src/Console';
      import ReferralHistoryElement from './src/ReferralHistoryElement';
      const options = { theme: 'dark', lang: 'de', onTell() {} };
      export const render = () => renderToString(createElement(Console)) + renderToString(createElement(ReferralHistoryElement, options));`,
    'react-18': `
      import 'referral-history';
      import { renderToString } from 'react-dom/server';
      import { createElement } from 'react';
      import { Console } from './src/Console';
      export const render = () => renderToString(createElement(Console));`,
    solid: `
      import 'referral-history';
      import { createComponent, renderToString } from 'solid-js/web';
      import { Console } from './src/Console';
      export const render = () => renderToString(() => createComponent(Console, {}));`,
    svelte: `
      import 'referral-history';
      import { render as toHtml } from 'svelte/server';
      import Console from './src/Console.svelte';
      export const render = () => toHtml(Console).body;`,
    vue: `
      import 'referral-history';
      import { createSSRApp } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      import Console from './src/Console.vue';
      export const render = () => renderToString(createSSRApp(Console));`,
  };

  // Solid's compiler makes other code for a server.
  const CONFIGURATIONS = {
    solid: async () => ({ configFile: false, plugins: [(await import(pathToFileURL(program('vite-plugin-solid/dist/esm/index.mjs')))).default({ ssr: true })] }),
  };

  for (const [example, server] of Object.entries(SERVERS)) {
    test(`renders the example ${example} without a complaint`, async (context) => {
      const complaints = ['warn', 'error'].map((name) => context.mock.method(console, name, () => {}));
      const directory = join(examples, example);
      await writeFile(join(directory, 'server.ts'), server);
      const { createServer } = await import(pathToFileURL(program('vite/dist/node/index.js')));
      const vite = await createServer({
        ...(await CONFIGURATIONS[example]?.()),
        root: directory,
        configLoader: 'native',
        logLevel: 'silent',
        appType: 'custom',
        server: { middlewareMode: true, ws: false, watch: null },
        optimizeDeps: { noDiscovery: true },
        resolve: { alias: { 'referral-history': join(given('DIST'), 'referral-history.js') } },
      });
      try {
        const { render } = await vite.ssrLoadModule('/server.ts');
        const html = await render();
        assert.match(html, /<referral-history /);
        assert.match(html, /theme="/);
        assert.deepEqual(complaints.flatMap(({ mock }) => mock.calls.map(({ arguments: said }) => said)), []);
      } finally {
        await vite.close();
      }
    });
  }
});
