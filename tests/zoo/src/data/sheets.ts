// Workbooks, written by SheetJS: .xlsx, .xls (BIFF8), and the HTML tables that pose as .xls.
import { createRequire } from 'node:module';
import type * as Sheets from 'xlsx';
import { esc } from '../core/html.ts';
import type { Cell } from './columns.ts';

// As CommonJS: the loader of TypeScript does not come to an end over its ES module of a megabyte.
const XLSX = createRequire(import.meta.url)('xlsx') as typeof Sheets;

export type SheetCell = Cell | Sheets.CellObject;
/** Columns whose names hold a `/` stand under a merged cell. */
export interface Sheet {
  name: string;
  header: readonly string[];
  rows: readonly (readonly SheetCell[])[];
}

/** Days since 1899-12-30, as cells hold dates. */
export function serial(text: string): number {
  const ms = Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? '' : 'T00:00:00'}Z`);
  return ms / 86_400_000 + 25_569;
}

function merges(header: readonly string[]): Sheets.Range[] {
  const out: Sheets.Range[] = [];
  const groups = header.map((name) => (name.includes('/') ? name.split('/')[0] : undefined));
  for (let c = 0; c < header.length; c++) {
    if (groups[c] === undefined) {
      out.push({ s: { r: 0, c }, e: { r: 1, c } });
    } else if (groups[c] !== groups[c - 1]) {
      let end = c;
      while (groups[end + 1] === groups[c]) end++;
      if (end > c) out.push({ s: { r: 0, c }, e: { r: 0, c: end } });
    }
  }
  return out;
}

function worksheet(sheet: Sheet): Sheets.WorkSheet {
  const deep = sheet.header.some((name) => name.includes('/'));
  const group = (name: string, i: number): string | null =>
    !name.includes('/') ? name : sheet.header[i - 1]?.startsWith(`${name.split('/')[0]}/`) ? null : (name.split('/')[0] ?? '');
  const below = (name: string): string | null => (name.includes('/') ? name.slice(name.indexOf('/') + 1) : null);
  const head = deep ? [sheet.header.map(group), sheet.header.map(below)] : [[...sheet.header]];
  const made = XLSX.utils.aoa_to_sheet([...head, ...sheet.rows] as unknown[][]);
  if (deep) made['!merges'] = merges(sheet.header);
  return made;
}

export function workbook(sheets: readonly Sheet[], kind: 'xlsx' | 'biff8'): Buffer {
  const book = XLSX.utils.book_new();
  // Excel fills its files up to 4 kB at least; SheetJS does not, and libfreexl cannot read its shorter ones.
  const notes = { name: '填表说明', header: ['说明'], rows: Array.from({ length: 60 }, (_, i) => [`第${i + 1}条 按制度填报`]) };
  for (const sheet of kind === 'biff8' ? [...sheets, notes] : sheets) XLSX.utils.book_append_sheet(book, worksheet(sheet), sheet.name);
  return XLSX.write(book, { type: 'buffer', bookType: kind, compression: true }) as Buffer;
}

/** What a WebForms page sends as "export": its own view state, a title over all columns, then the table. */
export function htmlWorkbook(title: string, header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const state = Buffer.alloc(300_000, title).toString('base64');
  const line = (cells: readonly Cell[]): string =>
    `<tr>${cells.map((c) => `<td style="mso-number-format:'\\@'">${c === null ? '&nbsp;' : esc(String(c))}</td>`).join('')}</tr>`;
  return `\ufeff<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>
<div><input type="hidden" name="__VIEWSTATE" value="${state}"></div>
<table border="1"><tr><th colspan="${header.length}">${title}</th></tr>
<tr>${header.map((h) => `<th>${h}</th>`).join('')}</tr>${rows.map(line).join('\n')}</table></body></html>`;
}
