import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, csrf, need, type Schemas } from '../../../api/client';
import type { Cause, Wish } from './wish';

export type Letter = Schemas['DeadLetter'];
export type Report = Schemas['ReplayReport'];

export function useLetters(cause: Ref<Cause>) {
  return useInfiniteQuery({
    queryKey: ['data', 'letters', computed(() => ({ ...cause.value }))],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => {
      const { item, rule, field } = cause.value;
      const query = { rule, ...(field ? { field } : {}), ...(pageParam ? { after: pageParam } : {}) };
      return need(api.GET('/api/v1/data/items/{item}/dead-letters', { params: { path: { item }, query } }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => need(api.POST('/api/v1/sync/dead-letters/replay', { params: { header: csrf() }, body: wish })),
    onSettled: (_report, _error, wish) => (wish.dry_run ? undefined : client.invalidateQueries({ queryKey: ['data'] })),
  });
}

export function useDiscard() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: number[]) => need(api.POST('/api/v1/sync/dead-letters/discard', { params: { header: csrf() }, body: { ids } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['data'] }),
  });
}
