// qu-border: sections of the border and patrols
import { code, day, decimal, key, text, whole } from '../columns.ts';
import { place } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { oneOf, person, serial } from '../values.ts';

const kSt = { '0': '正常', '1': '异常', '2': '已处置' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'route',
    size: 24,
    item: 'ZS-KJ-021',
    columns: [
      key('section', serial('临边', 2), 'section'),
      text('begin_at', place, 'from'),
      text('end_at', place, 'to'),
      decimal('km', 1, 20, 1, 'km'),
      text('keeper', person, 'keeper'),
    ],
  },
  {
    name: 'list',
    size: 500,
    item: 'ZS-KJ-022',
    columns: [
      key('rec', serial('XB', 10), 'rec'),
      day('day', 'day', 0),
      text('section', oneOf(['临边01', '临边02', '临边十一', '鸭绿江东段']), 'section'),
      whole('people', 1, 12, 'people'),
      text('found', oneOf(['无', '界标倾斜', '围栏破损３处', '渔船越线，已劝返']), 'found'),
      decimal('lng', 124, 124.9, 6, 'lng'),
      decimal('lat', 40, 40.9, 6, 'lat'),
      code('state', kSt, 'state'),
    ],
  },
];
