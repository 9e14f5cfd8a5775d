// qu-stat: indices, population, forecasts
import { code, decimal, key, text, whole } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { oneOf, serial } from '../values.ts';

const kFl = { '1': '快报', '2': '初步', '3': '年报核定' };
const kIndexColumns = [
  key('ind_code', serial('ZB', 6), '指标代码'),
  key('period', oneOf(['202610']), '报告期'),
  text('region', oneOf(['210299']), '区划'),
  decimal('value', 100, 90000, 4, '数值'),
  text('unit', oneOf(['万元', '亿元', '%']), '单位'),
  decimal('yoy', -20, 40, 2, '同比'),
  code('flag', kFl, '数据状态'),
];
export const kTables: readonly TableSpec[] = [
  { name: 'gdp', size: 24, item: 'ZS-JJ-012', columns: kIndexColumns },
  { name: 'gyzjz', size: 24, item: 'ZS-JJ-013', columns: kIndexColumns },
  { name: 'gdzc', size: 24, item: 'ZS-JJ-014', columns: kIndexColumns },
  { name: 'shls', size: 24, item: 'ZS-JJ-015', columns: kIndexColumns },
  { name: 'czsr', size: 24, item: 'ZS-JJ-016', columns: kIndexColumns },
  { name: 'czzc', size: 24, item: 'ZS-JJ-017', columns: kIndexColumns },
  { name: 'wm', size: 24, item: 'ZS-JJ-018', columns: kIndexColumns },
  { name: 'wz', size: 24, item: 'ZS-JJ-019', columns: kIndexColumns },
  { name: 'jmsr', size: 24, item: 'ZS-JJ-020', columns: kIndexColumns },
  {
    name: 'yc',
    size: 24,
    item: 'ZS-JJ-030',
    columns: [
      key('ind_code', serial('YC', 6), '指标代码'),
      key('period', oneOf(['202611']), '报告期'),
      decimal('value', 100, 90000, 4, '预测值'),
      decimal('low', 10, 100, 4, '下限'),
      decimal('high', 90000, 99000, 4, '上限'),
    ],
  },
  {
    name: 'hjrk',
    size: 60,
    item: 'ZS-MS-002',
    columns: [
      key('community', serial('210299001', 3), '社区代码'),
      key('period', oneOf(['202610']), '报告期'),
      whole('households', 200, 4000, '户数'),
      whole('people', 500, 12000, '人口'),
    ],
  },
  {
    name: 'jjr',
    size: 12,
    item: 'ZS-WL-018',
    columns: [
      key('period', serial('2026假期', 2), '假期'),
      decimal('visitors', 1, 90, 2, '接待万人次'),
      decimal('income', 1, 20, 4, '收入亿元'),
      code('flag', kFl, '数据状态'),
    ],
  },
];
