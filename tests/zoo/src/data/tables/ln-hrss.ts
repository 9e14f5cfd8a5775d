// ln-hrss: employment, insurance, training
import { asKey, changed, code, day, decimal, key, text, whole } from '../columns.ts';
import { numbered } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { bureau, creditCode, firm, idNumber, oneOf, person, serial } from '../values.ts';

const kJylx = { '10': '单位就业', '20': '个体经营', '30': '灵活就业', '40': '公益性岗位' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'V_JY_DJ',
    size: 5000,
    item: 'ZS-MS-016',
    columns: [
      asKey(numbered('baz001', 'BAZ001')),
      text('name', person, 'AAC003'),
      text('id_no', idNumber, 'AAC002'),
      text('unit', firm, 'AAB069'),
      text('uscc', creditCode, 'AAB998'),
      code('kind', kJylx, 'ACC0M1'),
      day('begins_on', 'AAE030', 0),
      day('ends_on', 'AAE031', 5),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_SY_DJ',
    size: 400,
    item: 'ZS-MS-017',
    columns: [
      asKey(numbered('baz001', 'BAZ001')),
      text('name', person, 'AAC003'),
      text('id_no', idNumber, 'AAC002'),
      text('reason', oneOf(['合同期满', '单位破产', '个人辞职']), 'AJC093'),
      day('since', 'AJC090', 0),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_GYXGW',
    size: 120,
    item: 'ZS-MS-018',
    columns: [
      key('job_id', serial('GYG', 6), 'GWBH'),
      text('unit', bureau, 'AAB069'),
      text('job', oneOf(['保洁', '协管', '护林']), 'GWMC'),
      text('holder', person, 'AAC003'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_JMYL',
    size: 400,
    item: 'ZS-MS-019',
    columns: [
      key('person_ref', serial('JM210299', 7), 'AAC001'),
      text('name', person, 'AAC003'),
      whole('grade', 1, 12, 'CBDC'),
      text('state', oneOf(['正常缴费', '中断', '待遇领取']), 'CBZT'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_ZGSB',
    size: 400,
    item: 'ZS-MS-020',
    columns: [
      key('person_ref', serial('ZG210299', 7), 'AAC001'),
      text('name', person, 'AAC003'),
      text('unit', firm, 'AAB069'),
      decimal('base', 4000, 20000, 2, 'AAC040'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_PXB',
    size: 90,
    item: 'ZS-MS-021',
    columns: [
      key('class_id', serial('PX2026', 4), 'BJBH'),
      text('job', oneOf(['养老护理员', '电工', '中式烹调师']), 'PXGZ'),
      whole('people', 10, 60, 'RS'),
      day('begins_on', 'KSRQ', 0),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_ZCAJ',
    size: 90,
    item: 'ZS-MS-022',
    columns: [
      key('case_no', serial('临劳人仲案字2026第', 4), 'AJBH'),
      text('applicant', person, 'SQR'),
      text('firm', firm, 'BSQR'),
      text('cause', oneOf(['劳动报酬', '工伤待遇', '解除合同']), 'AY'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_ZPXX',
    size: 200,
    item: 'ZS-MS-023',
    columns: [
      key('job_id', serial('ZP2026', 5), 'ZPBH'),
      text('firm', firm, 'AAB069'),
      text('job', oneOf(['焊工', '会计', '配送员']), 'GZ'),
      whole('people', 1, 40, 'RS'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_YGXQ',
    size: 150,
    item: 'ZS-QY-019',
    columns: [
      key('job_id', serial('YG2026', 5), 'XQBH'),
      text('firm', firm, 'AAB069'),
      text('uscc', creditCode, 'AAB998'),
      whole('people', 1, 90, 'RS'),
      changed('updated_at', 'AAE036'),
    ],
  },
  {
    name: 'V_CBRS',
    size: 200,
    item: 'ZS-QY-020',
    columns: [
      key('uscc', creditCode, 'AAB998'),
      key('month', oneOf(['202610']), 'AAE001'),
      text('firm', firm, 'AAB069'),
      whole('people', 1, 900, 'CBRS'),
      changed('updated_at', 'AAE036'),
    ],
  },
];
