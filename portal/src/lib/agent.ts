// A browser and a system out of a User-Agent, for people; what is not known stays empty.
const kBrowsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/QQBrowser\/(\d+)/, 'QQ Browser'],
  [/(?:QIHU|360SE|360EE)/, '360'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
  [/curl\/(\d+)/, 'curl'],
];
const kSystems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/UOS/i, 'UOS'],
  [/Kylin/i, 'Kylin'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

export function agentName(agent: string): string {
  const browser = kBrowsers.map(([rule, name]) => [rule.exec(agent), name] as const).find(([hit]) => hit);
  const system = kSystems.find(([rule]) => rule.test(agent))?.[1];
  const version = browser?.[0]?.[1];
  return [browser && [browser[1], version].filter(Boolean).join(' '), system].filter(Boolean).join(' · ');
}
