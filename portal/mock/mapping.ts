// A mapping and what it makes of three records.
import type { components } from '../src/api/schema';

export const kMapping = {
  file: 'adapters/qu-grid/data.yaml', script_name: 'map.lua', map_version: 'a3f09c11',
  script: 'return {\n  map = function(row)\n    return {title = H.trim(row.title)}\n  end\n}\n',
  text: `api: 1
system: qu-grid
items:
  - code: ZS-SQ-013
    fields:
      - {to: event_no, from: event_no, type: text, key: true, title: 事件编号}
      - {to: class, from: cls, type: text, code: cls, title: 大类}
      - {to: occurred_at, from: occur_at, type: datetime, title: 发生时间}
codes:
  cls: {"01": 党建, "02": 综治维稳}
`,
};

/** The third record has a code that only a text with "99" knows. */
export function previewOf(text: string): components['schemas']['MappingPreview'] {
  const known = text.includes('"99"');
  const cell = (field: string, title: string, source: string, result: string | null, message = '') => ({
    field, title, source, result, message, rule: message ? 'code' : '',
  });
  const rows = [1, 2, 3].map((n) => {
    const bad = n === 3 && !known;
    const message = bad ? '代码表 cls 中没有 99 / no code 99 in cls' : '';
    return {
      origin: n, state: bad ? ('rejected' as const) : ('good' as const), rule: '', message: '', said: [],
      cells: [
        cell('event_no', '事件编号', `WG-2026-00${n}`, bad ? null : `WG-2026-00${n}`),
        cell('class', '大类', n === 3 ? '99' : '01', bad ? null : n === 3 ? '其他' : '党建', message),
        cell('occurred_at', '发生时间', '2026/11/21 09:30', bad ? null : '2026-11-21T01:30:00Z'),
      ],
    };
  });
  return { columns: ['event_no', 'cls', 'occur_at', 'sys_flag'], map_version: 'a3f09c11', rows };
}
