import type { Tone } from '../model';
import type { Mask, Move, OfferDetail, Share, ShareDetail, ShareDraft, ShareField } from './queries';

export const kMoves: readonly Move[] = ['approve', 'return', 'refuse', 'suspend', 'resume', 'end'];
/** What one can do; whoever decides refuses a request, whoever asked takes it back: ending is for what began. */
export const movesOf = (share: Share): Move[] =>
  kMoves.filter((move) => (share.may as readonly string[]).includes(move) && !(move === 'end' && isOpen(share) && share.decides));
const isOpen = (share: Share): boolean => share.state === 'requested' || share.state === 'returned';
/** The word for a step: a request is taken back, a contract is ended. */
export const moveWord = (share: Share, move: Move): string => (move === 'end' && isOpen(share) ? 'withdraw' : move);
export const needsReason = (move: Move): boolean => move !== 'approve' && move !== 'resume';

/** The state in one word; a contract past its term is over whatever its state says. */
export const wordOf = (share: Share): string => (share.expired && share.state === 'active' ? 'expired' : share.state);
const kTones: Record<string, Tone> = {
  requested: 'brand', returned: 'warn', refused: 'bad', active: 'ok', suspended: 'warn', ended: 'none', expired: 'none',
};
export const toneOf = (share: Share): Tone => kTones[wordOf(share)] ?? 'none';

/** What of the list one looks at. */
export const kViews = {
  desk: (share: Share) => share.state === 'requested' && movesOf(share).includes('approve'),
  mine: (share: Share) => share.mine,
  active: (share: Share) => share.state === 'active' && !share.expired,
  every: () => true,
} as const;
export type View = keyof typeof kViews;

const two = (n: number): string => String(n).padStart(2, '0');
export const dayText = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** Whole days from today to the last day of the term; negative when it is over. */
export const daysLeft = (share: Pick<Share, 'to'>, today: Date): number =>
  Math.round((Date.parse(`${share.to}T00:00:00Z`) - Date.parse(`${dayText(today)}T00:00:00Z`)) / 86_400_000);

/** What a masked value looks like; nothing where it is shown as it is. */
export const kSamples: Record<Mask, string> = {
  plain: '', name: '张**', id_number: '210211********1234', phone: '138****5678', address: '机场街道****', hash: '9f2c41…',
};

export interface Line {
  field: string;
  title: string;
  mask: Mask;
  sample: string;
  personal: ShareField['personal'];
  plainFor: readonly string[];
  type: ShareField['type'];
  /** says something of a person and is shown as it is */
  open: boolean;
}

/** The columns of the terms with what is known of their fields. */
export function linesOf({ terms, fields }: Pick<ShareDetail, 'terms' | 'fields'>): Line[] {
  return terms.columns.map((column) => {
    const known = fields.find((one) => one.name === column.field);
    const mask = column.mask ?? 'plain';
    const personal = known?.personal ?? 'none';
    return {
      field: column.field, title: known?.title ?? '', mask, sample: kSamples[mask], personal, type: known?.type ?? 'text',
      plainFor: column.plain_for ?? [], open: personal !== 'none' && mask === 'plain',
    };
  });
}

const kCode = 12;
/** A value as people read it: a code by its beginning, a time without its zone. */
export function shown(value: string, line: Pick<Line, 'mask' | 'type'>): string {
  if (line.mask === 'hash' && value.length > kCode) return `${value.slice(0, kCode)}…`;
  return line.type === 'datetime' ? value.replace('T', ' ').replace(/(\.\d+)?(Z|[+-]\d{2}:\d{2})$/, '') : value;
}

/** Masks a field can have: a number or a date cannot be shown in part. */
export const masksFor = (field: Pick<ShareField, 'type'>): Mask[] =>
  field.type === 'text' ? ['plain', 'name', 'id_number', 'phone', 'address', 'hash'] : ['plain', 'hash'];

export interface Typed {
  unit: string;
  purpose: string;
  basis: string;
  from: string;
  to: string;
  quota: string;
  area: string;
  areaField: string;
  people: boolean;
  /** field -> mask of those that are asked for */
  columns: Record<string, Mask>;
}
export type Fault = 'unit' | 'purpose' | 'basis' | 'from' | 'to' | 'quota' | 'columns' | 'areaField';

/** What is proposed: no field that says something of a person, a year from today. */
export function blank(offer: OfferDetail, today: Date): Typed {
  const end = new Date(today);
  end.setFullYear(end.getFullYear() + 1);
  end.setDate(end.getDate() - 1);
  return {
    unit: offer.units[0]?.code ?? '', purpose: '', basis: '', from: dayText(today), to: dayText(end), quota: '1000',
    area: '', areaField: '', people: true,
    columns: Object.fromEntries(offer.fields.filter((one) => one.personal === 'none').map((one) => [one.name, one.mask])),
  };
}

/** What was asked for before, to be put in other words. */
export function typedOf(share: ShareDetail): Typed {
  const { terms } = share;
  return {
    unit: share.unit.code, purpose: share.purpose, basis: share.legal_basis, from: share.from, to: share.to,
    quota: String(terms.rows_per_day ?? ''), area: terms.rows?.unit ?? '', areaField: terms.rows?.field ?? '',
    people: (terms.roles ?? []).length > 0,
    columns: Object.fromEntries(terms.columns.map((column) => [column.field, column.mask ?? 'plain'])),
  };
}

/** A day as it is, a day and a time of the clock here as an instant; nothing for what is neither. */
export function instantOf(text: string): string | undefined {
  const typed = text.trim();
  if (!typed || isDay(typed)) return typed;
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/.test(typed)) return undefined;
  const at = new Date(typed.replace(' ', 'T'));
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

const kDay = /^\d{4}-\d{2}-\d{2}$/;
const kMaxBytes = 500;
const bytes = (text: string): number => new TextEncoder().encode(text).length;
const isDay = (text: string): boolean => kDay.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** The names of what is missing or wrong; nothing when it can be sent. */
export function faults(typed: Typed, personal: boolean): Set<Fault> {
  const out = new Set<Fault>();
  if (!typed.unit) out.add('unit');
  if (!typed.purpose.trim() || bytes(typed.purpose) > kMaxBytes) out.add('purpose');
  if ((personal && !typed.basis.trim()) || bytes(typed.basis) > kMaxBytes) out.add('basis');
  if (!isDay(typed.from)) out.add('from');
  if (!isDay(typed.to) || typed.to < typed.from) out.add('to');
  if (!/^[1-9]\d{0,7}$/.test(typed.quota)) out.add('quota');
  if (!Object.keys(typed.columns).length) out.add('columns');
  if (typed.area && !typed.areaField) out.add('areaField');
  return out;
}

/** Rows can be chosen by what is shown as it is and says nothing of a person. */
export function draftOf(typed: Typed, offer: OfferDetail): ShareDraft {
  const columns = offer.fields
    .filter((field) => typed.columns[field.name])
    .map((field) => {
      const mask = typed.columns[field.name] ?? field.mask;
      return { field: field.name, mask, ...(mask === 'plain' && field.personal === 'none' && field.type !== 'json' ? { filter: true } : {}) };
    });
  return {
    item: offer.code, unit: typed.unit, purpose: typed.purpose.trim(), legal_basis: typed.basis.trim(), from: typed.from, to: typed.to,
    terms: {
      columns, rows_per_day: Number(typed.quota), roles: typed.people ? ['clerk', 'leader'] : [],
      ...(typed.area ? { rows: { field: typed.areaField, unit: typed.area } } : {}),
    },
  };
}
