// What may differ between browser engines: names and roles for assistive technology, focus and keys,
// the session history, colours, the smallest window, and what an element is in a host's document. What
// the page does is tested in tests/e2e.
import { after, before } from 'node:test';
import startConsole from '../e2e/console.mjs';
import './standalone.mjs';
import './element.mjs';
import { inDark } from './dark.mjs';
import { canBeTold, use } from './page.mjs';
import { Browser } from './webdriver.mjs';

let endConsole;
let light;
let dark;

before(async () => {
  endConsole = await startConsole();
  light = await Browser.start();
  console.log(`${light.name} ${light.version}`);
  use(light);
  // It starts while the light one is at work. Whoever awaits it is told of its failure.
  if (canBeTold) dark = Browser.start({ scheme: 'dark' });
  dark?.catch(() => {});
});

after(async () => {
  await light?.end();
  await (await dark)?.end();
  await endConsole?.();
});

inDark(() => dark);
