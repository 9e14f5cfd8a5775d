import { useQuery } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, need, type Schemas } from '../../../api/client';

export type Lineage = Schemas['ItemLineage'];
export type Field = Lineage['fields'][number];
export type Check = Schemas['Check'];

export const useLineage = (code: Ref<string>) =>
  useQuery({
    queryKey: ['data', 'lineage', code],
    queryFn: () => need(api.GET('/api/v1/data/items/{item}/lineage', { params: { path: { item: code.value } } })),
  });

/** What else the checks need: the second step. Only for those who may see checks. */
export const useCheckItems = (may: Ref<boolean>) =>
  useQuery({ queryKey: ['data', 'checks'], queryFn: async () => (await need(api.GET('/api/v1/checks'))).items, enabled: may });
