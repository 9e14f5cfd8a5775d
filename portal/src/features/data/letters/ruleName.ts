import { useI18n } from 'vue-i18n';

/** A cause in words; a rule that has none keeps its own name. */
export function useRuleName(): (rule: string) => string {
  const { t, te } = useI18n();
  return (rule) => (te(`rule.${rule}`) ? t(`rule.${rule}`) : rule);
}
