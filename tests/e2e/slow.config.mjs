import config from './playwright.config.mjs';
export default { ...config, timeout: 120_000, expect: { timeout: 20_000 } };
