import 'referral-history';
import { mount } from 'svelte';
import Console from './Console.svelte';
import '../../console.css';

mount(Console, { target: document.getElementById('console')! });
