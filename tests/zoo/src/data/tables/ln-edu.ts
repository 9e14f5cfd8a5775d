// ln-edu: pupils, schools and districts
import { code, key, text, whole } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { address, idNumber, oneOf, person, serial } from '../values.ts';

const kXb = { '1': '男', '2': '女' };
const kHk = { '1': '城镇', '2': '农村' };
const kLs = { '0': '否', '1': '留守儿童', '2': '随迁子女' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'xs',
    size: 500,
    item: 'ZS-MS-028',
    columns: [
      key('xjh', serial('G210299201601', 6), '学籍号'),
      text('name', person, '姓名'),
      text('id_no', idNumber, '身份证件号'),
      code('sex', kXb, '性别'),
      text('school', oneOf(['锦华小学', '临海三中', '实验学校']), '学校'),
      text('grade', oneOf(['一年级', '四年级', '初二']), '年级'),
      text('class', oneOf(['1班', '2班', '3班']), '班级'),
      code('residence', kHk, '户口性质'),
      text('address', address, '家庭住址'),
      code('left', kLs, '留守随迁'),
    ],
  },
  {
    name: 'sq',
    size: 120,
    item: 'ZS-MS-029',
    columns: [
      key('xjh', serial('G210299201609', 6), '学籍号'),
      text('name', person, '姓名'),
      text('school', oneOf(['锦华小学', '临海三中', '实验学校']), '学校'),
      text('grade', oneOf(['一年级', '四年级', '初二']), '年级'),
      text('from_place', oneOf(['吉林省', '黑龙江省', '山东省']), '户籍地'),
    ],
  },
  {
    name: 'xx',
    size: 46,
    item: 'ZS-MS-030',
    columns: [
      key('school_code', serial('2121029', 3), '学校代码'),
      text('name', serial('临海第', 2), '学校名称'),
      text('kind', oneOf(['小学', '初中', '九年一贯制']), '办学类型'),
      whole('pupils', 100, 3000, '在校生数'),
      whole('teachers', 20, 300, '教职工数'),
      text('address', address, '地址'),
    ],
  },
  {
    name: 'yey',
    size: 60,
    item: 'ZS-MS-031',
    columns: [
      key('school_code', serial('1121029', 3), '园所代码'),
      text('name', serial('临海幼儿园', 2), '园所名称'),
      text('kind', oneOf(['公办', '民办普惠', '民办']), '性质'),
      whole('children', 20, 500, '在园幼儿'),
      text('address', address, '地址'),
    ],
  },
  {
    name: 'xq',
    size: 90,
    item: 'ZS-MS-032',
    columns: [
      key('school_code', serial('2121029', 3), '学校代码'),
      key('community', serial('210299001', 3), '社区代码'),
      text('scope', address, '范围'),
      text('year', oneOf(['2026']), '年度'),
    ],
  },
];
