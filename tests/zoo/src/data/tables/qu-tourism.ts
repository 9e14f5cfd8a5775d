// qu-tourism: scenic areas, culture and sports
import { asKey, code, decimal, key, moment, text, whole } from '../columns.ts';
import { place, quarter } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { address, creditCode, firm, matter, oneOf, person, phone, serial } from '../values.ts';

const kLv = { '5A': '5A', '4A': '4A', '3A': '3A', '2A': '2A' };
const kWl = { '1': '国家级', '2': '省级', '3': '市级', '4': '区级' };
const kFirmColumns = [
  key('uscc', creditCode, 'uscc'),
  text('name', firm, 'name'),
  text('level', oneOf(['甲', '乙', '丙']), 'level'),
  text('address', address, 'address'),
  text('phone', phone, 'phone'),
];
const kVenueColumns = [
  key('code', serial('CG', 5), 'code'),
  text('name', oneOf(['泉水分馆', '机场街道文化站', '体育公园']), 'name'),
  decimal('area', 50, 90000, 1, 'area'),
  text('address', address, 'address'),
  text('opening', oneOf(['08:00-17:00', '全天']), 'open'),
];
const kActivityColumns = [
  key('act_id', serial('HD2026', 5), 'act_id'),
  text('title', matter, 'title'),
  text('place', place, 'place'),
  moment('begins_at', 'begin', 0),
  whole('people', 5, 900, 'people'),
];
export const kTables: readonly TableSpec[] = [
  {
    name: 'scenic',
    size: 30,
    item: 'ZS-WL-001',
    columns: [
      key('code', serial('JQ', 4), 'code'),
      text('name', oneOf(['滨海国家地质公园', '金石滩', '棒棰岛', '"渔人"码头']), 'name'),
      code('level', kLv, 'level'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      text('opening', oneOf(['08:00-17:00', '全天', '9点至16点，周一闭馆']), 'open'),
    ],
  },
  {
    name: 'flow',
    size: 400,
    item: 'ZS-WL-002',
    columns: [
      key('code', oneOf(['JQ0001', 'JQ0002', 'JQ0003']), 'code'),
      asKey(quarter('time', 'time')),
      whole('today', 0, 90000, 'today'),
    ],
  },
  {
    name: 'capacity',
    size: 30,
    item: 'ZS-WL-003',
    columns: [
      key('code', serial('JQ', 4), 'code'),
      whole('capacity', 500, 90000, 'capacity'),
    ],
  },
  { name: 'agency', size: 60, item: 'ZS-WL-004', columns: kFirmColumns },
  { name: 'hotel', size: 40, item: 'ZS-WL-005', columns: kFirmColumns },
  { name: 'homestay', size: 80, item: 'ZS-WL-006', columns: kFirmColumns },
  {
    name: 'heritage',
    size: 70,
    item: 'ZS-WL-007',
    columns: [
      key('code', serial('WB', 4), 'code'),
      text('name', oneOf(['老铁山灯塔', '营城子汉墓', '中山广场近代建筑群']), 'name'),
      code('level', kWl, 'level'),
      text('era', oneOf(['汉', '清', '1908年']), 'era'),
      text('address', address, 'address'),
    ],
  },
  {
    name: 'ich',
    size: 50,
    item: 'ZS-WL-008',
    columns: [
      key('code', serial('FY', 4), 'code'),
      text('name', oneOf(['复州皮影', '金州龙舞', '贝雕']), 'name'),
      code('level', kWl, 'level'),
      text('keeper', oneOf(['区文化馆', '市非遗中心']), 'keeper'),
    ],
  },
  {
    name: 'heir',
    size: 60,
    item: 'ZS-WL-009',
    columns: [
      key('person_no', serial('CC', 5), 'person_no'),
      text('name', person, 'name'),
      text('project', oneOf(['FY0001', 'FY0002', 'FY0003']), 'project'),
      code('level', kWl, 'level'),
      text('phone', phone, 'phone'),
    ],
  },
  { name: 'library', size: 30, item: 'ZS-WL-010', columns: kVenueColumns },
  { name: 'culture', size: 30, item: 'ZS-WL-011', columns: kVenueColumns },
  { name: 'practice', size: 60, item: 'ZS-WL-012', columns: kVenueColumns },
  { name: 'practice_act', size: 200, item: 'ZS-WL-013', columns: kActivityColumns },
  { name: 'show', size: 90, item: 'ZS-WL-014', columns: kActivityColumns },
  { name: 'sport', size: 70, item: 'ZS-WL-016', columns: kVenueColumns },
];
