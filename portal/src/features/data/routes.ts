// The data pages, added to the router when the first of them is opened.
import type { RouteRecordRaw } from 'vue-router';
import { kAlertRoles, kAuditRoles, kDataRoles } from './roles';

export const dataRoutes: RouteRecordRaw = {
  path: '/data',
  name: 'data',
  component: () => import('./layout.vue'),
  redirect: '/data/shares',
  children: [
    { path: 'items', component: () => import('./catalog/page.vue'), meta: { title: 'data.catalog', roles: kDataRoles } },
    { path: 'items/:item', component: () => import('./catalog/item.vue'), meta: { title: 'data.catalog', roles: kDataRoles } },
    { path: 'items/:item/runs', component: () => import('./sync/runs.vue'), meta: { title: 'jobs.title', roles: kDataRoles } },
    { path: 'items/:item/runs/:id', component: () => import('./sync/run.vue'), meta: { title: 'jobs.title', roles: kDataRoles } },
    { path: 'items/:item/mapping', component: () => import('./mapping/page.vue'), meta: { title: 'mapping.open', roles: kDataRoles } },
    { path: 'items/:item/lineage', component: () => import('./lineage/page.vue'), meta: { title: 'lineage.open', roles: kDataRoles } },
    { path: 'letters', component: () => import('./letters/page.vue'), meta: { title: 'data.letters', roles: kDataRoles } },
    { path: 'letters/cause', component: () => import('./letters/cause.vue'), meta: { title: 'data.letters', roles: kDataRoles } },
    { path: 'jobs', component: () => import('./sync/page.vue'), meta: { title: 'jobs.title', roles: kDataRoles } },
    { path: 'alerts', component: () => import('./alerts/page.vue'), meta: { title: 'alerts.title', roles: kAlertRoles } },
    { path: 'alerts/:alert', component: () => import('./alerts/alert.vue'), meta: { title: 'alerts.title', roles: kAlertRoles } },
    { path: 'audit', component: () => import('./audit/page.vue'), meta: { title: 'audit.title', roles: kAuditRoles } },
    { path: 'offers', component: () => import('./shares/offers.vue'), meta: { title: 'shares.offers' } },
    { path: 'offers/:item', component: () => import('./shares/request.vue'), meta: { title: 'shares.offers' } },
    { path: 'shares', component: () => import('./shares/page.vue'), meta: { title: 'shares.title' } },
    { path: 'shares/:share', component: () => import('./shares/share.vue'), meta: { title: 'shares.title' } },
  ],
};
