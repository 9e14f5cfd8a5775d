// Records whose fields are so many BYTES wide in GBK: a Chinese character takes two.
import { decode, encode } from '../core/charset.ts';
import type { Cell } from './columns.ts';

export interface FixedField {
  value: Cell;
  width: number;
  /** Numbers stand at the right. */
  right: boolean;
}

export function fixedLine(fields: readonly FixedField[]): string {
  return fields
    .map(({ value, width, right }) => {
      const bytes = encode(value === null ? '' : String(value), 'GBK');
      if (bytes.length > width) throw new Error(`${String(value)} does not fit into ${width} bytes`);
      const blank = ' '.repeat(width - bytes.length);
      return right ? blank + decode(bytes, 'GBK') : decode(bytes, 'GBK') + blank;
    })
    .join('');
}
