// dl-realty: registered property
import { code, decimal, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { address, idNumber, person, prose, serial } from '../values.ts';

const kYt = { '10': '住宅', '20': '商业', '30': '工业', '40': '办公' };
const kDj = { '1': '首次', '2': '转移', '3': '变更', '4': '注销', '5': '查封', '6': '抵押' };
const kZt = { '1': '现势', '0': '历史' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'djhy',
    size: 500,
    item: 'ZS-MS-034',
    columns: [
      key('bdcdyh', serial('210299001001GB00001F', 8), 'bdcdyh'),
      text('owner', person, 'qlr'),
      text('id_no', idNumber, 'zjh'),
      text('location', address, 'zl'),
      decimal('area', 20, 400, 2, 'mj'),
      code('usage', kYt, 'yt'),
      code('kind', kDj, 'djlx'),
      moment('registered_at', 'djsj', 0),
      text('certificate', serial('辽(2026)临海不动产权第', 7), 'cqzh'),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'qszm',
    size: 200,
    item: 'ZS-MS-035',
    columns: [
      key('cqzh', serial('辽(2026)临海不动产权第', 7), 'cqzh'),
      text('owner', person, 'qlr'),
      text('id_no', idNumber, 'zjh'),
      text('location', prose, 'zl'),
      moment('registered_at', 'djsj', 0),
    ],
  },
  {
    name: 'zd',
    size: 300,
    item: 'ZS-KJ-020',
    columns: [
      key('bdcdyh', serial('210299001001GB00001F', 8), 'BDCDYH'),
      text('location', address, 'ZL'),
      decimal('area', 20, 400, 2, 'MJ'),
      code('usage', kYt, 'YT'),
    ],
  },
];
