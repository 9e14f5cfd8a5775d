// Not a gate: pictures of chosen states for a person to look at. SHOTS="page/state/look-width ..." or SHOTS=all.
import { mkdirSync } from 'node:fs';
import { test } from 'vitest';
import { launch } from './browser.ts';
import { openState, states } from './states.ts';
import { startMock } from '../mock/server.ts';

const wanted = process.env.SHOTS ?? '';
const out = process.env.SHOTS_DIR ?? 'node_modules/.shots';

test.runIf(wanted)('pictures', { timeout: 600_000 }, async () => {
  mkdirSync(out, { recursive: true });
  const handle = await launch();
  const mock = await startMock('dist');
  for (const spec of wanted === 'all' ? Object.keys(states).map((name) => `${name}@1440`) : wanted.split(' ')) {
    const [name = '', look = '1440'] = spec.split('@');
    const width = Number(/\d+/.exec(look)?.[0] ?? 1440);
    const page = await handle.browser.newPage({ viewport: { width, height: width < 700 ? 844 : 900 } });
    page.on('pageerror', (error) => console.log(name, error.message));
    await openState(page, mock, name, {
      theme: look.includes('d') ? 'dark' : 'light',
      size: look.includes('l') ? 'large' : 'normal',
      lang: look.includes('e') ? 'en' : 'zh-CN',
    });
    await page.screenshot({ path: `${out}/${spec.replace(/\//g, '-')}.png`, fullPage: look.includes('f') });
    await page.close();
  }
  await mock.close();
  await handle.close();
});
