// qu-party: organisations, members and organisational life
import { asKey, changed, code, day, decimal, key, moment, text, whole, yes } from '../columns.ts';
import { monthEnd, numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, bureau, community, creditCode, firm, matter, oneOf, person, serial } from '../values.ts';

const kKind = { '1': '党委', '2': '党总支', '3': '党支部', '4': '网格党支部', '5': '党小组', '6': '党员中心户' };
const kAct = { '1': '支部党员大会', '2': '支部委员会', '3': '党小组会', '4': '党课', '5': '主题党日', '6': '民主评议党员' };
const kLight = { G: '绿', Y: '黄', R: '红' };
const kMemberColumns = [
  key('member_no', serial('DY', 7), 'member_no'),
  text('name', person, 'name'),
  text('org_code', serial('0212990', 5), 'org_code'),
  day('since', 'since', 1),
  changed('updated_at', 'update_time'),
];
const kMeetingColumns = [
  key('org_code', serial('0212990', 5), 'org_code'),
  asKey(moment('held_at', 'held_at', 0)),
  text('topic', matter, 'topic'),
  whole('attended', 3, 90, 'attend'),
  changed('updated_at', 'update_time'),
];
const kPsiteColumns = [
  key('site_code', serial('ZD', 5), 'site_code'),
  text('name', oneOf(['泉水党群服务中心', '机场党群服务站']), 'name'),
  text('address', address, 'address'),
  changed('updated_at', 'update_time'),
];
export const kTables: readonly TableSpec[] = [
  {
    name: 'branch',
    size: 700,
    item: 'ZS-DJ-001',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      text('name', serial('临海区第党支部', 3), 'name'),
      code('kind', kKind, 'kind'),
      text('secretary', person, 'secretary'),
      whole('members', 3, 90, 'members'),
      text('grid_code', serial('210299001', 4), 'grid_code'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'branch_parent',
    size: 700,
    item: 'ZS-DJ-002',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      key('parent', oneOf(['021299000001', '021299000002']), 'parent'),
      day('since', 'since', 0),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'committee',
    size: 300,
    item: 'ZS-DJ-003',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      key('member_no', serial('DY', 7), 'member_no'),
      text('name', person, 'name'),
      text('post', oneOf(['书记', '组织委员', '宣传委员']), 'post'),
      changed('updated_at', 'update_time'),
    ],
  },
  { name: 'member', size: 900, item: 'ZS-DJ-004', columns: kMemberColumns },
  { name: 'candidate', size: 120, item: 'ZS-DJ-005', columns: kMemberColumns },
  { name: 'activist', size: 160, item: 'ZS-DJ-006', columns: kMemberColumns },
  { name: 'floating', size: 90, item: 'ZS-DJ-007', columns: kMemberColumns },
  {
    name: 'report_in',
    size: 300,
    item: 'ZS-DJ-008',
    columns: [
      key('member_no', serial('DY', 7), 'member_no'),
      key('community', community, 'community'),
      text('name', person, 'name'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'org_life',
    size: 6180,
    item: 'ZS-DJ-009',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      asKey(code('action', kAct, 'action')),
      key('period', oneOf(['2026-10']), 'period'),
      day('planned_on', 'planned', 0),
      moment('held_at', 'held_at', 3),
      whole('attended', 0, 90, 'attend'),
      changed('updated_at', 'update_time'),
    ],
  },
  { name: 'meeting_all', size: 200, item: 'ZS-DJ-010', columns: kMeetingColumns },
  { name: 'meeting_committee', size: 200, item: 'ZS-DJ-011', columns: kMeetingColumns },
  { name: 'meeting_group', size: 200, item: 'ZS-DJ-012', columns: kMeetingColumns },
  { name: 'lecture', size: 100, item: 'ZS-DJ-013', columns: kMeetingColumns },
  { name: 'party_day', size: 200, item: 'ZS-DJ-014', columns: kMeetingColumns },
  {
    name: 'appraisal',
    size: 300,
    item: 'ZS-DJ-015',
    columns: [
      key('member_no', serial('DY', 7), 'member_no'),
      key('year', oneOf(['2025']), 'year'),
      text('result', oneOf(['优秀', '合格', '基本合格']), 'result'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'light',
    size: 600,
    item: 'ZS-DJ-016',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      asKey(code('action', kAct, 'action')),
      key('period', oneOf(['2026-10']), 'period'),
      monthEnd('due_on', 'planned'),
      day('held_on', 'held', 4),
      code('light', kLight, 'light'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'dues',
    size: 300,
    item: 'ZS-DJ-017',
    columns: [
      key('org_code', serial('0212990', 5), 'org_code'),
      key('month', oneOf(['2026-10']), 'month'),
      decimal('amount', 10, 9000, 2, 'amount'),
      changed('updated_at', 'update_time'),
    ],
  },
  { name: 'service_center', size: 60, item: 'ZS-DJ-021', columns: kPsiteColumns },
  {
    name: 'union_org',
    size: 20,
    item: 'ZS-DJ-022',
    columns: [
      key('union_code', serial('LHT', 4), 'union_code'),
      text('name', oneOf(['泉水党建联合体', '机场党建联合体']), 'name'),
      whole('members', 3, 40, 'members'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'union_list',
    size: 90,
    item: 'ZS-DJ-023',
    columns: [
      asKey(numbered('list_id', 'list_id')),
      text('union_code', serial('LHT', 4), 'union_code'),
      text('kind', oneOf(['需求', '资源', '项目']), 'kind'),
      text('content', matter, 'content'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'coverage',
    size: 200,
    item: 'ZS-DJ-024',
    columns: [
      key('uscc', creditCode, 'uscc'),
      text('name', firm, 'name'),
      yes('covered', 'covered'),
      changed('updated_at', 'update_time'),
    ],
  },
  { name: 'red_property', size: 40, item: 'ZS-DJ-025', columns: kPsiteColumns },
  {
    name: 'first_secretary',
    size: 60,
    item: 'ZS-DJ-026',
    columns: [
      key('person_no', serial('XC', 5), 'person_no'),
      text('name', person, 'name'),
      text('unit', bureau, 'unit'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'team',
    size: 90,
    item: 'ZS-DJ-031',
    columns: [
      key('team_code', serial('ZY', 5), 'team_code'),
      text('name', serial('党员志愿服务队', 3), 'name'),
      whole('members', 3, 90, 'members'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'service',
    size: 400,
    item: 'ZS-DJ-032',
    columns: [
      asKey(numbered('record_id', 'record_id')),
      text('team_code', serial('ZY', 5), 'team_code'),
      text('name', person, 'name'),
      moment('at', 'served_at', 0),
      decimal('hours', 1, 8, 1, 'hours'),
      changed('updated_at', 'update_time'),
    ],
  },
  {
    name: 'logistics',
    size: 30,
    item: 'ZS-QY-035',
    columns: [
      key('org_code', serial('WL', 5), 'org_code'),
      text('name', firm, 'name'),
      whole('members', 3, 60, 'members'),
      changed('updated_at', 'update_time'),
    ],
  },
];
