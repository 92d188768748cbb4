import { createApp, h } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import Referrals from './Referrals.vue';

export function start(console, base) {
  const routes = [
    { path: '/referrals', component: { render: () => h('referral-history') } },
    { path: '/recipe', component: Referrals },
    { path: '/billing', component: { render: () => h('p', 'Billing') } },
  ];
  createApp(console).use(createRouter({ history: createWebHistory(base), routes })).mount('#app');
}
