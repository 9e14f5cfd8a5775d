// REST lists read page by page: what differs from system to system is declared.
import type { Exchange } from '../core/exchange.ts';
import type { Cell } from './columns.ts';
import { wireRow } from './http.ts';
import type { Wire } from './http.ts';
import type { Ledger, Row } from './ledger.ts';
import { byChange, localMs, Refusal, RestData, slice } from './rest.ts';

export interface Dialect {
  wire: Wire;
  /** Parameter of the page's number, and the number of the first page. */
  page: string;
  first: number;
  size: string;
  maxSize: number;
  /** A size above the maximum is cut in silence instead of refused. */
  cutsSize?: boolean;
  /** Parameters of the window of change times. */
  since?: string;
  until?: string;
  parse?: (text: string) => number;
  /** Member that says that a record is gone; without it such records are simply not there. */
  gone?: { name: string; yes: Cell; no?: Cell };
}

export interface Page {
  table: Ledger;
  rows: Record<string, unknown>[];
  total: number;
  page: number;
  size: number;
}

export abstract class PagedRest extends RestData {
  constructor(
    id: string,
    protected readonly dialect: Dialect,
  ) {
    super(id);
  }

  /** Throws a Refusal when the caller may not. */
  protected abstract enter(x: Exchange): void;
  protected abstract answer(x: Exchange, page: Page): void;

  /** Narrows a list by other parameters. */
  protected matches(_x: Exchange, _row: Row): boolean {
    return true;
  }

  protected list(x: Exchange, table: Ledger): void {
    this.enter(x);
    const { first, maxSize } = this.dialect;
    const page = this.whole(x, this.dialect.page, first, 1_000_000);
    const asked = this.whole(x, this.dialect.size, 1, this.dialect.cutsSize ? 1_000_000 : maxSize);
    const size = Math.min(asked, maxSize);
    const shown = this.shown(x, table);
    const rows = slice(shown, page - first, size).map((row) => this.write(table, row));
    this.answer(x, { table, rows, total: shown.length, page, size });
  }

  protected shown(x: Exchange, table: Ledger): Row[] {
    const { since, until, parse = localMs } = this.dialect;
    const from = (since ? this.moment(x, since, parse) : undefined) ?? -Infinity;
    const to = (until ? this.moment(x, until, parse) : undefined) ?? Infinity;
    if (from > to) throw new Refusal('BAD_PARAMETER', 'the window ends before it begins');
    const rows = this.dialect.gone ? table.all() : table.list();
    return rows.filter((row) => row.changedMs >= from && row.changedMs <= to && this.matches(x, row)).sort(byChange);
  }

  protected write(table: Ledger, row: Row): Record<string, unknown> {
    const out = wireRow(table.columns, row, this.dialect.wire);
    const gone = this.dialect.gone;
    if (gone && (row.op === 'D' || gone.no !== undefined)) out[gone.name] = row.op === 'D' ? gone.yes : (gone.no ?? null);
    return out;
  }
}
