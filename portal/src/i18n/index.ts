// Chinese comes with the shell, English is fetched when it is chosen; texts of the data pages come with those pages.
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

const parts = {
  data: { 'zh-CN': () => import('./zh-CN/data'), en: () => import('./en/data') },
};
const wanted = new Set<keyof typeof parts>();

async function load(locale: Locale): Promise<void> {
  for (const part of wanted) i18n.global.mergeLocaleMessage(locale, (await parts[part][locale]()).default);
}

/** Texts that only some pages need; kept for every language chosen later. */
export async function useTexts(part: keyof typeof parts): Promise<void> {
  if (wanted.has(part)) return;
  wanted.add(part);
  await load(i18n.global.locale.value);
}

export async function useLocale(locale: Locale): Promise<void> {
  if (locale === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('./en/index')).default);
  }
  await load(locale);
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
}
