// Short news of something the person just did. Never the only place of an error that needs a decision.
import { reactive } from 'vue';

export interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

const kStayMs = 8000;
let last = 0;
export const toasts = reactive<Toast[]>([]);

export function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

export function toast(tone: Toast['tone'], text: string): void {
  const id = ++last;
  toasts.push({ id, tone, text });
  window.setTimeout(() => dismiss(id), kStayMs);
}
