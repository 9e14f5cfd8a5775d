// dl-housing: estates, housing, heating
import { code, day, decimal, key, moment, text, whole, yes } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { address, creditCode, firm, idNumber, matter, oneOf, person, phone, prose, serial, street } from '../values.ts';

const kLx = { '01': '供暖', '02': '漏水', '03': '电梯', '04': '停车', '05': '收费', '06': '环境', '09': '其他' };
const kZt = { '0': '未处理', '1': '处理中', '2': '已处理' };
const kHfirmColumns = [
  key('uscc', creditCode, 'xydm'),
  text('name', firm, 'mc'),
  text('grade', oneOf(['一级', '二级', '三级']), 'zzdj'),
  text('phone', phone, 'dh'),
];
export const kTables: readonly TableSpec[] = [
  { name: 'v_company', size: 60, item: 'ZS-QY-031', columns: kHfirmColumns },
  { name: 'v_developer', size: 40, item: 'ZS-QY-032', columns: kHfirmColumns },
  {
    name: 'v_permit',
    size: 120,
    item: 'ZS-QY-033',
    columns: [
      key('permit_no', serial('2102992026', 6), 'xkzh'),
      text('project', matter, 'xmmc'),
      text('builder', firm, 'jsdw'),
      day('issued_on', 'fzrq', 0),
    ],
  },
  {
    name: 'v_bzf',
    size: 200,
    item: 'ZS-MS-036',
    columns: [
      key('apply_no', serial('BZ2026', 5), 'sqbh'),
      text('name', person, 'xm'),
      text('id_no', idNumber, 'zjh'),
      text('address', address, 'fydz'),
      day('granted_on', 'fprq', 1),
    ],
  },
  {
    name: 'v_estate',
    size: 300,
    item: 'ZS-MS-037',
    columns: [
      key('xqbh', serial('XQ', 5), 'xqbh'),
      text('name', oneOf(['泉水人家', '机场新村', '锦绣园']), 'xqmc'),
      text('company', firm, 'wyqy'),
      whole('households', 50, 3000, 'hs'),
      whole('built', 1960, 2024, 'jznd'),
      yes('abandoned', 'sfqg'),
      text('town', street, 'jd'),
      text('head', person, 'fzr'),
      text('phone', phone, 'dh'),
    ],
  },
  {
    name: 'v_qgl',
    size: 90,
    item: 'ZS-MS-038',
    columns: [
      key('bld_code', serial('L210299', 5), 'lbh'),
      text('address', address, 'dz'),
      whole('households', 10, 200, 'hs'),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'v_complaint',
    size: 1500,
    item: 'ZS-MS-039',
    columns: [
      key('bh', serial('TS2026', 6), 'bh'),
      text('xqbh', serial('XQ', 5), 'xqbh'),
      code('kind', kLx, 'lx'),
      text('content', prose, 'nr'),
      moment('at', 'sj', 0),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'v_heating',
    size: 300,
    item: 'ZS-MS-040',
    columns: [
      key('bh', serial('GR2026', 6), 'bh'),
      text('address', address, 'dz'),
      text('kind', oneOf(['报停', '不热', '漏水']), 'lx'),
      moment('at', 'sj', 0),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'v_station',
    size: 60,
    item: 'ZS-JC-019',
    columns: [
      key('station_id', serial('HRZ', 4), 'zbh'),
      text('name', oneOf(['泉水一站', '机场二站']), 'zmc'),
      decimal('area', 1000, 900000, 1, 'grmj'),
      code('state', kZt, 'zt'),
    ],
  },
  {
    name: 'v_renewal',
    size: 40,
    item: 'ZS-JC-020',
    columns: [
      key('proj_id', serial('LJ2026', 3), 'xmbh'),
      text('name', matter, 'xmmc'),
      whole('households', 50, 3000, 'hs'),
      decimal('progress', 0, 100, 1, 'jd'),
    ],
  },
];
