// Scripts of hosts, in one file each, as a host's own bundler makes them.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);

/** A library that is kept here, because no package of npm has it. */
const kept = (name) => readFile(new URL(name, here), 'utf8');

async function bundle(source) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: here.pathname },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

export const MOO_TOOLS = () => kept('mootools-1.4.5.js');

export const LIBRARIES = {
  Prototype: () => kept('prototype-1.7.3.js'),
  'zone.js': () => bundle("import 'zone.js';"),
  'Sentry with replay': () =>
    bundle(`import * as Sentry from '@sentry/browser';
      Sentry.init({
        dsn: location.protocol + '//key@' + location.host + '/1',
        tunnel: '/monitoring',
        tracesSampleRate: 1,
        replaysSessionSampleRate: 1,
        integrations: [Sentry.browserTracingIntegration(), Sentry.replayIntegration({ stickySession: false, useCompression: false })],
      });`),
  rrweb: () =>
    bundle(`import { record } from 'rrweb';
      window.recorded = [];
      record({ emit: (event) => window.recorded.push(event) });`),
  'Datadog RUM': () =>
    bundle(`import { datadogRum } from '@datadog/browser-rum';
      datadogRum.init({ applicationId: 'a', clientToken: 'b', proxy: '/monitoring', sessionSampleRate: 100, trackUserInteractions: true, sessionPersistence: 'memory' });`),
};
