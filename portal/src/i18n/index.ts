// Chinese comes with the shell, English is fetched when it is chosen.
import { createI18n } from 'vue-i18n';
import zh from './zh-CN/index';

export type Locale = 'zh-CN' | 'en';

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh } as Record<Locale, typeof zh>,
  missingWarn: false,
  fallbackWarn: false,
});

export async function useLocale(locale: Locale): Promise<void> {
  if (locale === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('./en/index')).default);
  }
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
}
