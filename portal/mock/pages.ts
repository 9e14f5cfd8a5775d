// The hub's own pages with a fixture for every state, rendered by a second Mustache implementation.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Mustache from 'mustache';
import type { Manifest } from '../tools/finish.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string): string => readFileSync(at(path), 'utf8');

export type Theme = 'system' | 'light' | 'dark';
export type Size = 'normal' | 'large';
export type Lang = 'zh-CN' | 'en';
export interface Look {
  lang: Lang;
  theme: Theme;
  size: Size;
}

type View = Record<string, unknown>;
const kTrace = '01JD4F-7QX2-9A31';
const kRules = '至少 10 个字符，含字母和数字，不得与最近 5 次相同。';

/** page -> state -> variables, as login/README.md lists them */
export const pageStates: Record<string, Record<string, View>> = {
  login: {
    plain: { csrf: 'c', to: '' },
    to: { csrf: 'c', to: '/go/dl-8890', to_name: '大连市 8890 综合服务平台', help_contact: '电话 0411-8888 0000' },
    wrong: { csrf: 'c', to: '', username: 'wangmin', wrong: true },
    locked: { csrf: 'c', to: '', username: 'wangmin', locked: true, minutes: 12 },
    throttled: { csrf: 'c', to: '', username: 'wangmin', throttled: true, seconds: 30 },
    busy: { csrf: 'c', to: '', username: 'wangmin', busy: true },
    stale: { csrf: 'c', to: '', username: 'wangmin', stale: true },
    ended: { csrf: 'c', to: '/me/links', ended: true },
  },
  mustchange: {
    first: { csrf: 'c', to: '', username: 'wangmin', password_rules: kRules, expired: false },
    expired: { csrf: 'c', to: '', username: 'wangmin', password_rules: kRules, expired: true, wrong: true },
    weak: {
      csrf: 'c', to: '', username: 'wangmin', password_rules: kRules, expired: false, weak: true,
      reasons: ['少于 10 个字符', '包含账号'],
    },
    differ: { csrf: 'c', to: '', username: 'wangmin', password_rules: kRules, expired: false, differ: true },
  },
  firstadmin: {
    plain: { used: false, csrf: 'c', action: '/setup/abc', password_rules: kRules },
    bad: {
      used: false, csrf: 'c', action: '/setup/abc', password_rules: kRules, username: '管理员', name: '李工',
      bad_username: true,
    },
    weak: {
      used: false, csrf: 'c', action: '/setup/abc', password_rules: kRules, username: 'ligong', name: '李工',
      weak: true, reasons: ['少于 10 个字符'],
    },
    used: { used: true },
  },
  stepup: {
    code: { csrf: 'c', state: 's', to: '/go/dl-video', to_name: '雪亮工程视频共享平台', other_way: '/step-up?recovery=1' },
    wrong: { csrf: 'c', state: 's', to: '/', other_way: '/step-up?recovery=1', wrong: true, server_time: '14:32:05' },
    used: { csrf: 'c', state: 's', to: '/', other_way: '/step-up?recovery=1', used: true },
    recovery: { csrf: 'c', state: 's', to: '/', other_way: '/step-up', recovery: true, wrong_recovery: true },
    locked: { csrf: 'c', state: 's', to: '/', other_way: '/step-up?recovery=1', locked: true, minutes: 15 },
    stale: { csrf: 'c', state: 's', to: '/', other_way: '/step-up?recovery=1', stale: true },
    none: { csrf: 'c', state: 's', to: '/go/dl-video', to_name: '雪亮工程视频共享平台', none: true, setup_url: '/me/security' },
  },
  denied: {
    level: {
      system_name: '雪亮工程视频共享平台', has_unmet: true, unmet: [{ condition: '认证强度', have: '1', need: '至少 2' }],
      change: '用更强的方式登录（2 级）', rule: 'video-export-needs-second-factor', step_up_url: '/step-up?to=%2Fgo%2Fdl-video',
      trace_id: kTrace,
    },
    role: {
      system_name: '智慧廉政监督平台', has_unmet: true,
      unmet: [
        { condition: '角色', have: '住建科员、系统用户', need: '纪检监察' },
        { condition: '网络区域', have: '互联网', need: '办公内网' },
      ],
      change: '从办公内网登录，并由区纪委监委授予“纪检监察”角色。', who_can_grant: '区纪委监委 信息室（内线 2107）',
      rule: 'integrity/inspectors', acting_post: '区住房和城乡建设局 · 科员', trace_id: kTrace,
    },
    none: { system_name: '国家救助系统', has_unmet: false, rule: 'default-deny', trace_id: kTrace },
  },
  error: {
    notfound: { status: 404, not_found: true, trace_id: kTrace },
    down: {
      status: 502, down: true, system_name: '大连市 8890 综合服务平台', last_ok: '11-21 09:42',
      retry_url: '/go/dl-8890', trace_id: kTrace,
    },
    maintenance: { status: 503, maintenance: true, system_name: '协同办公', retry_url: '/go/qu-oa', trace_id: kTrace },
    slow: { status: 504, slow: true, system_name: '协同办公', retry_url: '/go/qu-oa', trace_id: kTrace },
    internal: { status: 500, internal: true, retry_url: '/', trace_id: kTrace },
    own: { title: '安全校验没有通过', detail: '请返回上一页，刷新后重新提交。', status: 403, trace_id: kTrace },
  },
  logout: {
    all: {
      confirm: false, all_ended: true, has_systems: true,
      systems: [{ name: '协同办公', ended: true }, { name: '森林防火', not_needed: true }],
    },
    some: {
      confirm: false, all_ended: false, unsure: true, has_systems: true, trace_id: kTrace,
      systems: [
        { name: '大连市 8890 综合服务平台', ended: true },
        { name: '智慧文旅一体化平台', unconfirmed: true },
        { name: '森林防火', not_needed: true },
      ],
    },
    kept: {
      confirm: false, all_ended: false, some_kept: true, has_systems: true,
      systems: [{ name: '协同办公', kept: true }, { name: '森林防火', ended: true }],
    },
    nothing: { confirm: false, all_ended: true, has_systems: false },
    confirm: { confirm: true, csrf: 'c' },
  },
};

export function manifest(dist: string): Manifest {
  return JSON.parse(readFileSync(`${dist}/manifest.json`, 'utf8')) as Manifest;
}

export function texts(lang: Lang): Record<string, string> {
  return JSON.parse(read(`../login/i18n/${lang}.json`)) as Record<string, string>;
}

export function renderPage(page: string, view: View, look: Look, assets: Record<string, string>): string {
  const t = texts(look.lang);
  const partials = Object.fromEntries(['head', 'bar', 'foot'].map((name) => [name, read(`../login/${name}.html`)]));
  const all = {
    ...look,
    is_dark: look.theme === 'dark',
    is_large: look.size === 'large',
    is_en: look.lang === 'en',
    page_title: t[`page_${page}`],
    district_name: look.lang === 'en' ? 'Zhongshan District' : '中山区统一工作门户',
    css: assets['login.css'],
    js: assets['login.js'],
    mark: assets['mark.svg'],
    here: encodeURIComponent(`/login-pages/${page}`),
    t,
    ...view,
  };
  return Mustache.render(read(`../login/${page}.html`), all, partials);
}
