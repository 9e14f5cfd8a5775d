// nat-credit: published permits and penalties, and the credit lists
import { asKey, code, day, decimal, key, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { bureau, creditCode, firm, matter, prose, serial } from '../values.ts';

const kSt = { '1': '有效', '2': '无效', '3': '撤销' };
const kKind = { '01': '警告', '02': '罚款', '03': '没收', '04': '责令停产停业', '05': '吊销许可', '09': '其他' };
const kList = { '1': '红名单', '2': '黑名单' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'xzxk',
    size: 500,
    item: 'ZS-QY-005',
    columns: [
      key('doc_no', serial('临审许字〔2026〕', 5), '决定文书号'),
      text('holder', firm, '行政相对人名称'),
      text('uscc', creditCode, '统一社会信用代码'),
      text('item', matter, '许可内容'),
      day('decide_date', '许可决定日期', 0),
      day('valid_to', '有效期至', 2),
      text('org', bureau, '许可机关'),
      code('status', kSt, '当前状态'),
    ],
  },
  {
    name: 'xzcf',
    size: 300,
    item: 'ZS-QY-006',
    columns: [
      key('doc_no', serial('临罚字〔2026〕', 5), '处罚文书号'),
      text('holder', firm, '相对人'),
      text('uscc', creditCode, '统一社会信用代码'),
      text('fact', prose, '违法事实'),
      code('kind', kKind, '处罚类别'),
      decimal('amount', 0, 50, 2, '罚款万元'),
      day('decide_date', '处罚决定日期', 0),
      text('org', bureau, '处罚机关'),
      code('status', kSt, '状态'),
    ],
  },
  {
    name: 'hmd',
    size: 120,
    item: 'ZS-QY-007',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      asKey(code('list', kList, '名单')),
      text('name', firm, '主体名称'),
      text('reason', matter, '列入事由'),
      day('listed_on', '列入日期', 0),
      day('until', '截止日期', 3),
    ],
  },
  {
    name: 'xyxf',
    size: 80,
    item: 'ZS-QY-008',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('doc_no', serial('临罚字〔2026〕', 5), '处罚文书号'),
      text('name', firm, '主体名称'),
      day('repaired_on', '修复日期', 0),
      text('org', bureau, '修复机关'),
    ],
  },
];
