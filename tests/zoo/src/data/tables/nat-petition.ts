// nat-petition: petitions and what became of them
import { code, day, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { address, bureau, idNumber, person, phone, prose, serial } from '../values.ts';

const kForm = { '01': '来信', '02': '来访', '03': '网上信访', '04': '来电' };
const kAim = { '01': '申诉', '02': '求决', '03': '意见建议', '04': '揭发控告' };
const kZt = { '10': '登记', '20': '受理', '30': '办理中', '40': '已办结', '50': '复查' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'xfj',
    size: 500,
    item: 'ZS-SQ-016',
    columns: [
      key('xfbh', serial('2102990020261121', 4), 'xfbh'),
      text('name', person, 'xfr'),
      text('id_no', idNumber, 'sfzh'),
      text('phone', phone, 'sjhm'),
      code('form', kForm, 'xfxs'),
      code('aim', kAim, 'xfmd'),
      text('place', address, 'wtsd'),
      text('content', prose, 'nr'),
      moment('registered_at', 'djsj', 0),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'xfbl',
    size: 300,
    item: 'ZS-SQ-017',
    columns: [
      key('xfbh', serial('2102990020261121', 4), 'xfbh'),
      text('unit', bureau, 'cljg'),
      day('due_on', 'blqx', 0),
      moment('finished_at', 'bjsj', 3),
      text('opinion', prose, 'blyj'),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'xfja',
    size: 60,
    item: 'ZS-SQ-018',
    columns: [
      key('xfbh', serial('2102990020251121', 4), 'xfbh'),
      text('leader', person, 'bald'),
      text('measure', prose, 'hjcs'),
      code('state', kZt, 'zt'),
    ],
  },
];
