// `cargo xtask test --only e2e` sets DEV_CONSOLE, DIST, EXAMPLES, ROUTERS, CHROMIUM, and HEADLESS_CHROMIUM, which is
// quicker.
import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

// Everything a browser does of its own accord is off: a request that the page did not make must
// not be in what the tests see.
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// A browser does not start in its sandbox as root, which is who a build machine often is.
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  globalSetup: './console.mjs',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // More than cores: for a good part of their time the tests wait.
  workers: Math.ceil(availableParallelism() * 1.5),
  timeout: 40_000,
  reporter: 'list',
  projects: [
    { name: 'page', testIgnore: 'speed.spec.mjs' },
    { name: 'speed', testMatch: 'speed.spec.mjs', dependencies: ['page'] },
  ],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    launchOptions: {
      executablePath: process.env.HEADLESS_CHROMIUM || process.env.CHROMIUM || undefined,
      args: isRoot ? [...QUIET, '--no-sandbox'] : QUIET,
    },
  },
});
