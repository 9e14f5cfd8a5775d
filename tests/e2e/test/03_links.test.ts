// A stored password that is wrong costs one attempt; then the person is asked, in words, on the linking page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chromium, shot } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { home, onSystem, signIn, signOut } from '../src/portal.ts';
import { assertPageClean } from '../src/secrets.ts';
import { says, systemOf } from '../src/systems.ts';
import { Mark } from '../src/zoo.ts';

let chromium: Chromium;
let visit: Visit;

before(async () => {
  chromium = await Chromium.launch('links');
});
after(async () => {
  await chromium?.close();
});

async function fillLink(page: Page, username: string, password: string): Promise<void> {
  const box = page.getByRole('dialog');
  await box.locator('input[name=username]').fill(username);
  await box.locator('input[name=password]').fill(password);
  await box.locator('button[type=submit]').click();
}

async function toLinking(page: Page, id: string): Promise<void> {
  await page.locator(`.tile a[href$="/go/${id}"]`).first().click();
  await page.waitForURL(`${demo.origin}/me/links?system=${id}`);
  await page.locator('dialog input[name=username]:focus').waitFor();
}

async function attempts(mark: Mark, id: string): Promise<string[]> {
  return (await mark.since(id)).filter((one) => one.event.startsWith('login')).map((one) => one.event);
}

test('陈静: a wrong stored password is tried once, then the linking page says so', async () => {
  visit = await chromium.visit();
  const { page } = visit;
  const mark = await Mark.take(['nat-salvation']);
  await signIn(page, 'chenjing');
  await toLinking(page, 'nat-salvation');
  await says(page, '.note.warn', '全国社会救助信息系统（低保） 拒绝了保存的账号');
  await shot(page, 'links-broken');
  assert.deepEqual(await attempts(mark, 'nat-salvation'), ['login_failed']);
});

test('陈静: coming back by tile, by address and by reload tries nothing more', async () => {
  const { page } = visit;
  const mark = await Mark.take(['nat-salvation']);
  await home(page);
  await says(page, '.tile:has(a[href$="/go/nat-salvation"])', '需重新绑定');
  await toLinking(page, 'nat-salvation');
  await page.goto(demo.system('nat-salvation').url);
  await page.waitForURL(`${demo.origin}/me/links?system=nat-salvation`);
  await page.reload();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await attempts(mark, 'nat-salvation'), []);
});

test('陈静: the right password links the account and opens the system', async () => {
  const { page } = visit;
  const mark = await Mark.take(['nat-salvation']);
  const account = demo.at('nat-salvation', 'chenjing');
  await fillLink(page, account.username, account.password);
  await page.locator('.note.good a', { hasText: '打开系统' }).click();
  await onSystem(page, 'nat-salvation');
  await systemOf('nat-salvation').home(page, '陈静');
  await assertPageClean(page);
  const events = await mark.since('nat-salvation');
  assert.ok(!events.some((one) => ['login_failed', 'refused', 'locked'].includes(one.event)));
});

test('陈静: a wrong entry by hand is one attempt, stores nothing, and names the step', async () => {
  const { page } = visit;
  const mark = await Mark.take(['qu-tourism']);
  await home(page);
  await toLinking(page, 'qu-tourism');
  const account = demo.at('qu-tourism', 'chenjing');
  await fillLink(page, account.username, 'certainly-wrong-1');
  await says(page, 'dialog .note.bad', '账号或口令不对');
  await says(page, 'dialog .note.bad', '没有保存任何内容');
  await shot(page, 'links-failed');
  assert.deepEqual(await attempts(mark, 'qu-tourism'), ['login_failed', 'login_failed']);
  assert.equal(await page.locator('dialog input[name=password]').inputValue(), '');
  await fillLink(page, account.username, account.password);
  await page.locator('.note.good').waitFor();
  await shot(page, 'links');
  await signOut(page);
  await visit.close();
});

test('刘洋: an unlinked system is not tried, it is linked first, then it opens', async () => {
  visit = await chromium.visit();
  const { page } = visit;
  const mark = await Mark.take(['qu-tourism']);
  await signIn(page, 'liuyang');
  await says(page, '.tile:has(a[href$="/go/qu-tourism"])', '待绑定');
  await toLinking(page, 'qu-tourism');
  await says(page, '.note.warn', '文化旅游公共服务平台 需要先绑定账号');
  assert.deepEqual(await mark.since('qu-tourism'), []);
  const account = demo.at('qu-tourism', 'liuyang');
  await fillLink(page, account.username, account.password);
  await page.locator('.note.good a', { hasText: '打开系统' }).click();
  await onSystem(page, 'qu-tourism');
  await systemOf('qu-tourism').home(page, '刘洋');
  await mark.honest('qu-tourism', 'liuyang');
  await home(page);
  assert.doesNotMatch((await page.locator('.tile:has(a[href$="/go/qu-tourism"])').first().textContent()) ?? '', /待绑定/);
  await signOut(page);
  await visit.close();
});
