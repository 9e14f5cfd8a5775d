import { useInfiniteQuery } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, need, type Schemas } from '../../../api/client';

export type AuditRecord = Schemas['AuditRecord'];
export interface AuditWish {
  actor?: string;
  type?: string;
  object?: string;
  from?: string;
  to?: string;
}

/** Newest first. Each page is a search that the hub writes down, so nothing asks again by itself. */
export const useAudit = (wish: Ref<AuditWish>) =>
  useInfiniteQuery({
    queryKey: ['data', 'audit', wish],
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      need(api.GET('/api/v1/admin/audit', { params: { query: { ...wish.value, ...(pageParam ? { before: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });
