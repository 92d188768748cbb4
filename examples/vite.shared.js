// What the examples that Vite builds have in common. `cargo xtask serve` and the end-to-end tests build them.

/** The configuration of an example, with the plugins of its framework. */
export const host = (...plugins) => ({
  plugins,
  // Relative, so that the build runs below any path.
  base: './',
  build: {
    assetsDir: '.',
    // Nothing inline: the console's Content-Security-Policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      // The element comes from where the console serves it, at run time.
      external: ['referral-history'],
      output: {
        paths: { 'referral-history': '/referral-history.js' },
        // Names that say that their file never changes, as those of the page do.
        hashCharacters: 'hex',
        entryFileNames: '[name]-[hash:16].js',
        chunkFileNames: '[name]-[hash:16].js',
        assetFileNames: '[name]-[hash:16][extname]',
      },
    },
  },
});
