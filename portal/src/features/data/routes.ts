// The data pages, added to the router when the first of them is opened.
import type { RouteRecordRaw } from 'vue-router';

export const dataRoutes: RouteRecordRaw = {
  path: '/data',
  name: 'data',
  component: () => import('./layout.vue'),
  redirect: '/data/items',
  children: [
    { path: 'items', component: () => import('./catalog/page.vue'), meta: { title: 'data.catalog' } },
    { path: 'items/:item', component: () => import('./catalog/item.vue'), meta: { title: 'data.catalog' } },
    { path: 'items/:item/runs', component: () => import('./sync/runs.vue'), meta: { title: 'jobs.title' } },
    { path: 'items/:item/runs/:id', component: () => import('./sync/run.vue'), meta: { title: 'jobs.title' } },
    { path: 'items/:item/mapping', component: () => import('./mapping/page.vue'), meta: { title: 'mapping.open' } },
    { path: 'letters', component: () => import('./letters/page.vue'), meta: { title: 'data.letters' } },
    { path: 'jobs', component: () => import('./sync/page.vue'), meta: { title: 'jobs.title' } },
  ],
};
