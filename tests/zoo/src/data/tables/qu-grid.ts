// qu-grid: events, grids, visits and positions
import { asKey, changed, code, day, decimal, key, moment, text, whole } from '../columns.ts';
import { numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, bureau, community, firm, idNumber, matter, oneOf, person, phone, prose, serial } from '../values.ts';

const kCls = {
  '01': '党建',
  '02': '综治维稳',
  '03': '安全生产',
  '04': '消防',
  '05': '市容环境',
  '06': '物业',
  '07': '民政救助',
  '08': '卫生防疫',
  '09': '人社就业',
  '10': '教育',
  '11': '住建',
  '12': '执法',
  '13': '生态环境',
  '14': '应急',
  '15': '便民服务',
  '16': '其他',
};
const kLevel = { '1': '网格', '2': '社区', '3': '街道', '4': '区级' };
const kState = { '10': '上报', '20': '受理', '30': '分流', '40': '处置中', '60': '反馈', '70': '待评价', '80': '办结', '90': '退回' };
const kSatisfied = { '1': '满意', '2': '基本满意', '3': '不满意', '0': '未评价' };
const kTg = { '1': '一般住户', '2': '困难群众', '3': '残疾人', '4': '独居失能老人', '5': '社区矫正人员', '6': '失业人员' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'event',
    size: 8000,
    item: 'ZS-SQ-013',
    columns: [
      key('event_no', serial('WG202611210000', 8), 'event_no'),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      text('reporter', person, 'reporter'),
      text('item_code', oneOf(['01001', '05012', '11003']), 'item_code'),
      code('class', kCls, 'cls'),
      text('title', matter, 'title'),
      text('content', prose, 'content'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      moment('occurred_at', 'occur_at', 0),
      code('level', kLevel, 'level'),
      code('state', kState, 'state'),
      text('assignee', bureau, 'assignee'),
      moment('finished_at', 'finished_at', 4),
      code('satisfied', kSatisfied, 'satisfied'),
      text('source_no', serial('12345', 8), 'src_no'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'grid',
    size: 300,
    item: 'ZS-KJ-017',
    columns: [
      key('grid_code', serial('210299001', 4), 'grid_code'),
      text('name', address, 'name'),
      text('community', community, 'community'),
      text('leader', person, 'leader'),
      whole('members', 1, 9, 'members'),
      whole('households', 100, 900, 'households'),
      text('branch', serial('网格党支部', 3), 'branch'),
    ],
  },
  {
    name: 'rating',
    size: 900,
    item: 'ZS-SQ-014',
    columns: [
      key('event_no', serial('WG202611210000', 8), 'event_no'),
      code('satisfied', kSatisfied, 'satisfied'),
      text('comment', prose, 'comment'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'item',
    size: 247,
    item: 'ZS-SQ-015',
    columns: [
      key('item_code', serial('01', 3), 'item_code'),
      code('class', kCls, 'cls'),
      text('title', matter, 'title'),
      text('unit', bureau, 'unit'),
      whole('hours', 1, 240, 'hours'),
    ],
  },
  {
    name: 'visit',
    size: 900,
    item: 'ZS-MS-050',
    columns: [
      asKey(numbered('visit_id', 'visit_id')),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      code('target', kTg, 'target'),
      text('target_ref', serial('P', 9), 'target_ref'),
      moment('visited_at', 'visited_at', 0),
      text('found', prose, 'found'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'floating',
    size: 400,
    item: 'ZS-MS-003',
    columns: [
      key('person_ref', serial('LD', 9), 'person_ref'),
      text('name', person, 'name'),
      text('id_no', idNumber, 'id_no'),
      text('phone', phone, 'phone'),
      text('address', address, 'address'),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'branch',
    size: 150,
    item: 'ZS-DJ-018',
    columns: [
      key('org_code', serial('DZB', 5), 'org_code'),
      key('grid_code', serial('210299001', 4), 'grid_code'),
      text('name', serial('网格党支部', 3), 'name'),
      text('secretary', person, 'secretary'),
      whole('members', 3, 60, 'members'),
    ],
  },
  {
    name: 'party_group',
    size: 200,
    item: 'ZS-DJ-019',
    columns: [
      key('org_code', serial('DXZ', 5), 'org_code'),
      text('name', serial('党小组', 3), 'name'),
      text('branch_code', serial('DZB', 5), 'branch'),
    ],
  },
  {
    name: 'center_home',
    size: 200,
    item: 'ZS-DJ-020',
    columns: [
      key('member_no', serial('DY', 7), 'member_no'),
      key('grid_code', serial('210299001', 4), 'grid_code'),
      text('name', person, 'name'),
      text('address', address, 'address'),
    ],
  },
  {
    name: 'position',
    size: 300,
    item: 'ZS-KJ-015',
    columns: [
      key('member', serial('WGY', 5), 'member'),
      asKey(moment('time', 'time', 0)),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'track',
    size: 300,
    item: 'ZS-KJ-016',
    columns: [
      key('member', serial('WGY', 5), 'member'),
      asKey(day('day', 'day', 0)),
      whole('points', 1, 900, 'points'),
      whole('metres', 1, 20000, 'metres'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'shop',
    size: 400,
    item: 'ZS-KJ-018',
    columns: [
      key('shop_id', serial('MD', 6), 'shop_id'),
      text('name', firm, 'name'),
      text('owner', person, 'owner'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'office',
    size: 80,
    item: 'ZS-KJ-019',
    columns: [
      key('org_code', serial('JG', 5), 'org_code'),
      text('name', bureau, 'name'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
    ],
  },
];
