// Three systems of three technologies in three tabs. Two of them call their cookie JSESSIONID.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNotAsked, Chromium, strangeCookies } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { onSystem, signIn, signOut } from '../src/portal.ts';
import { systemOf } from '../src/systems.ts';
import { Mark } from '../src/zoo.ts';

const kIds = ['nat-salvation', 'dl-8890', 'ln-forestfire'];
let chromium: Chromium;
let visit: Visit;

before(async () => {
  chromium = await Chromium.launch('side-by-side');
  visit = await chromium.visit();
  await signIn(visit.page, 'maqiang');
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

test('three tabs keep three sessions, whatever the order of the clicks', async () => {
  const mark = await Mark.take(kIds);
  const tabs = await Promise.all(
    kIds.map(async (id) => {
      const page = await visit.context.newPage();
      await page.goto(`${demo.origin}/go/${id}`);
      await onSystem(page, id);
      return { page, system: systemOf(id) };
    }),
  );
  for (const one of [...tabs, ...tabs.slice().reverse()]) {
    await one.page.bringToFront();
    await one.system.home(one.page, '马强');
  }
  // All at once, then each again: whoever mixed up two sessions would be kicked or asked by now.
  await Promise.all(tabs.map((one) => one.page.reload()));
  for (const one of tabs) {
    await one.page.bringToFront();
    await one.system.home(one.page, '马强');
    await one.system.tour?.(one.page, '马强');
  }
  await assertNotAsked(visit);
  for (const id of kIds) {
    const events = await mark.honest(id, 'maqiang');
    assert.equal(events.filter((one) => one.event === 'login').length, 1, id);
  }
  assert.deepEqual(await strangeCookies(visit.context), []);
  await signOut(visit.page);
});
