// dl-cg: cases, parts and grids of the city
import { asKey, changed, code, decimal, key, moment, text, whole } from '../columns.ts';
import { east, north, numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, bureau, oneOf, person, prose, serial } from '../values.ts';

const kSrc = { '01': '监督员上报', '02': '公众举报', '03': '12345转', '04': '8890转', '05': '视频发现', '06': '领导批示' };
const kRt = { '1': '部件', '2': '事件' };
const kCk = { '0': '未核查', '1': '合格', '2': '不合格' };
const kStage = { '01': '信息收集', '02': '案卷建立', '03': '任务派遣', '04': '任务处理', '05': '处理反馈', '06': '核查结案', '07': '综合评价' };
const kPartColumns = [
  key('part_code', serial('2102990101', 6), 'PartCode'),
  text('name', oneOf(['雨水井盖', '路灯', '果皮箱', '行道树']), 'PartName'),
  text('grid_code', serial('210299001', 4), 'GridCode'),
  east('lng', 'X'),
  north('lat', 'Y'),
  text('owner', bureau, 'Owner'),
  changed('updated_at', 'LastUpdate'),
];
export const kTables: readonly TableSpec[] = [
  {
    name: 'tcRec',
    size: 6000,
    item: 'ZS-SQ-009',
    columns: [
      asKey(numbered('rec_id', 'RecID')),
      text('task_num', serial('RW2026', 7), 'TaskNum'),
      code('source', kSrc, 'EventSrc'),
      code('rec_type', kRt, 'RecType'),
      text('main_type', oneOf(['01', '02', '03', '05']), 'MainType'),
      text('description', prose, 'EventDesc'),
      text('address', address, 'Address'),
      text('grid_code', serial('210299001', 4), 'GridCode'),
      text('part_code', serial('2102990101', 6), 'PartCode'),
      east('lng', 'X'),
      north('lat', 'Y'),
      moment('created_at', 'CreateTime', 0),
      moment('dispatched_at', 'DispatchTime', 2),
      moment('deadline', 'DeadLine', 1),
      text('unit', bureau, 'DealUnit'),
      code('stage', kStage, 'Stage'),
      text('source_no', serial('12345', 8), 'SrcNo'),
      changed('updated_at', 'LastUpdate'),
    ],
  },
  {
    name: 'tcOver',
    size: 300,
    item: 'ZS-SQ-011',
    columns: [
      asKey(numbered('rec_id', 'RecID')),
      moment('deadline', 'DeadLine', 0),
      text('unit', bureau, 'DealUnit'),
      whole('days', 1, 40, 'OverDays'),
      changed('updated_at', 'LastUpdate'),
    ],
  },
  {
    name: 'tcCheck',
    size: 400,
    item: 'ZS-SQ-012',
    columns: [
      asKey(numbered('rec_id', 'RecID')),
      code('result', kCk, 'CheckResult'),
      moment('checked_at', 'CheckTime', 0),
      text('checker', person, 'Checker'),
      changed('updated_at', 'LastUpdate'),
    ],
  },
  { name: 'tcPart', size: 500, item: 'ZS-JC-010', columns: kPartColumns },
  { name: 'tcManhole', size: 200, item: 'ZS-JC-011', columns: kPartColumns },
  { name: 'tcLamp', size: 200, item: 'ZS-JC-012', columns: kPartColumns },
  { name: 'tcSanitation', size: 100, item: 'ZS-JC-013', columns: kPartColumns },
  { name: 'tcGreen', size: 100, item: 'ZS-JC-014', columns: kPartColumns },
  {
    name: 'tcGrid',
    size: 150,
    item: 'ZS-KJ-013',
    columns: [
      key('grid_code', serial('210299001', 4), 'GridCode'),
      text('name', address, 'GridName'),
      decimal('area', 100, 90000, 2, 'Area'),
      changed('updated_at', 'LastUpdate'),
    ],
  },
  {
    name: 'tcDutyGrid',
    size: 60,
    item: 'ZS-KJ-014',
    columns: [
      key('grid_code', serial('Z210299', 4), 'GridCode'),
      text('keeper', person, 'Keeper'),
      whole('units', 1, 12, 'Units'),
      changed('updated_at', 'LastUpdate'),
    ],
  },
];
