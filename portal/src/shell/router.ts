import { createRouter, createWebHistory } from 'vue-router';
import { i18n, useTexts } from '../i18n/index';

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, from, saved) => saved ?? (from.path === _to.path ? false : { top: 0 }),
  routes: [
    { path: '/', component: () => import('../features/home/page.vue'), meta: { title: 'home.title' } },
    {
      path: '/me',
      component: () => import('../features/me/layout.vue'),
      children: [
        { path: '', component: () => import('../features/me/page.vue'), meta: { title: 'me.title' } },
        { path: 'links', component: () => import('../features/links/page.vue'), meta: { title: 'links.title' } },
        { path: 'sessions', component: () => import('../features/sessions/page.vue'), meta: { title: 'sessions.title' } },
        { path: 'security', component: () => import('../features/security/page.vue'), meta: { title: 'security.title' } },
        { path: 'access/:system', component: () => import('../features/access/page.vue'), meta: { title: 'access.title' } },
      ],
    },
    {
      path: '/data/:rest(.*)*',
      name: 'data', // takes the place of this entry, so that the second try finds the pages
      component: () => import('./NotFound.vue'),
      beforeEnter: async (to) => {
        const [{ dataRoutes }] = await Promise.all([import('../features/data/routes'), useTexts('data')]);
        router.addRoute(dataRoutes);
        return to.fullPath;
      },
    },
    {
      path: '/:rest(.*)*',
      component: () => import('./NotFound.vue'),
      meta: { title: 'error.notFoundTitle' },
    },
  ],
});

export function setTitle(): void {
  const { t } = i18n.global;
  const key = router.currentRoute.value.meta.title;
  document.title = typeof key === 'string' ? `${t(key)} · ${t('app.name')}` : t('app.name');
}
router.afterEach(setTitle);
