// A session that the system forgot is renewed once at the next click; one that the hub ended is said to scripts in JSON.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNotAsked, Chromium } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { atLogin, home, onSystem, signIn, signOut } from '../src/portal.ts';
import { frameOf, says, systemOf } from '../src/systems.ts';
import { kEndedThere, Mark, post } from '../src/zoo.ts';

let chromium: Chromium;
let visit: Visit;

before(async () => {
  chromium = await Chromium.launch('expiry');
  visit = await chromium.visit();
  await signIn(visit.page, 'wangmin');
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

interface Case {
  id: string;
  what?: string;
  click(): Promise<void>;
}

const link = (name: string, selector: string, wanted: string) => async (): Promise<void> => {
  await visit.page.getByRole('link', { name, exact: true }).first().click();
  await says(visit.page, selector, wanted);
};

const kCases: Case[] = [
  { id: 'qu-tourism', click: link('景区', 'td', 'JQ001') },
  { id: 'nat-salvation', click: link('家庭列表', 'td', 'DB210299') },
  { id: 'ln-edu', click: link('最近查看', 'body', '学籍号：G2102992019') },
  { id: 'ln-forestfire', click: link('热点', 'td', 'HOT00001') },
  { id: 'dl-video', click: link('摄像机', 'td', '2102990008132600') },
  { id: 'ln-emergency', click: link('预案', 'td', '防台风应急预案') },
  {
    id: 'dl-8890',
    click: async () => {
      await (await frameOf(visit.page, 'left')).getByRole('link', { name: '供热工单' }).click();
      await says(await frameOf(visit.page, 'main'), '#key', '供热');
    },
  },
  {
    id: 'qu-oa',
    click: async () => {
      await (await frameOf(visit.page, 'nav')).getByRole('link', { name: '全部公文' }).click();
      await says(await frameOf(visit.page, 'main'), 'td', '关于做好冬季供热工作的通知');
    },
  },
  {
    id: 'qu-grid',
    click: async () => {
      await visit.page.locator('#app li a').nth(1).click();
      await says(visit.page, '#app h2', /./);
    },
  },
  {
    id: 'qu-grid',
    what: 'access',
    click: async () => {
      await visit.page.locator('#app li a').nth(2).click();
      await says(visit.page, '#app h2', /./);
    },
  },
];

for (const one of kCases) {
  test(`${one.id}${one.what ? ` (${one.what} token)` : ''}: the click after an expiry just works, ${one.what ? 'renewed by its refresh token' : 'signed on again once'}`, async () => {
    await visit.page.goto(`${demo.origin}/go/${one.id}`);
    await onSystem(visit.page, one.id);
    await systemOf(one.id).home(visit.page, '王敏');
    const { ended } = (await post(one.id, 'expire', one.what ? { what: one.what } : {})) as { ended: number };
    assert.ok(ended > 0, 'nothing was ended');
    const mark = await Mark.take([one.id]);
    await one.click();
    await assertNotAsked(visit);
    const events = await mark.honest(one.id, 'wangmin', kEndedThere);
    // A refresh token that still stands renews the session: the password is not used.
    assert.equal(events.filter((event) => event.event === 'login').length, one.what ? 0 : 1);
  });
}

test('a form that was sent into an expired session is not sent twice, and the person is told', async () => {
  const { page } = visit;
  await page.goto(`${demo.origin}/go/ln-emergency`);
  await onSystem(page, 'ln-emergency');
  await page.goto(`${demo.origin}/go/qu-tourism`);
  await onSystem(page, 'qu-tourism');
  await page.getByRole('link', { name: '意见' }).click();
  await page.locator('input[name=title]').fill('一次');
  await post('qu-tourism', 'expire');
  const mark = await Mark.take(['qu-tourism']);
  await page.locator('#feedback input[type=submit]').click();
  await says(page, 'h1', /会话已更新，请重新提交|意见|文化旅游/);
  const posts = (await mark.since('qu-tourism')).filter((one) => one.event === 'request' && one.method === 'POST');
  const stored = posts.filter((one) => one.path === '/wl/feedback/' && one.status === 302 && one.account !== null);
  assert.ok(stored.length <= 1, 'stored twice');
});

test('a script that asks without a hub session gets 401 JSON with the login address', async () => {
  const { page, context } = visit;
  await page.goto(`${demo.origin}/go/qu-tourism`);
  await onSystem(page, 'qu-tourism');
  await systemOf('qu-tourism').home(page, '王敏');
  const other = await context.newPage();
  await home(other);
  await signOut(other);
  const mark = await Mark.take(['qu-tourism']);
  const answer = await page.evaluate(async () => {
    const response = await fetch('/wl/api/flow/', { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> };
  });
  assert.equal(answer.status, 401);
  assert.match(answer.type ?? '', /json/);
  const login = new URL(String(answer.body['login_url']));
  assert.equal(login.origin, demo.origin);
  assert.equal(login.pathname, '/go/qu-tourism');
  assert.deepEqual(await mark.since('qu-tourism'), []);
  await page.goto(login.href);
  await atLogin(page);
});
