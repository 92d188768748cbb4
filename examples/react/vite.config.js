import { defineConfig } from 'vite';
import { host } from '../vite.shared.js';

export default defineConfig({
  ...host(),
  // React as it is while developing: only then StrictMode mounts everything twice.
  define: { 'process.env.NODE_ENV': JSON.stringify('development') },
});
