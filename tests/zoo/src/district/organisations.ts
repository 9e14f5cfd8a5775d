// The invented district: one tree of district, departments, streets, communities and grids.
import { Seeded } from './random.ts';

export type OrgKind = 'district' | 'department' | 'street' | 'community' | 'grid';

export interface Org {
  code: string;
  parent: string;
  kind: OrgKind;
  name: string;
  name_en: string;
  /** The short form used in Domino names. */
  short: string;
}

/** An unassigned division prefix: the codes match no real place. */
export const kDivision = '210299';

const kDepartments: [name: string, en: string, short: string][] = [
  ['区政府办公室', 'District Government Office', '政府办'],
  ['区社会治理中心', 'Social Governance Centre', '治理中心'],
  ['区住房和城乡建设局', 'Housing and Construction Bureau', '住建局'],
  ['区民政局', 'Civil Affairs Bureau', '民政局'],
  ['区教育局', 'Education Bureau', '教育局'],
  ['区文化和旅游局', 'Culture and Tourism Bureau', '文旅局'],
  ['区应急管理局', 'Emergency Management Bureau', '应急局'],
  ['区自然资源局', 'Natural Resources Bureau', '资源局'],
  ['区营商环境建设局', 'Business Environment Bureau', '营商局'],
  ['区综合行政执法局', 'Law Enforcement Bureau', '执法局'],
  ['区大数据中心', 'Big Data Centre', '数据中心'],
  ['区纪委监委', 'Discipline Inspection Commission', '纪委'],
  ['区审计局', 'Audit Bureau', '审计局'],
  ['区公安分局', 'Police Branch', '公安分局'],
  ['区人力资源和社会保障局', 'Human Resources Bureau', '人社局'],
  ['区卫生健康局', 'Health Bureau', '卫健局'],
  ['区发展和改革局', 'Development and Reform Bureau', '发改局'],
  ['区财政局', 'Finance Bureau', '财政局'],
  ['区委组织部', 'Organisation Department', '组织部'],
  ['区委政法委', 'Political and Legal Commission', '政法委'],
];

const kStreets: [name: string, en: string, communities: [string, string][]][] = [
  [
    '机场街道',
    'Airport Street',
    [
      ['迎客社区', 'Yingke'],
      ['前程社区', 'Qiancheng'],
      ['虹港社区', 'Honggang'],
    ],
  ],
  [
    '滨海街道',
    'Seaside Street',
    [
      ['望海社区', 'Wanghai'],
      ['银滩社区', 'Yintan'],
      ['灯塔社区', 'Dengta'],
    ],
  ],
  [
    '青山街道',
    'Green Hill Street',
    [
      ['松林社区', 'Songlin'],
      ['南坡社区', 'Nanpo'],
      ['果园社区', 'Guoyuan'],
    ],
  ],
  [
    '新港街道',
    'New Port Street',
    [
      ['港湾社区', 'Gangwan'],
      ['船厂社区', 'Chuanchang'],
    ],
  ],
  [
    '红旗街道',
    'Red Flag Street',
    [
      ['东风社区', 'Dongfeng'],
      ['和平社区', 'Heping'],
    ],
  ],
];

function pad(n: number, width: number): string {
  return String(n).padStart(width, '0');
}

export function makeOrganisations(seeded: Seeded): Org[] {
  const list: Org[] = [
    { code: kDivision, parent: '', kind: 'district', name: '滨海新城区', name_en: 'Binhai New District', short: '区' },
  ];
  kDepartments.forEach(([name, name_en, short], i) => {
    list.push({ code: `${kDivision}D${pad(i + 1, 2)}`, parent: kDivision, kind: 'department', name, name_en, short });
  });
  kStreets.forEach(([street, en, communities], i) => {
    const code = kDivision + pad(i + 1, 3);
    list.push({ code, parent: kDivision, kind: 'street', name: street, name_en: en, short: street });
    communities.forEach(([community, cen], j) => {
      const inner = code + pad(j + 1, 3);
      list.push({
        code: inner,
        parent: code,
        kind: 'community',
        name: community,
        name_en: `${cen} Community`,
        short: community,
      });
      const grids = 1 + seeded.below(3);
      for (let g = 1; g <= grids; g++) {
        const name = `${community}第${'一二三'.charAt(g - 1)}网格`;
        list.push({
          code: `${inner}W${pad(g, 2)}`,
          parent: inner,
          kind: 'grid',
          name,
          name_en: `${cen} Grid ${g}`,
          short: name,
        });
      }
    });
  });
  return list;
}
