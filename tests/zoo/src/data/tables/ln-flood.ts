// ln-flood: rain, water levels, places prone to flooding
import { asKey, code, decimal, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { oneOf, person, serial } from '../values.ts';

const kWth = { '5': '雪', '6': '雨夹雪', '7': '雨', '8': '阴', '9': '晴' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'rain',
    size: 500,
    item: 'ZS-JC-030',
    columns: [
      key('stcd', serial('212', 5), 'stcd'),
      asKey(moment('tm', 'tm', 0)),
      decimal('drp', 0, 99, 1, 'drp'),
      decimal('intv', 1, 1, 0, 'intv'),
      decimal('dyp', 0, 300, 1, 'dyp'),
      code('wth', kWth, 'wth'),
      text('stnm', oneOf(['大西山', '王家店水库', '牧城驿', '龙王塘（二）']), 'stnm'),
    ],
  },
  {
    name: 'river',
    size: 300,
    item: 'ZS-JC-031',
    columns: [
      key('stcd', serial('213', 5), 'stcd'),
      asKey(moment('tm', 'tm', 0)),
      decimal('z', 1, 90, 3, 'z'),
      decimal('q', 0, 9000, 3, 'q'),
      decimal('wrz', 50, 90, 3, 'wrz'),
      decimal('grz', 60, 95, 3, 'grz'),
      text('stnm', oneOf(['大西山', '王家店水库', '牧城驿']), 'stnm'),
    ],
  },
  {
    name: 'site',
    size: 60,
    item: 'ZS-JC-032',
    columns: [
      key('site_id', serial('YLD', 5), 'site_id'),
      text('name', oneOf(['香炉礁立交桥下', '三八广场', '机场前']), 'name'),
      decimal('lng', 121.5, 121.9, 6, 'lng'),
      decimal('lat', 38.8, 39.2, 6, 'lat'),
      text('keeper', person, 'keeper'),
    ],
  },
];
