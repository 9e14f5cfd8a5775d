import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import { createApp, watch } from 'vue';
import './styles/tokens.css';
import './styles/base.css';
import { Problem } from './api/problem';
import { i18n } from './i18n/index';
import App from './shell/App.vue';
import { startLook } from './shell/look';
import { router, setTitle } from './shell/router';

const kFresh = 30_000;
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: kFresh,
      // Only a lost network is worth trying again by itself; a refusal stays a refusal.
      retry: (count, error) => count < 2 && error instanceof Problem && error.code === 'network',
      retryDelay: 800,
    },
    mutations: { networkMode: 'always' },
  },
});

watch(i18n.global.locale, setTitle);
void startLook().then(() => {
  createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient }).mount('#app');
});
