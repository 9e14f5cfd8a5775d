// qu-tower: towers, tenants and rewards
import { asKey, code, day, decimal, key, text, whole } from '../columns.ts';
import { numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, bureau, creditCode, firm, matter, oneOf, serial, street } from '../values.ts';

const kState = { '1': '在谈', '2': '签约', '3': '落地', '4': '放弃' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'tower',
    size: 160,
    item: 'ZS-JJ-007',
    columns: [
      asKey(numbered('tower_id', '楼宇号')),
      text('name', serial('临海大厦', 3), '名称'),
      text('address', address, '地址'),
      decimal('area', 3000, 90000, 2, '总面积'),
      decimal('vacant', 0, 3000, 2, '空置面积'),
      decimal('rent', 1, 6, 2, '租金'),
      decimal('tax', 10, 9000, 2, '年税收万元'),
      text('street', street, '街道'),
    ],
  },
  {
    name: 'vacancy',
    size: 160,
    item: 'ZS-JJ-008',
    columns: [
      asKey(numbered('tower_id', '楼宇号')),
      key('month', oneOf(['202610']), '月份'),
      decimal('vacant', 0, 3000, 2, '空置面积'),
      decimal('rent', 1, 6, 2, '租金'),
    ],
  },
  {
    name: 'tax',
    size: 160,
    item: 'ZS-JJ-009',
    columns: [
      asKey(numbered('tower_id', '楼宇号')),
      key('month', oneOf(['202610']), '月份'),
      decimal('tax', 1, 900, 2, '税收万元'),
    ],
  },
  {
    name: 'reward',
    size: 90,
    item: 'ZS-JJ-010',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('year', oneOf(['2026']), '年度'),
      text('name', firm, '企业'),
      decimal('reward', 1, 300, 2, '招商奖励万元'),
      day('paid_on', '发放日期', 1),
    ],
  },
  {
    name: 'lead',
    size: 70,
    item: 'ZS-JJ-011',
    columns: [
      key('lead_id', serial('XS', 6), '线索号'),
      text('name', matter, '项目'),
      text('industry', oneOf(['F5179', 'I6510', 'K7010', 'L7211']), '行业'),
      decimal('invest', 100, 9000, 1, '意向投资万元'),
      text('owner', bureau, '责任单位'),
      code('state', kState, '状态'),
    ],
  },
  {
    name: 'tenant',
    size: 400,
    item: 'ZS-QY-018',
    columns: [
      key('uscc', creditCode, 'uscc'),
      whole('tower_id', 1, 160, 'tower_id'),
      text('name', firm, 'name'),
      text('industry', oneOf(['F5179', 'I6510', 'K7010', 'L7211']), 'industry'),
      whole('staff', 1, 900, 'staff'),
      decimal('reward', 0, 90, 2, 'reward'),
    ],
  },
];
