// The four systems with a login form, two of them in GBK.
import assert from 'node:assert/strict';
import { download, frameOf, kText, says } from './walk.ts';
import type { System } from './walk.ts';

export const quTourism: System = {
  id: 'qu-tourism',
  initials: 'whlyggfw',
  async home(page, person) {
    await says(page, 'h1', '文化旅游公共服务平台');
    await says(page, '#user', person);
    await says(page, '#flow', `${person} 18342`);
  },
  async tour(page, person) {
    await page.locator('#fav').click();
    await says(page, '#fav-result', `已收藏 ${person}`);
    await page.getByRole('link', { name: '灯塔景区' }).click();
    await says(page, '#q', /^灯塔$/);
    await page.getByRole('link', { name: '景区', exact: true }).click();
    await page.getByRole('link', { name: 'JQ001' }).click();
    await says(page, 'main', '最大承载量：500 人');
    await page.getByRole('link', { name: '意见' }).click();
    await page.locator('input[name=title]').fill('指示牌');
    await page.locator('textarea[name=content]').fill(kText);
    await page.locator('#feedback input[type=submit]').click();
    await says(page, '#content', kText);
    await download(page, () => page.getByRole('link', { name: '导出' }).click(), {
      file: '景区客流.csv',
      charset: 'utf-8',
      text: 'JQ001,',
    });
  },
};

export const dl8890: System = {
  id: 'dl-8890',
  initials: '8890zh',
  async home(page, person) {
    assert.equal(await page.title(), `8890综合服务平台 - ${person}`);
    const top = await frameOf(page, 'top');
    await says(top, '#user', person);
    await says(top, '#db', person);
    await says(await frameOf(page, 'main'), 'h3', '待办工单');
  },
  async tour(page, person) {
    const left = await frameOf(page, 'left');
    const main = await frameOf(page, 'main');
    await left.getByRole('link', { name: '供热工单' }).click();
    await says(main, '#key', /^供热$/);
    await left.getByRole('link', { name: '停水工单' }).click();
    await says(main, '#key', /^停水$/);
    await main.locator('input[name=key]').fill('路灯');
    await main.locator('input[type=submit]').click();
    await says(main, '#key', /^路灯$/);
    await left.getByRole('link', { name: '待办工单' }).click();
    await main.locator('a[href^="view.jsp"]').first().click();
    await says(main, 'body', '请尽快处理');
    await main.locator('textarea[name=bjyj]').fill(kText);
    await main.locator('input[type=submit]').click();
    await says(main, '#bjyj', kText);
    await says(main, 'body', `办理人：${person}`);
    await download(page, () => left.getByRole('link', { name: '导出' }).click(), {
      file: '工单导出.xls',
      charset: 'gbk',
      text: '工单编号\t联系人',
    });
  },
};

export const natSalvation: System = {
  id: 'nat-salvation',
  initials: 'qgshjz',
  async home(page, person) {
    await says(page, 'h2', '全国社会救助信息系统（低保）');
    await says(page, '#user', person);
    await says(page, '#hs', person);
  },
  async tour(page, person) {
    const index = page.url();
    await page.getByRole('link', { name: '孙姓家庭' }).click();
    await says(page, '#xm', /^孙$/);
    await page.locator('input[name=xm]').fill('赵');
    await page.locator('input[type=submit]').click();
    await says(page, '#xm', /^赵$/);
    await page.goto(index);
    await page.getByRole('link', { name: '家庭列表' }).click();
    await page.getByRole('link', { name: /^DB210299/ }).first().click();
    await says(page, 'body', '户主：');
    await page.getByRole('link', { name: '入户调查' }).click();
    await page.locator('textarea[name=dcyj]').fill(kText);
    await page.locator('input[type=submit]').click();
    await says(page, '#dcyj', kText);
    await says(page, 'body', `调查人：${person}`);
    await page.goto(index);
    await download(page, () => page.getByRole('link', { name: '发放报表' }).click(), {
      file: '低保金发放.csv',
      charset: 'gbk',
      text: '业务编号,户主,金额',
    });
  },
};

export const lnEdu: System = {
  id: 'ln-edu',
  initials: 'qszxxxj',
  async home(page, person) {
    await says(page, 'h1', '全省中小学学籍管理系统');
    await says(page, '#ctl00_lblUser', person);
  },
  async tour(page, person) {
    await says(page, '#count', `${person} 42`);
    await page.getByRole('link', { name: '学籍', exact: true }).click();
    await page.getByRole('link', { name: '2', exact: true }).click();
    await says(page, '#page', /^2$/);
    await page.getByRole('link', { name: '查看' }).first().click();
    await says(page, 'body', '学籍号：G2102992019');
    await page.locator('select[name=ddlStatus]').selectOption('休学');
    await page.locator('textarea[name=txtRemark]').fill(kText);
    await page.locator('input[name=btnSave]').click();
    await says(page, '#lblResult', '已保存：休学');
    await says(page, '#remark', kText);
    await page.getByRole('link', { name: '导出' }).click();
    await download(page, () => page.locator('input[name=btnExport]').click(), {
      file: '学籍名册.xls',
      charset: 'utf-8',
      text: '<table',
    });
  },
};
