// ln-finance: budgets and payments
import { code, day, decimal, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { bureau, firm, oneOf, person, prose, serial } from '../values.ts';

const kSt = { '0': '草稿', '1': '送审', '2': '审核', '3': '支付', '9': '作废' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'ZF_YSDW',
    size: 90,
    item: 'ZS-JJ-026',
    columns: [
      key('dept', serial('临海区第单位', 3), 'dept'),
      text('code', serial('0010', 3), 'code'),
      text('head', person, 'head'),
    ],
  },
  {
    name: 'ZF_YSPF',
    size: 90,
    item: 'ZS-JJ-027',
    columns: [
      key('dept', serial('临海区第单位', 3), 'dept'),
      key('year', oneOf(['2026']), 'year'),
      decimal('amount', 100000, 90000000, 2, 'amount'),
      day('replied_on', 'replied_on', 0),
    ],
  },
  {
    name: 'ZF_ZFSQ',
    size: 2000,
    item: 'ZS-JJ-028',
    columns: [
      key('bill_no', serial('ZF20261121', 10), 'bill_no'),
      text('dept', bureau, 'dept'),
      text('payee', firm, 'payee'),
      decimal('amount', 100, 900000, 2, 'amount'),
      text('purpose', prose, 'purpose'),
      text('econ', oneOf(['30201', '30226', '31002']), 'econ'),
      text('func', oneOf(['2010301', '2120501']), 'func'),
      code('state', kSt, 'state'),
      moment('created_at', 'created', 0),
    ],
  },
  {
    name: 'ZF_SGJF',
    size: 90,
    item: 'ZS-JJ-029',
    columns: [
      key('dept', serial('临海区第单位', 3), 'dept'),
      key('month', oneOf(['202610']), 'month'),
      decimal('abroad', 0, 90000, 2, 'abroad'),
      decimal('cars', 0, 90000, 2, 'cars'),
      decimal('receptions', 0, 9000, 2, 'receptions'),
    ],
  },
];
