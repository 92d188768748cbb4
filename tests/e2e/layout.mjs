// The window: the widths that the page is tested at, and whether the page keeps within.

export const WIDTHS = [320, 768, 1280];

/** How far the page, or any part of it, goes beyond the sides of the window. */
export const beyond = (page) =>
  page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    const parts = [...deep.all('.rh, .rh > *, .rh-card, .rh-menu-list, dialog[open]')].map((part) => part.getBoundingClientRect());
    return Math.max(scrollWidth - innerWidth, ...parts.map(({ right }) => right - innerWidth), ...parts.map(({ left }) => -left));
  });
