// The recipes in docs/routers.md are the code that the end-to-end tests run.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { pathOf, source } from './support.mjs';

test('each recipe is in a host that is tested', async () => {
  const names = await readdir(pathOf('tests/routers'), { recursive: true });
  const hosts = names.filter((name) => !/node_modules|\.next|^next\/out/.test(name) && /\.(html|jsx?|vue)$/.test(name));
  const sources = await Promise.all(hosts.map((name) => source(`tests/routers/${name}`)));
  const recipes = [...(await source('docs/routers.md')).matchAll(/```\w+\n(.*?)```/gs)].map(([, code]) => code);
  assert.equal(recipes.length, 5);
  for (const recipe of recipes) assert(sources.some((text) => text.includes(recipe.trim())), recipe);
});
