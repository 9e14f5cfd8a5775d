// The six systems without a login form: Basic, Digest, ticket, signed header, bearer token, LTPA cookie.
import assert from 'node:assert/strict';
import { download, frameOf, kText, says } from './walk.ts';
import type { System } from './walk.ts';

export const lnForestfire: System = {
  id: 'ln-forestfire',
  initials: 'sslfh',
  async home(page, person) {
    await says(page, 'h1', '省森林防火监测预警系统');
    await says(page, '#user', person);
    await says(page, '#summary', `${person} 青山街道 36`);
  },
  async tour(page) {
    await page.getByRole('link', { name: '热点' }).click();
    await page.getByRole('link', { name: '下一页' }).click();
    await page.getByRole('link', { name: 'HOT00013' }).click();
    await says(page, 'body', '编号：HOT00013');
    await page.getByRole('link', { name: '核查' }).click();
    await page.locator('select[name=verify]').selectOption('2');
    await page.locator('textarea[name=note]').fill(kText);
    await page.locator('form button').click();
    await says(page, '#note', kText);
    await download(page, () => page.getByRole('link', { name: '下载' }).click(), {
      file: '热点清单.csv',
      charset: 'gbk',
      text: '编号,位置,面积',
    });
  },
};

export const lnEmergency: System = {
  id: 'ln-emergency',
  initials: 'syjzh',
  async home(page, person) {
    await says(page, 'h1', '省应急指挥综合平台');
    await says(page, '#user', person);
    await says(page, '#duty', `${person} 橙色`);
  },
  async tour(page) {
    await page.getByRole('link', { name: 'T0001' }).click();
    await says(page, 'body', '任务 T0001：');
    await page.getByRole('link', { name: '检索' }).click();
    await says(page, '#q', /^防汛$/);
    await page.getByRole('link', { name: '报送' }).click();
    await page.locator('input[name=title]').fill('险情');
    await page.locator('textarea[name=content]').fill(kText);
    await page.locator('form button').click();
    await says(page, '#content', kText);
    await page.getByRole('link', { name: '预案' }).click();
    await download(page, () => page.getByRole('link', { name: '下载' }).first().click(), {
      file: '防台风应急预案.txt',
      charset: 'utf-8',
      text: '一、总则',
    });
  },
};

export const dlVideo: System = {
  id: 'dl-video',
  initials: 'gaxlgc',
  async home(page, person) {
    await says(page, 'h1', '公安雪亮工程（天网）视频共享平台');
    await says(page, '#user', person);
    await says(page, '#status', `${person} 2575/2735`);
  },
  async tour(page) {
    await page.getByRole('link', { name: '摄像机' }).click();
    await page.getByRole('link', { name: '下一页' }).click();
    await page.getByRole('link', { name: '21029900081326000021' }).click();
    await says(page, 'body', '21029900081326000021');
    await page.getByRole('link', { name: '分组' }).click();
    await page.locator('input[name=groupName]').fill('重点路口');
    await page.locator('form button').click();
    await says(page, '#group', /^重点路口$/);
  },
};

export const quIntegrity: System = {
  id: 'qu-integrity',
  initials: 'lzzhjd',
  async home(page, person) {
    await says(page, 'h1', '廉政智慧监督系统');
    await says(page, '#user', person);
    await says(page, '#clues', `${person} 14`);
  },
  async tour(page, person) {
    await page.getByRole('link', { name: '线索' }).click();
    await page.getByRole('link', { name: '1002' }).click();
    await says(page, 'body', '线索 1002：');
    await page.locator('textarea[name=opinion]').fill(kText);
    await page.locator('form button').click();
    await says(page, '#opinion', kText);
    await says(page, 'body', `核查人：${person}`);
    await download(page, () => page.getByRole('link', { name: '导出' }).click(), {
      file: '风险线索.csv',
      charset: 'utf-8',
      text: '线索号,规则',
    });
  },
};

export const quGrid: System = {
  id: 'qu-grid',
  initials: 'wghglpt',
  async home(page, person) {
    await says(page, 'h1', '网格化管理平台（全科智慧网）');
    await says(page, '#user', person);
    await says(page, '#app li', 'WG2102992026');
  },
  async tour(page, person) {
    await page.locator('#app li a').first().click();
    await says(page, '#app h2', /./);
    await page.locator('#opinion').fill(kText);
    await page.getByRole('button', { name: '处置' }).click();
    await says(page, '#result', `${person}：${kText}`);
    await page.goBack();
    await download(page, () => page.getByRole('link', { name: '导出' }).click(), {
      file: '网格事件.csv',
      charset: 'utf-8',
      text: '事件编号,标题,地址',
    });
  },
};

export const quOa: System = {
  id: 'qu-oa',
  initials: 'xtbg',
  async home(page, person) {
    assert.equal(await page.title(), `协同办公OA - ${person}`);
    const top = await frameOf(page, 'top');
    await says(top, '#user', person);
    await says(top, '#count', `9 ${person}`);
  },
  async tour(page, person) {
    const main = await frameOf(page, 'main');
    await (await frameOf(page, 'nav')).getByRole('link', { name: '全部公文' }).click();
    await main.getByRole('link', { name: '关于做好冬季供热工作的通知' }).first().click();
    await says(main, 'body', `当前办理人：${person}`);
    await download(page, () => main.getByRole('link', { name: '附件' }).click(), {
      file: '关于做好冬季供热工作的通知.doc',
      charset: 'gbk',
      text: '正文',
    });
    await main.locator('textarea[name=Opinion]').fill(kText);
    await main.locator('input[type=submit]').click();
    await says(main, '#opinion', kText);
    await says(main, 'body', `签署人：${person}`);
  },
};
