// The named people of the demo, their posts, and which legacy systems they have accounts in.
export interface Post {
  org: string;
  title: string;
  roles: string;
}

export interface Person {
  username: string;
  name: string;
  posts: Post[];
  systems: string[];
  /** Has the account at the source, but never told the hub. */
  unlinked?: string[];
  /** What the vault holds is not the password any more. */
  wrong?: string[];
}

export const kAllSystems = [
  'qu-tourism',
  'dl-8890',
  'nat-salvation',
  'ln-edu',
  'ln-forestfire',
  'ln-emergency',
  'dl-video',
  'qu-integrity',
  'qu-grid',
  'qu-oa',
];

function post(org: string, title: string, roles: string): Post[] {
  return [{ org, title, roles }];
}

/** Organisations by name: the writer turns them into codes. */
export const kPeople: Person[] = [
  {
    username: 'wangmin',
    name: '王敏',
    systems: kAllSystems,
    posts: [...post('区住房和城乡建设局', '科员', 'clerk'), ...post('机场街道', '包联干部', 'clerk')],
  },
  {
    username: 'ligong',
    name: '李工',
    posts: post('区大数据中心', '系统管理员', 'system_admin'),
    systems: ['qu-oa', 'qu-grid', 'dl-video'],
  },
  {
    username: 'sunshu',
    name: '孙数',
    posts: post('区大数据中心', '数据专员', 'data_steward'),
    systems: ['qu-oa', 'qu-grid'],
  },
  {
    username: 'zhaoshen',
    name: '赵审',
    posts: post('区审计局', '安全审计员', 'auditor'),
    systems: ['qu-oa', 'qu-integrity'],
  },
  {
    username: 'anquanyuan',
    name: '安全员',
    posts: post('区大数据中心', '安全管理员', 'security_admin'),
    systems: ['qu-oa'],
  },
  {
    username: 'zhanshifu',
    name: '战师傅',
    posts: post('迎客社区第一网格', '网格员', 'grid_worker'),
    systems: ['qu-grid', 'ln-forestfire'],
  },
  {
    username: 'zhouzhuren',
    name: '周主任',
    posts: post('区社会治理中心', '主任', 'leader'),
    systems: ['ln-emergency', 'dl-video', 'qu-integrity', 'qu-oa', 'dl-8890', 'qu-grid'],
  },
  {
    username: 'sunyue',
    name: '孙悦',
    posts: post('区大数据中心', '数据专员', 'clerk'),
    systems: ['qu-oa', 'qu-grid', 'nat-salvation', 'ln-edu'],
  },
  {
    username: 'maqiang',
    name: '马强',
    posts: post('机场街道', '承办员', 'clerk'),
    systems: ['dl-8890', 'qu-grid', 'qu-oa', 'nat-salvation', 'ln-forestfire'],
  },
  {
    username: 'liuyang',
    name: '刘洋',
    posts: post('区营商环境建设局', '科员', 'clerk'),
    systems: ['dl-8890', 'qu-tourism', 'ln-edu'],
    unlinked: ['qu-tourism', 'ln-edu'],
  },
  {
    username: 'chenjing',
    name: '陈静',
    posts: post('区民政局', '科员', 'clerk'),
    systems: ['nat-salvation', 'qu-tourism', 'qu-oa'],
    wrong: ['nat-salvation', 'qu-tourism'],
  },
  {
    username: 'gaofeng',
    name: '高峰',
    posts: post('区应急管理局', '值班领导', 'leader'),
    systems: ['ln-emergency', 'ln-forestfire', 'dl-video', 'qu-oa'],
  },
  {
    username: 'linyan',
    name: '林燕',
    posts: post('区教育局', '科员', 'clerk'),
    systems: ['ln-edu', 'qu-oa', 'qu-tourism'],
  },
  {
    username: 'zhengwen',
    name: '郑文',
    posts: post('区文化和旅游局', '科员', 'clerk'),
    systems: ['qu-tourism', 'qu-oa'],
  },
  {
    username: 'hexin',
    name: '何欣',
    systems: ['qu-oa'],
    posts: post('区人力资源和社会保障局', '科员', 'clerk'),
  },
];
