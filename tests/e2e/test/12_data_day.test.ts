// A data steward's day (P5): the board, an empty list, a mapping tried, a hub that dies, data for another unit, a rule.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chromium, shot } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { killHub, ownAdapters, startHub, stopHub } from '../src/hub.ts';
import { signIn } from '../src/portal.ts';
import { says } from '../src/systems.ts';
import { until } from '../src/wait.ts';
import { order, truth } from '../src/zoo.ts';

const kProjects = 'ZS-JJ-001'; // of qu-project: whole lists
const kIssues = 'ZS-SQ-021'; // of qu-community: 6,000 rows in pages
const kPurpose = '核对就业援助对象在社区提出的问题';
const kRunMs = 90_000;
let chromium: Chromium;
let steward: Visit;
let asker: Visit;
let contract = '';

before(async () => {
  chromium = await Chromium.launch('data-day');
  steward = await chromium.visit();
  asker = await chromium.visit();
  await signIn(steward.page, 'sunshu');
  await signIn(asker.page, 'hexin');
});
after(async () => {
  await steward?.close();
  await asker?.close();
  await chromium?.close();
});

async function open(page: Page, path: string, ready: string): Promise<void> {
  await page.goto(`${demo.origin}${path}`);
  await page.locator(ready).first().waitFor();
}
const runsOf = (page: Page, item: string): Promise<{ id: number; state: string }[]> =>
  page.evaluate(async (code) => ((await (await fetch(`/api/v1/sync/runs?item=${code}`)).json()) as { items: { id: number; state: string }[] }).items, item);
const readNow = (page: Page, item: string): Promise<number> =>
  page.evaluate(async (code) => {
    const { items } = (await (await fetch('/api/v1/sync/jobs')).json()) as { items: { item: string; progress: { read: number } | null }[] };
    return items.find((one) => one.item === code)?.progress?.read ?? -1;
  }, item);

/** Presses the button on the item's page and waits for the end of the run; returns its state. */
async function run(page: Page, item: string, button: RegExp): Promise<string> {
  const before = (await runsOf(page, item))[0]?.id ?? 0;
  await open(page, `/data/items/${item}`, '.head .acts button');
  await page.getByRole('button', { name: button }).click();
  await ended(page, item, before);
  return (await runsOf(page, item))[0]?.state ?? '';
}
async function ended(page: Page, item: string, after: number): Promise<void> {
  await until(`a run of ${item} has ended`, async () => {
    const last = (await runsOf(page, item))[0];
    return last !== undefined && last.id > after && last.state !== 'running' && last.state !== 'retrying';
  }, kRunMs);
}
const ready = async (page: Page): Promise<boolean> => (await page.goto(`${demo.origin}/readyz`).catch(() => null))?.ok() === true;

async function standing(page: Page, item: string): Promise<string> {
  await open(page, `/data/items?q=${item}`, '.table tbody tr');
  return (await page.locator('.table tbody tr .tag').first().textContent()) ?? '';
}

test('1 the board says how all 260 items stand', async () => {
  const { page } = steward;
  await open(page, '/data/items', '.board .chip');
  await says(page, '.found', '找到 260 项');
  const counts = await page.locator('.board .chip strong').allTextContents();
  assert.equal(counts.reduce((sum, one) => sum + Number(one), 0), 260);
  await shot(page, 'p5-1-board');
  await page.locator('.board .chip', { hasText: '未接入' }).click();
  await page.waitForURL(/standing=unsupplied/);
});

test('2 an empty list removes nothing, waits for a person, and goes on when the source is mended', async () => {
  const { page } = steward;
  const expected = (await truth('qu-project', kProjects)).rows.length;
  assert.equal(await run(page, kProjects, /^全量运行/), 'done');
  await order('qu-project', 'act/break', { on: true });
  await run(page, kProjects, /^全量运行/);
  assert.equal(await standing(page, kProjects), '待确认');
  await shot(page, 'p5-2-held');
  await page.locator('.table tbody a').first().click();
  await page.waitForURL(`**/data/items/${kProjects}`);
  await says(page, '[aria-labelledby=fresh] .pairs', new RegExp(`记录数\\s*${expected}`));
  const [last] = await runsOf(page, kProjects);
  await open(page, `/data/items/${kProjects}/runs/${last?.id}`, '.held button');
  await says(page, '.held', /等待确认的删除/);
  await shot(page, 'p5-2-run');
  await order('qu-project', 'act/break', { on: false });
  assert.equal(await run(page, kProjects, /^全量运行/), 'done');
  assert.equal(await standing(page, kProjects), '正常');
});

test("3 a change of the mapping is tried on the source's own records, and nothing is written", async () => {
  const { page } = steward;
  await open(page, `/data/items/${kIssues}/mapping`, '.picker');
  await says(page, '[aria-labelledby=result] > .quiet', /未通过 0/);
  const editor = page.locator('.editor textarea');
  const text = await editor.inputValue();
  await editor.fill(text.replace('{to: uid, from: uid, type: text,', '{to: uid, from: uid, type: text, check: phone,'));
  await says(page, '[aria-labelledby=result] > .quiet', /通过 0，未通过/);
  await page.locator('.picker .chip.rejected').first().waitFor();
  await shot(page, 'p5-3-mapping');
  await page.getByRole('button', { name: '撤销修改' }).click();
  await says(page, '[aria-labelledby=result] > .quiet', /未通过 0/);
});

test('4 the hub is killed in the middle of 6,000 rows, and afterwards not one is missing', async () => {
  const { page } = steward;
  const before = (await runsOf(page, kIssues))[0]?.id ?? 0;
  await order('qu-community', 'fault', { kind: 'slow', ms: 700, path: '/sqt/api/issue' });
  await open(page, `/data/items/${kIssues}`, '.head .acts button');
  await page.getByRole('button', { name: /^全量运行/ }).click();
  await until('some of it is read', async () => (await readNow(page, kIssues)) > 0, kRunMs);
  await open(page, '/data/jobs?show=running', '.table progress');
  await shot(page, 'p5-4-running');
  await killHub();
  await order('qu-community', 'fault', { kind: 'none' });
  await startHub(() => ready(page));
  await open(page, '/data/jobs', '.table');
  await ended(page, kIssues, before);
  const expected = (await truth('qu-community', kIssues)).rows.length;
  if ((await runsOf(page, kIssues))[0]?.state !== 'done') assert.equal(await run(page, kIssues, /^立即运行/), 'done');
  await open(page, `/data/items/${kIssues}`, '.pairs');
  await says(page, '[aria-labelledby=fresh] .pairs', new RegExp(`记录数\\s*${expected.toLocaleString('en-US')}`));
  await shot(page, 'p5-4-after');
});

test('5 another unit asks for data, the steward sees what would be masked and approves', async () => {
  const { page } = asker;
  await open(page, '/data/offers', '.table');
  await page.getByRole('textbox', { name: '搜索' }).fill(kIssues);
  await says(page, '.found', '找到 1 项');
  await page.locator('.table tbody a.btn').click();
  await page.locator('.picker-of .table').waitFor();
  await page.locator('textarea[name=purpose]').fill(kPurpose);
  await page.locator('input[name=basis]').fill('《政务数据共享条例》第二十条');
  await page.getByRole('button', { name: '全选' }).click();
  assert.equal(await page.getByRole('combobox', { name: '显示方式 内容' }).inputValue(), 'hash');
  await shot(page, 'p5-5-request', true);
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.waitForURL(/\/data\/shares\/\d+$/);
  contract = page.url().split('/').pop() ?? '';
  await says(page, '.marks', /待审批/);

  const desk = steward.page;
  await open(desk, '/data/shares?show=desk', '.table');
  await desk.locator(`a[href="/data/shares/${contract}"]`).click();
  await says(desk, '.note', '个人信息均已脱敏');
  await says(desk, '.pairs', kPurpose);
  await says(desk, '.table', '替换为代号');
  await shot(desk, 'p5-5-desk', true);
  await desk.getByRole('button', { name: '批准', exact: true }).click();
  await desk.locator('dialog').getByRole('button', { name: '批准', exact: true }).click();
  await says(desk, '.marks', /生效/);
});

/** Reads as the page does; the texts of its cells. */
async function look(page: Page, asOf: string): Promise<string[]> {
  const answered = page.waitForResponse((response) => response.url().includes(`/share/${contract}/rows`));
  await page.locator('input[name=as_of]').fill(asOf);
  await page.getByRole('button', { name: '读取前 20 行' }).click();
  assert.equal((await answered).status(), 200);
  await page.locator('.rows-of .table').waitFor();
  return page.locator('.rows-of tbody tr').allInnerTexts();
}

test('6 the contract gives masked rows, as of an earlier time too, within its quota, and all of it is audited', async () => {
  const { page } = asker;
  await open(page, `/data/shares/${contract}`, '.read');
  const first = await look(page, '');
  assert.equal(first.length, 20);
  assert.ok(first.every((row) => !row.includes('电话') && /[0-9a-f]{12}…/.test(row)), 'the text of residents is not shown');
  const then = await page.evaluate(() => {
    const at = new Date(); // the browser's clock and zone, as the person types it
    const [day, month, ...time] = [at.getDate(), at.getMonth() + 1, at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0'));
    return `${at.getFullYear()}-${month}-${day} ${time.join(':')}`;
  });
  await until('the clock has moved on', () => Promise.resolve(Date.now() > Date.parse(`${then.replace(' ', 'T')}+08:00`) + 2000));
  await order('qu-community', 'change', { item: kIssues, update: 6000 });
  assert.equal(await run(steward.page, kIssues, /^全量运行/), 'done');
  await until('the change is seen', async () => (await look(page, '')).join() !== first.join(), 30_000);
  assert.deepEqual(await look(page, then), first);
  await says(page, '.found', `截至 ${then}`);
  await shot(page, 'p5-6-as-of', true);

  await page.getByRole('button', { name: '签发令牌' }).click();
  await page.locator('dialog input[name=name]').fill('就业援助核对系统');
  await page.locator('dialog button[type=submit]').click();
  const token = (await page.locator('.secret code').textContent()) ?? '';
  const reads = await page.evaluate(
    async ([id, secret]) => {
      const got: number[] = [];
      for (let i = 0; i < 12; i++) {
        const answer = await fetch(`/api/v1/share/${id}/rows?limit=200`, { headers: { Authorization: `Bearer ${secret}` }, credentials: 'omit' });
        if (answer.status !== 200) return { got, status: answer.status };
        got.push(((await answer.json()) as { rows: unknown[] }).rows.length);
      }
      return { got, status: 200 };
    },
    [contract, token] as const,
  );
  assert.equal(reads.status, 429);
  assert.ok(reads.got.length > 0 && reads.got.reduce((sum, n) => sum + n, 0) <= 1000, String(reads.got));
  await page.getByRole('button', { name: '已保存' }).click();
  await open(page, `/data/shares/${contract}`, '.used');
  await says(page, '.used', /每次读取都记入审计日志/);
  await shot(page, 'p5-6-contract', true);
  assert.equal((await page.content()).includes(token), false, 'a token is shown once');
});

test('7 a rule over two items finds exactly what its sources hold, and somebody looks after it', async () => {
  const { page } = steward;
  assert.equal(await run(page, 'ZS-JJ-002', /^全量运行/), 'done');
  const projects = await truth('qu-project', kProjects);
  const progress = await truth('qu-project', 'ZS-JJ-002');
  const at = (of: { fields: string[] }, name: string): number => of.fields.indexOf(name);
  const begun = new Set(
    progress.rows.filter((row) => ['在建', '竣工'].includes(row[at(progress, 'stage')] ?? '')).map((row) => row[at(progress, 'proj_id')]),
  );
  const limit = new Date(Date.now() + 8 * 3_600_000 - 90 * 86_400_000).toISOString().slice(0, 10);
  const late = projects.rows.filter(
    (row) =>
      ['谋划', '前期'].includes(row[at(projects, 'stage')] ?? '') && (row[at(projects, 'plan_start')] ?? '9') < limit && !begun.has(row[at(projects, 'proj_id')] ?? ''),
  ).length;
  assert.ok(late > 0);
  await open(page, '/data/alerts', '[aria-labelledby=checks] .table');
  await page.getByRole('button', { name: '立即检查 重大项目超期未招标' }).click();
  await says(page, '.toasts', new RegExp(`发现 ${late} 处`));
  await says(page, '.alert-picks', `待处理 ${late}`);
  await shot(page, 'p5-7-alerts');
  await page.locator('.says').first().click();
  await page.locator('textarea[name=note]').fill('已请区发展和改革局核实计划。');
  await shot(page, 'p5-7-alert');
  await page.getByRole('button', { name: '接手处理' }).click();
  await says(page, '.marks', /处理中/);
  await page.locator('[aria-labelledby=records] tbody a').first().click();
  await page.waitForURL(`**/data/items/${kProjects}/lineage`);
  await page.locator('.graph path').first().waitFor({ state: 'attached' });
  await says(page, '.tree', '重大项目超期未招标');
  await shot(page, 'p5-7-lineage', true);
});

test('8 a mapping that refuses good records is mended, and they are replayed until the counts agree', async () => {
  const { page } = steward;
  const kShops = 'ZS-WL-019';
  const file = join(ownAdapters(), 'qu-community/data.yaml');
  const good = readFileSync(file, 'utf8');
  const restart = async (text: string): Promise<void> => {
    writeFileSync(file, text);
    await stopHub();
    await startHub(() => ready(page));
  };
  const shops = (await truth('qu-community', kShops)).rows.length;
  await restart(good.replace('{to: brand, from: brand, type: text,', '{to: brand, from: brand, type: text, check: credit_code,'));
  assert.equal(await run(page, kShops, /^全量运行/), 'partial');
  await open(page, `/data/letters?item=${kShops}`, '.table');
  await says(page, '.found', `1 种原因，共 ${shops} 条`);
  await shot(page, 'p5-8-causes');
  await page.locator('.table tbody a').first().click();

  // One by hand: what is typed passes the very rule that the source's text did not.
  await page.getByRole('button', { name: /^修改 \d/ }).first().click();
  await page.locator('dialog input[name=brand]').fill('91350100M000100Y43');
  await page.locator('dialog button[type=submit]').click();
  await page.getByRole('button', { name: '试重放' }).click();
  await says(page, '.note.good', '试重放：1 条可以通过');
  await shot(page, 'p5-8-tried');
  await page.getByRole('button', { name: '正式重放 1 条' }).click();
  await says(page, '.note.good', '已重放：1 条已入库');

  // The others by the mended mapping.
  await restart(good);
  await open(page, `/data/letters?item=${kShops}`, '.table');
  await says(page, '.found', `共 ${shops - 1} 条`);
  await page.locator('.table tbody a').first().click();
  await page.getByRole('button', { name: '试重放' }).click();
  await says(page, '.note.good', `试重放：${shops - 1} 条可以通过`);
  await page.getByRole('button', { name: `正式重放 ${shops - 1} 条` }).click();
  await says(page, '.note.good', `已重放：${shops - 1} 条已入库`);
  await shot(page, 'p5-8-done');
  await open(page, `/data/letters?item=${kShops}`, '.empty');
  await open(page, `/data/items/${kShops}`, '.pairs');
  await says(page, '[aria-labelledby=fresh] .pairs', new RegExp(`记录数\\s*${shops}`));
});
