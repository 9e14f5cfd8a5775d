// Theme, text size and language: kept on the server, cached here so that the next start does not flicker.
import { reactive, readonly } from 'vue';
import { api, csrf, need, setLanguage, type Schemas } from '../api/client';
import { useLocale } from '../i18n/index';

export type Look = Schemas['Preferences'];
const kKey = 'yimen.look';

const state = reactive<Look>({ theme: 'system', size: 'normal', locale: 'zh-CN' });
export const look = readonly(state);

const isOneOf = <T extends string>(value: unknown, all: readonly T[]): value is T => all.includes(value as T);

function cached(): Partial<Look> {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(kKey) ?? '{}');
    return typeof raw === 'object' && raw !== null ? (raw as Partial<Look>) : {};
  } catch {
    return {};
  }
}

/** Paints the look; waits until the texts of the language are there. */
export async function applyLook(wanted: Partial<Look>): Promise<void> {
  if (isOneOf(wanted.theme, ['system', 'light', 'dark'])) state.theme = wanted.theme;
  if (isOneOf(wanted.size, ['normal', 'large'])) state.size = wanted.size;
  if (isOneOf(wanted.locale, ['zh-CN', 'en'])) state.locale = wanted.locale;
  const root = document.documentElement;
  root.dataset.theme = state.theme;
  root.dataset.size = state.size;
  setLanguage(state.locale);
  await useLocale(state.locale);
  try {
    localStorage.setItem(kKey, JSON.stringify(state));
  } catch {
    // Storage may be switched off; the server still has it.
  }
}

export const startLook = (): Promise<void> => applyLook(cached());

/** Paints at once, then stores on the server. @throws Problem */
export async function saveLook(change: Partial<Look>): Promise<void> {
  await applyLook(change);
  await need(api.PUT('/api/v1/me/preferences', { params: { header: csrf() }, body: { ...state } }));
  // The pages before the sign-in look the same next time; without it they only look as they did before.
  const choice = new URLSearchParams({ lang: state.locale, theme: state.theme, size: state.size, to: '/' });
  void fetch(`/ui?${choice.toString()}`, { redirect: 'manual' }).catch(() => undefined);
}

export function isDark(): boolean {
  if (state.theme !== 'system') return state.theme === 'dark';
  return window.matchMedia('(prefers-color-scheme: dark)').matches;
}
