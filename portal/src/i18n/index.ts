// Chinese comes with the shell, English is fetched when it is chosen.
import { createI18n, type MessageCompiler, type MessageContext } from 'vue-i18n';
import zh from './zh-CN/index';

export type Locale = 'zh-CN' | 'en';

/** Plain text with {places}: a tenth of the library's own message format is all that is used. */
const compile = ((message: unknown) => (context: MessageContext) =>
  String(message).replace(/{(\w+)}/g, (_whole, name: string) => String(context.named(name) ?? ''))) as MessageCompiler;

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messageCompiler: compile,
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
