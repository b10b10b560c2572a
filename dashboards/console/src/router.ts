/** Addresses behind #, so that the server has one page to serve and a link can be sent by message. */
import { createRouter, createWebHashHistory } from 'vue-router';

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'overview', component: () => import('./pages/Overview.vue') },
    { path: '/wall', name: 'wall', component: () => import('./pages/Wall.vue'), meta: { alone: true } },
    { path: '/lines', name: 'lines', component: () => import('./pages/Lines.vue') },
    { path: '/lines/:id', name: 'line', component: () => import('./pages/Line.vue'), props: true },
    { path: '/outages', name: 'outages', component: () => import('./pages/Outages.vue') },
    { path: '/outages/:id', name: 'outage', component: () => import('./pages/Outage.vue'), props: true },
    { path: '/windows', name: 'windows', component: () => import('./pages/Windows.vue') },
    { path: '/duty', name: 'duty', component: () => import('./pages/Duty.vue') },
    { path: '/sites', name: 'sites', component: () => import('./pages/Sites.vue') },
    { path: '/evaluation', name: 'evaluation', component: () => import('./pages/Evaluation.vue') },
    { path: '/reports', name: 'reports', component: () => import('./pages/Reports.vue') },
    { path: '/system', name: 'system', component: () => import('./pages/System.vue') },
    { path: '/welcome', name: 'welcome', component: () => import('./pages/Welcome.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
