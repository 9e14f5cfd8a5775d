// nat-salvation: minimum aid, allowances, temporary aid
import { asKey, changed, code, day, decimal, key, text, whole } from '../columns.ts';
import { numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { digits, idNumber, oneOf, person, prose, serial, street } from '../values.ts';

const kBzlb = { '01': '城市低保', '02': '农村低保', '03': '特困供养', '04': '临时救助' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'V_DB_JT',
    size: 600,
    item: 'ZS-MS-004',
    columns: [
      key('jtbh', serial('2102990010000', 3), 'JTBH'),
      text('head', person, 'HZXM'),
      text('id_no', idNumber, 'SFZH'),
      code('kind', kBzlb, 'BZLB'),
      whole('people', 1, 6, 'RKS'),
      decimal('amount', 300, 3000, 2, 'YBZJE'),
      text('town', street, 'JZDM'),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
  {
    name: 'V_DB_FF',
    size: 3000,
    item: 'ZS-MS-005',
    columns: [
      asKey(numbered('id', 'ID')),
      key('month', oneOf(['202610']), 'FFNY'),
      text('jtbh', serial('2102990010000', 3), 'JTBH'),
      text('head', person, 'HZXM'),
      text('id_no', idNumber, 'SFZH'),
      code('kind', kBzlb, 'BZLB'),
      whole('people', 1, 6, 'RKS'),
      decimal('amount', 300, 3000, 2, 'YBZJE'),
      text('account', digits(19), 'YHZH'),
      text('town', street, 'JZDM'),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
  {
    name: 'V_TKGY',
    size: 200,
    item: 'ZS-MS-006',
    columns: [
      key('person_ref', serial('TK210299', 6), 'RYBH'),
      text('name', person, 'XM'),
      text('id_no', idNumber, 'SFZH'),
      text('place', oneOf(['临海区敬老院', '分散供养']), 'GYJG'),
      text('town', street, 'JZDM'),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
  {
    name: 'V_LSJZ',
    size: 200,
    item: 'ZS-MS-007',
    columns: [
      asKey(numbered('id', 'ID')),
      text('name', person, 'XM'),
      text('reason', prose, 'JZYY'),
      decimal('amount', 300, 9000, 2, 'JZJE'),
      day('paid_on', 'FFRQ', 1),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
  {
    name: 'V_CJBT',
    size: 300,
    item: 'ZS-MS-008',
    columns: [
      key('person_ref', serial('CJ210299', 6), 'RYBH'),
      key('month', oneOf(['202610']), 'FFNY'),
      text('name', person, 'XM'),
      text('grade', oneOf(['一级', '二级']), 'CJDJ'),
      decimal('amount', 80, 300, 2, 'BTJE'),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
  {
    name: 'V_GLJT',
    size: 300,
    item: 'ZS-MS-009',
    columns: [
      key('person_ref', serial('GL210299', 6), 'RYBH'),
      key('month', oneOf(['202610']), 'FFNY'),
      text('name', person, 'XM'),
      whole('age', 80, 104, 'NL'),
      decimal('amount', 100, 600, 2, 'JTJE'),
      changed('updated_at', 'LAST_MODI_TIME'),
    ],
  },
];
