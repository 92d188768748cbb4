import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { host } from '../vite.shared.js';

// Vue must be told which tags are elements, or it looks for a component of that name.
const isCustomElement = (tag) => tag === 'referral-history';

export default defineConfig(host(vue({ template: { compilerOptions: { isCustomElement } } })));
