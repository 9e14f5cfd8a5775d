// ln-forestfire: hot spots, check points and watch towers
import { code, decimal, key, moment, text } from '../columns.ts';
import type { TableSpec } from '../makes.ts';
import { oneOf, person, serial, street } from '../values.ts';

const kVf = { '0': '未核查', '1': '森林火情', '2': '农用火', '3': '工厂热源', '4': '误报' };
export const kTables: readonly TableSpec[] = [
  {
    name: 'hot',
    size: 500,
    item: 'ZS-JC-028',
    columns: [
      key('hot_id', serial('HOT20261121', 5), '热点编号'),
      text('satellite', oneOf(['NOAA-20', 'FY-3D', '葵花9号']), '卫星'),
      decimal('lng', 121.5, 121.9, 6, '经度'),
      decimal('lat', 38.8, 39.2, 6, '纬度'),
      moment('observed_at', '观测时间', 0),
      decimal('area_ha', 0, 90, 2, '面积公顷'),
      code('verify', kVf, '核查结果'),
      text('town', street, '街镇'),
      text('handler', person, '核查人'),
    ],
  },
  {
    name: 'site',
    size: 40,
    item: 'ZS-JC-029',
    columns: [
      key('site_id', serial('FHZ', 4), '站点编号'),
      text('name', oneOf(['王家岭检查站', '大黑山瞭望塔', '西山卡点']), '名称'),
      text('kind', oneOf(['检查站', '瞭望塔']), '类型'),
      decimal('lng', 121.5, 121.9, 6, '经度'),
      decimal('lat', 38.8, 39.2, 6, '纬度'),
      text('keeper', person, '负责人'),
    ],
  },
];
