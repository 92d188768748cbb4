import { defineConfig } from 'vite';
import { host } from '../vite.shared.js';

export default defineConfig(host());
