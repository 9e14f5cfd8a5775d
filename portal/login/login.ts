import './login.css';

// Progressive help on the server-rendered pages. Every page works without it.
const hasCaps = (event: KeyboardEvent): boolean => event.getModifierState?.('CapsLock') === true;

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-show]')) {
  const input = document.getElementById(button.dataset.show ?? '') as HTMLInputElement | null;
  if (!input) continue;
  const label = input.labels?.[0]?.textContent ?? '';
  const paint = (shown: boolean): void => {
    input.type = shown ? 'text' : 'password';
    button.textContent = (shown ? button.dataset.on : button.dataset.off) ?? '';
    button.setAttribute('aria-pressed', String(shown));
    button.setAttribute('aria-label', `${button.textContent} ${label}`);
  };
  button.addEventListener('click', () => {
    paint(input.type === 'password');
    input.focus();
  });
  // A shown password must not be offered by the browser as a remembered text.
  input.form?.addEventListener('submit', () => paint(false));
  paint(false);
  button.hidden = false;
}

const caps = document.querySelector<HTMLElement>('[data-caps]');
if (caps) {
  const update = (event: Event): void => {
    if (event instanceof KeyboardEvent) caps.hidden = !hasCaps(event);
  };
  document.addEventListener('keydown', update);
  document.addEventListener('keyup', update);
}

// One click is one attempt: a second one would count against the limit.
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = '1';
  });
  window.addEventListener('pageshow', () => delete form.dataset.sent);
}

export {};
