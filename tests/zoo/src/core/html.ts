// Page parts and the invented records that the pages show.
export function esc(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

export function table(head: string[], rows: string[][], attributes = ''): string {
  const th = head.map((h) => `<th>${esc(h)}</th>`).join('');
  const body = rows.map((r) => `<tr>${r.map((c) => `<td>${c}</td>`).join('')}</tr>`).join('\n');
  return `<table ${attributes}><thead><tr>${th}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

/** Picks by number, so that the same id always shows the same record. */
export function pick(list: readonly string[], n: number): string {
  return list[Math.abs(n) % list.length] ?? '';
}

export const kPlaces = [
  '滨海路12号',
  '机场前街3号',
  '迎客路88号',
  '红旗西路5号',
  '山东路201号',
  '中华西路17号',
  '泉水A区9号楼',
];
export const kFamily = ['孙', '吴', '郑', '冯', '蒋', '沈', '韩', '杨', '朱', '秦', '许', '何', '吕', '施'];
export const kGiven = ['建国', '桂兰', '志强', '丽华', '文博', '子轩', '雨桐', '凤英', '国庆', '春梅'];
export const kMatters = [
  '暖气不热',
  '路灯不亮',
  '井盖破损',
  '楼道堆物',
  '暴露垃圾',
  '占道经营',
  '下水堵塞',
  '噪音扰民',
];

export function personName(n: number): string {
  return pick(kFamily, n * 5 + 3) + pick(kGiven, n * 3 + 1);
}

export function pad(n: number, width: number): string {
  return String(n).padStart(width, '0');
}

export function positive(text: string, fallback: number): number {
  const n = Number.parseInt(text, 10);
  return Number.isFinite(n) && n > 0 ? n : fallback;
}
