// nat-stat: monthly reports of firms
import { code, decimal, key, text, whole } from '../columns.ts';
import { thousands } from '../makes.ts';
import type { TableSpec } from '../makes.ts';
import { creditCode, firm, oneOf } from '../values.ts';

const kRf = { '0': '未报', '1': '已报', '2': '已审核', '3': '已验收' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'gyqy',
    size: 500,
    item: 'ZS-JJ-021',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('period', oneOf(['202610']), '报告期'),
      text('name', firm, '单位名称'),
      text('industry', oneOf(['3441', '3670', '1361']), '行业代码'),
      thousands('output', 5_000, 90_000, '产值指标/工业总产值(千元)'),
      thousands('revenue', 5_000, 90_000, '产值指标/营业收入(千元)'),
      thousands('total', 0, 0, '产值指标/合计(千元)'),
      whole('staff', 10, 3000, '从业人员'),
      code('report_flag', kRf, '上报标志'),
    ],
  },
  {
    name: 'fwy',
    size: 300,
    item: 'ZS-JJ-022',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('period', oneOf(['202610']), '报告期'),
      text('name', firm, '单位名称'),
      thousands('revenue', 5_000, 90_000, '财务指标/营业收入(千元)'),
      thousands('profit', 100, 9_000, '财务指标/营业利润(千元)'),
      whole('staff', 10, 3000, '从业人员'),
      code('report_flag', kRf, '上报标志'),
    ],
  },
  {
    name: 'plzc',
    size: 260,
    item: 'ZS-JJ-023',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('period', oneOf(['202610']), '报告期'),
      text('name', firm, '单位名称'),
      thousands('sales', 5_000, 90_000, '财务指标/销售额(千元)'),
      whole('staff', 10, 3000, '从业人员'),
      code('report_flag', kRf, '上报标志'),
    ],
  },
  {
    name: 'jzy',
    size: 90,
    item: 'ZS-JJ-024',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('period', oneOf(['2026Q3']), '报告期'),
      text('name', firm, '单位名称'),
      text('grade', oneOf(['一级', '二级', '三级']), '资质等级'),
      thousands('output', 5_000, 90_000, '财务指标/建筑业总产值(千元)'),
      code('report_flag', kRf, '上报标志'),
    ],
  },
  {
    name: 'ny',
    size: 200,
    item: 'ZS-JJ-025',
    columns: [
      key('uscc', creditCode, '统一社会信用代码'),
      key('period', oneOf(['202610']), '报告期'),
      text('name', firm, '单位名称'),
      decimal('coal', 0, 900, 2, '消费量/原煤(吨)'),
      decimal('power', 1, 900, 3, '消费量/电力(万千瓦时)'),
      code('report_flag', kRf, '上报标志'),
    ],
  },
];
