import 'referral-history';
import { createApp } from 'vue';
import Console from './Console.vue';
import '../../console.css';

createApp(Console).mount('#console');
