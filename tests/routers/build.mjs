// Builds all hosts into a directory: `node build.mjs DIRECTORY`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
process.chdir(fileURLToPath(new URL('.', import.meta.url)));

await build({ configFile: 'vite.config.js', configLoader: 'native', logLevel: 'error', build: { outDir, emptyOutDir: true } });
await cp('node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js', `${outDir}/turbo/turbo.js`);
await cp('node_modules/htmx.org/dist/htmx.min.js', `${outDir}/htmx/htmx.js`);

const next = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build', 'next'], {
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const [code] = await once(next, 'exit');
if (code !== 0) throw new Error('The Next host does not build.');
await cp('next/out', `${outDir}/next`, { recursive: true });
