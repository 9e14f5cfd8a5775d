// Single-key shortcuts, which a person can switch off (WCAG 2.1.4).
import { onBeforeUnmount, onMounted, ref } from 'vue';

const kKey = 'yimen.shortcuts';

function stored(): boolean {
  try {
    return localStorage.getItem(kKey) !== 'off';
  } catch {
    return true;
  }
}

export const shortcuts = ref(stored());

export function setShortcuts(on: boolean): void {
  shortcuts.value = on;
  try {
    localStorage.setItem(kKey, on ? 'on' : 'off');
  } catch {
    // Holds for this page then.
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** "/" or any letter, digit or IME key brings the search; the key itself lands in it. */
export function useTypeAnywhere(focus: () => void): void {
  function onKey(event: KeyboardEvent): void {
    if (!shortcuts.value || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '/') {
      event.preventDefault();
      focus();
    } else if (event.key === 'Process' || /^[\p{L}\p{N}]$/u.test(event.key)) {
      focus();
    }
  }
  onMounted(() => document.addEventListener('keydown', onKey));
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey));
}
