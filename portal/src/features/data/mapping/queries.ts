import { useMutation, useQuery } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, csrf, need, type Schemas } from '../../../api/client';

export type Preview = Schemas['MappingPreview'];
const kRows = 20;

export const useMapping = (code: Ref<string>) =>
  useQuery({
    queryKey: ['data', 'mapping', code],
    queryFn: () => need(api.GET('/api/v1/data/items/{item}/mapping', { params: { path: { item: code.value } } })),
    refetchOnWindowFocus: false,
  });

export const usePreview = () =>
  useMutation({
    mutationFn: ({ item, text }: { item: string; text?: string }) =>
      need(
        api.POST('/api/v1/data/items/{item}/mapping/preview', {
          params: { header: csrf(), path: { item } },
          body: { rows: kRows, ...(text === undefined ? {} : { text }) },
        }),
      ),
  });
