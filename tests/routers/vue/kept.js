import KeptConsole from './KeptConsole.vue';
import { start } from './start.js';

start(KeptConsole, '/routers/vue/kept/');
