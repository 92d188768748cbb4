// Makes the pictures of the README anew, from the build in `dist/`: see CONTRIBUTING.md.
import { chromium } from '@playwright/test';
import config from './playwright.config.mjs';
import start from './console.mjs';

const end = await start();
const { launchOptions, locale, timezoneId } = config.use;
const browser = await chromium.launch(launchOptions);
for (const colorScheme of ['light', 'dark']) {
  const page = await browser.newPage({ colorScheme, locale, timezoneId, baseURL: process.env.CONSOLE_URL, viewport: { width: 1280, height: 800 } });
  await page.request.post('/sign-in', { form: { account: 'busy', return: '/' }, headers: { origin: process.env.CONSOLE_URL } });
  await page.goto('/');
  await page.getByRole('table', { name: 'Referrals' }).locator('tbody tr').first().waitFor();
  // The chart comes after the rows.
  await page.locator('.rh-column').first().waitFor();
  await page.screenshot({ path: new URL(`../../docs/${colorScheme}.png`, import.meta.url).pathname });
}
await browser.close();
await end();
