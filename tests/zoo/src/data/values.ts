// Invented people, firms and places: the division 210299 and the numbers 1990000xxxx belong to nobody.
import type { Seeded } from '../district/random.ts';
import { kFamily, kGiven, kMatters, kPlaces, pad } from '../core/html.ts';
import type { Make } from './columns.ts';

/** 2026-06-01 00:00 in the district: records of the first fill are of the days after it. */
export const kEpochMs = Date.UTC(2026, 4, 31, 16);
export const kMinuteMs = 60_000;
export const kStreets = ['210299001', '210299002', '210299003', '210299004', '210299005'];
const kBureaus = ['区住房和城乡建设局', '区民政局', '区城市管理局', '区教育局', '机场街道', '泉水街道', '区卫生健康局'];
const kTrades = ['冷链物流', '餐饮管理', '机电设备', '文化传媒', '建筑工程', '供热', '生物科技'];
const kRoads = ['滨海路', '迎客路', '红旗西路', '山东路', '中华西路', '周水子前街'];
const kCreditSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const kIdWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function take<T>(r: Seeded, list: readonly T[]): T {
  const found = list[r.below(list.length)];
  if (found === undefined) throw new Error('a list to take from is empty');
  return found;
}

export function between(r: Seeded, low: number, high: number): number {
  return low + r.below(high - low + 1);
}

/** `PREFIX` and the record's number. */
export function serial(prefix: string, width: number): Make {
  return (_, n) => prefix + pad(n, width);
}

export function oneOf(list: readonly string[]): Make {
  return (r) => take(r, list);
}

export function digits(count: number): Make {
  return (r) => Array.from({ length: count }, () => String(r.below(10))).join('');
}

export const person: Make = (r) => take(r, kFamily) + take(r, kGiven);
export const phone: Make = (r) => `1990000${pad(r.below(10_000), 4)}`;
export const matter: Make = (r) => `${take(r, kPlaces)}${take(r, kMatters)}`;
export const address: Make = (r) => `${take(r, kRoads)}${between(r, 1, 300)}号`;
export const bureau: Make = oneOf(kBureaus);
export const street: Make = oneOf(kStreets);
export const community: Make = (r) => `${take(r, kStreets)}${pad(between(r, 1, 12), 3)}`;
export const firm: Make = (r, n) => `临海${take(r, kTrades)}${n}号有限公司`;
export const longitude: Make = (r) => (121.5 + r.below(100_000) / 1e6).toFixed(6).replace(/0+$/, '');
export const latitude: Make = (r) => (38.9 + r.below(100_000) / 1e6).toFixed(6).replace(/0+$/, '');

/** Free text with the things that break careless copying: full-width signs, quotes, angle brackets, commas. */
export const prose: Make = (r, n) =>
  take(r, [
    `群众反映${take(r, kPlaces)}${take(r, kMatters)}，请尽快处理（第${n}次）`,
    `"${take(r, kMatters)}"问题反复出现；已联系社区、物业，仍未解决`,
    `A<B & C>D 测试字符 ${take(r, kMatters)}`,
    `${take(r, kMatters)}，涉及３栋楼，约１２０户`,
  ]);

/** GB 32100 with its check sign; the number decides it, so that it can be a key. */
export const creditCode: Make = (_, n) => {
  const body = `91210299MA0${pad(n, 6)}`.slice(0, 17);
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i++, weight = (weight * 3) % 31)
    sum += kCreditSigns.indexOf(body.charAt(i)) * weight;
  return body + kCreditSigns.charAt((31 - (sum % 31)) % 31);
};

/** GB 11643 with its check sign. */
export const idNumber: Make = (r, n) => {
  const body = `210299${between(r, 1940, 2005)}${pad(between(r, 1, 12), 2)}${pad(between(r, 1, 28), 2)}${pad(n % 1000, 3)}`;
  const sum = kIdWeights.reduce((all, weight, i) => all + weight * Number(body.charAt(i)), 0);
  return body + '10X98765432'.charAt(sum % 11);
};
