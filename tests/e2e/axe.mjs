// What axe-core finds on the page as it stands.
//
// Run in the page itself, once per state: a page of its own for each report, as axe's own package for
// Playwright makes it, takes several times as long, and there are many states. Three quarters of the time are for
// the contrast of colours, which can be left out where only the width is another.
import axe from 'axe-core';

export async function violations(page, { contrast = true } = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  // Drivers differ in what they pass before the arguments.
  return page.evaluate(async (...given) => {
    const contrast = given.at(-1);
    const rules = { 'color-contrast': { enabled: contrast } };
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], rules });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, contrast);
}
