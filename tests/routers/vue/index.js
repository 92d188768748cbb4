import Console from './Console.vue';
import { start } from './start.js';

start(Console, '/routers/vue/');
