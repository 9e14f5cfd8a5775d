import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { finish } from './tools/finish.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const feature = (id: string | null): string | undefined => /features\/(\w+)\//.exec(id ?? '')?.[1];

export default defineConfig({
  root: at('.'),
  publicDir: false,
  plugins: [vue(), finish(at('./dist'))],
  // Messages are plain text with {places}; src/i18n/index.ts fills them, so the message compiler stays out.
  resolve: { alias: [{ find: /^vue-i18n$/, replacement: 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js' }] },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
  },
  build: {
    target: 'es2020',
    cssTarget: 'chrome87',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        index: at('./index.html'),
        login: at('./login/login.ts'),
      },
      output: {
        entryFileNames: 'assets/[name].[hash:8].js',
        chunkFileNames: (chunk) => `assets/${feature(chunk.facadeModuleId) ?? '[name]'}.[hash:8].js`,
        assetFileNames: 'assets/[name].[hash:8][extname]',
      },
    },
  },
});
