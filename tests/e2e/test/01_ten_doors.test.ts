// One sign-in, ten systems, no second password; every simulator's record names the right person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNotAsked, Chromium, shot, strangeCookies } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { home, onSystem, openTile, search, signIn, signOut } from '../src/portal.ts';
import { assertPageClean } from '../src/secrets.ts';
import { frameOf, kSystems, says, systemOf } from '../src/systems.ts';
import { Mark } from '../src/zoo.ts';

const kIds = kSystems.map((one) => one.id);
let chromium: Chromium;
let visit: Visit;
let mark: Mark;

before(async () => {
  chromium = await Chromium.launch('ten-doors');
  mark = await Mark.take(kIds);
  visit = await chromium.visit();
  await signIn(visit.page, 'wangmin');
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

test('the portal shows all ten systems of 王敏', async () => {
  assert.deepEqual(demo.systems.map((one) => one.id).sort(), [...kIds].sort());
  for (const one of demo.systems)
    await visit.page.locator(`.tile a[href$="/go/${one.id}"]`, { hasText: one.name }).first().waitFor();
});

for (const system of kSystems) {
  test(`${system.id} opens from its tile without a password, in correct Chinese`, async () => {
    await home(visit.page);
    assert.equal(await search(visit.page, system.initials), demo.system(system.id).name);
    await visit.page.keyboard.press('Escape');
    await openTile(visit.page, system.id);
    await system.home(visit.page, '王敏');
    await assertNotAsked(visit);
    assert.deepEqual(visit.failures, []);
    await assertPageClean(visit.page);
    await shot(visit.page, `home-${system.id}`);
    const events = await mark.honest(system.id, 'wangmin');
    const logins = events.filter((one) => one.event === 'login').length;
    assert.equal(logins, system.id === 'qu-integrity' ? 0 : 1, 'sign-ons in the record');
  });
}

for (const system of kSystems) {
  if (!system.tour) continue;
  test(`${system.id}: list, detail, form, script and download work through the gateway`, async () => {
    await visit.page.goto(`${demo.origin}/go/${system.id}`);
    await onSystem(visit.page, system.id);
    await system.home(visit.page, '王敏');
    await system.tour?.(visit.page, '王敏');
    await assertNotAsked(visit);
    await assertPageClean(visit.page);
    const events = await mark.honest(system.id, 'wangmin');
    assert.ok(events.filter((one) => one.event === 'login').length <= 1, 'signed on a second time');
  });
}

test('孙悦 may read the social assistance system and not write there; the page that says so names the rule', async () => {
  const other = await chromium.visit();
  const { page } = other;
  await signIn(page, 'sunyue');
  await openTile(page, 'nat-salvation');
  await systemOf('nat-salvation').home(page, '孙悦');
  await page.getByRole('link', { name: '家庭列表' }).click();
  await page.getByRole('link', { name: /^DB210299/ }).first().click();
  await page.getByRole('link', { name: '入户调查' }).click();
  const since = await Mark.take(['nat-salvation']);
  await page.locator('textarea[name=dcyj]').fill('只读');
  await page.locator('input[type=submit]').click();
  await says(page, 'h1', '暂时不能进入');
  await says(page, 'dl.pairs code', 'salvation-for-data');
  assert.deepEqual((await since.since('nat-salvation')).filter((one) => one.method === 'POST'), []);
  await other.close();
});

test('dl-video: the export is closed to the housing bureau, in words', async () => {
  await visit.page.goto(`${demo.origin}/go/dl-video`);
  await onSystem(visit.page, 'dl-video');
  const since = await Mark.take(['dl-video']);
  await visit.page.getByRole('link', { name: '导出' }).click();
  await says(visit.page, 'h1', '暂时不能进入');
  await says(visit.page, 'dl.pairs code', 'no-video-export');
  assert.equal((await since.since('dl-video')).filter((one) => one.path.startsWith('/vms/export')).length, 0);
});

test('one password in all, no cookie of a system in the browser', async () => {
  const { context, page, urls } = visit;
  assert.equal(urls.filter((url) => url.startsWith(`${demo.origin}/login`)).length, 2, 'the form, and its one post');
  assert.deepEqual(await strangeCookies(context), []);
  await page.goto(`${demo.origin}/go/dl-8890`);
  await onSystem(page, 'dl-8890');
  await frameOf(page, 'top');
  await signOut(page);
  await says(page, 'h1', '您已退出');
  await shot(page, 'logout');
});
