import { defineConfig } from 'vite';

// `cargo xtask serve` and the end-to-end tests build it.
export default defineConfig({
  // Relative, so that the build runs below any path.
  base: './',
  // React as it is while developing: only then StrictMode mounts everything twice.
  define: { 'process.env.NODE_ENV': JSON.stringify('development') },
  build: {
    assetsDir: '.',
    // Nothing inline: the console's Content-Security-Policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      // The element comes from where the console serves it, at run time.
      external: ['/referral-history.js'],
      // Names that say that their file never changes, as those of the page do.
      output: {
        hashCharacters: 'hex',
        entryFileNames: '[name]-[hash:16].js',
        chunkFileNames: '[name]-[hash:16].js',
        assetFileNames: '[name]-[hash:16][extname]',
      },
    },
  },
});
