// qu-polilaw: disputes and special groups
import { asKey, changed, code, day, key, moment, text, whole } from '../columns.ts';
import { numbered, personRef } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, person, prose, serial } from '../values.ts';

const kK = { '01': '邻里', '02': '婚姻家庭', '03': '物业', '04': '劳资', '05': '征地', '06': '交通', '09': '其他' };
const kSt = { '1': '受理', '2': '调解中', '3': '成功', '4': '未成', '5': '移交' };
const kLv = { '1': '低', '2': '中', '3': '高' };
const kTc = { '01': '社区矫正', '02': '刑满释放', '03': '精神障碍', '04': '吸毒', '05': '信访重点' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'view_dispute',
    size: 1200,
    item: 'ZS-SQ-023',
    columns: [
      asKey(numbered('id', 'id')),
      code('kind', kK, 'kind'),
      text('parties', person, 'parties'),
      text('place', address, 'place'),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      text('mediator', person, 'mediator'),
      code('state', kSt, 'state'),
      code('level', kLv, 'level'),
      changed('updated_at', 'gmt'),
    ],
  },
  {
    name: 'view_mediation',
    size: 500,
    item: 'ZS-SQ-024',
    columns: [
      asKey(numbered('id', 'id')),
      whole('dispute_id', 1, 1200, 'dispute_id'),
      text('content', prose, 'content'),
      moment('held_at', 'held_at', 0),
      changed('updated_at', 'gmt'),
    ],
  },
  {
    name: 'view_special',
    size: 300,
    item: 'ZS-MS-048',
    columns: [
      key('pid', personRef, 'pid'),
      code('class', kTc, 'cls'),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      whole('cycle_days', 7, 30, 'visit_cycle'),
      day('last_visit', 'last_visit', 2),
      changed('updated_at', 'gmt'),
    ],
  },
  {
    name: 'view_correction',
    size: 90,
    item: 'ZS-MS-049',
    columns: [
      key('pid', personRef, 'pid'),
      code('class', kTc, 'cls'),
      day('begins_on', 'begins_on', 0),
      day('ends_on', 'ends_on', 1),
      changed('updated_at', 'gmt'),
    ],
  },
];
