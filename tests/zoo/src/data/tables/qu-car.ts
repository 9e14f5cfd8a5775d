// qu-car: public cars and their trips
import { asKey, code, day, decimal, key, moment, text, yes } from '../columns.ts';
import { numbered, place } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { bureau, oneOf, person, serial } from '../values.ts';

const kSt = { '1': '申请', '2': '批准', '3': '完成', '4': '驳回' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'car',
    size: 60,
    item: 'ZS-JC-033',
    columns: [
      key('plate', serial('辽B0', 4), '车牌'),
      text('model', oneOf(['轿车', '越野车', '客车']), '车型'),
      text('dept', bureau, '部门'),
      day('bought_on', '购置日期', 1),
      decimal('mileage', 100, 200000, 1, '里程'),
    ],
  },
  {
    name: 'trip',
    size: 500,
    item: 'ZS-JC-034',
    columns: [
      asKey(numbered('apply_id', '申请号')),
      text('plate', oneOf(['辽B00001', '辽B00002', '辽B00003']), '车牌'),
      text('dept', bureau, '部门'),
      text('user_name', person, '用车人'),
      text('driver', person, '驾驶员'),
      text('from_place', place, '起点'),
      text('to_place', place, '终点'),
      moment('start_at', '出车', 0),
      moment('back_at', '返回', 2),
      decimal('km', 1, 300, 1, '里程'),
      decimal('cost', 0, 900, 2, '费用'),
      yes('holiday', '节假日'),
      code('state', kSt, '状态'),
    ],
  },
];
