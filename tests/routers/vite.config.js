import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/routers/',
  publicDir: 'pages',
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'referral-history' } } })],
  build: {
    modulePreload: false,
    rolldownOptions: { input: ['react/index.html', 'react/hash.html', 'vue/index.html', 'vue/kept.html'] },
  },
});
