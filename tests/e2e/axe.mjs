// What axe-core finds on the page as it stands.
//
// Run in the page itself, once per state: a page of its own for each report, as axe's own package for
// Playwright makes it, takes several times as long, and there are many states.
import axe from 'axe-core';

export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
