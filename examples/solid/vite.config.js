import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { host } from '../vite.shared.js';

export default defineConfig(host(solid()));
