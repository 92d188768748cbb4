import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { host } from '../vite.shared.js';

export default defineConfig(host(svelte()));
