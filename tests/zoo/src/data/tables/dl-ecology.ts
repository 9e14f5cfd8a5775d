// dl-ecology: polluters, permits and offences
import { changed, code, day, decimal, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { creditCode, firm, prose, serial } from '../values.ts';

const kLv = { '1': '重点管理', '2': '简化管理', '3': '登记管理' };
const kV = { '0': '无效', '1': '有效', '2': '待审' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'enterprise',
    size: 600,
    item: 'ZS-QY-026',
    columns: [
      key('code', creditCode, 'code'),
      text('name', firm, 'name'),
      text('permit_no', serial('91210299MA0permit', 6), 'permit_no'),
      code('level', kLv, 'level'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'permit',
    size: 600,
    item: 'ZS-QY-027',
    columns: [
      key('permit_no', serial('91210299MA0permit', 6), 'permit_no'),
      text('code', creditCode, 'code'),
      day('issued_on', 'issued_on', 0),
      day('expires_on', 'expires_on', 3),
      decimal('limit_so2', 1, 90, 3, 'limit_so2'),
      code('valid', kV, 'valid'),
      changed('updated_at', 'updated_at'),
    ],
  },
  {
    name: 'violation',
    size: 4000,
    item: 'ZS-QY-028',
    columns: [
      key('doc_no', serial('临环罚字2026第', 5), 'doc_no'),
      text('code', creditCode, 'code'),
      text('fact', prose, 'fact'),
      decimal('fine', 0, 90, 2, 'fine'),
      moment('decided_at', 'decided_at', 3),
      code('valid', kV, 'valid'),
      changed('updated_at', 'updated_at'),
    ],
  },
];
