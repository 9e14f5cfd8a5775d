import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, csrf, need, type Schemas } from '../../api/client';

export type Item = Schemas['DataItem'];
export type ItemDetail = Schemas['DataItemDetail'];
export type Job = Schemas['SyncJob'];
export type Run = Schemas['SyncRun'];
export type Action = 'run' | 'run_full' | 'pause' | 'resume' | 'cancel';

export const useItems = () =>
  useQuery({ queryKey: ['data', 'items'], queryFn: async () => (await need(api.GET('/api/v1/data/items'))).items });

export const useItem = (code: Ref<string>) =>
  useQuery({
    queryKey: ['data', 'items', code],
    queryFn: () => need(api.GET('/api/v1/data/items/{item}', { params: { path: { item: code.value } } })),
  });

export const useJobs = () =>
  useQuery({ queryKey: ['data', 'jobs'], queryFn: async () => (await need(api.GET('/api/v1/sync/jobs'))).items });

/** Newest first; of all items without a code. */
export const useRuns = (code?: Ref<string>) =>
  useQuery({
    queryKey: ['data', 'runs', code ?? ''],
    queryFn: async () =>
      (await need(api.GET('/api/v1/sync/runs', { params: { query: code ? { item: code.value } : {} } }))).items,
  });

export type BackfillPlan = Schemas['BackfillPlan'];
export interface BackfillWish {
  column?: string;
  from: string;
  to: string;
  dry_run: boolean;
}

export function useBackfill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item, wish }: { item: string; wish: BackfillWish }) =>
      need(api.POST('/api/v1/data/items/{item}/backfill', { params: { header: csrf(), path: { item } }, body: wish })),
    onSettled: (_plan, _error, { wish }) => (wish.dry_run ? undefined : client.invalidateQueries({ queryKey: ['data', 'jobs'] })),
  });
}

export function useCancelBackfill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (item: string) => need(api.DELETE('/api/v1/data/items/{item}/backfill', { params: { header: csrf(), path: { item } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['data'] }),
  });
}

/** Asked for when it is shown: the hub writes down who looked at keys. */
export const useHeldRemoval = (run: Ref<number>) =>
  useQuery({
    queryKey: ['data', 'removal', run],
    staleTime: 60_000,
    queryFn: () => need(api.GET('/api/v1/sync/runs/{run}/removal', { params: { path: { run: run.value } } })),
  });

export function useConfirmRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ run, unseen }: { run: number; unseen: number }) =>
      need(api.POST('/api/v1/sync/runs/{run}/removal', { params: { header: csrf(), path: { run } }, body: { unseen } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['data'] }),
  });
}

export const useLetterGroups = () =>
  useQuery({
    queryKey: ['data', 'letters'],
    queryFn: async () => (await need(api.GET('/api/v1/sync/dead-letters'))).items,
  });

export function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item, action }: { item: string; action: Action }) =>
      need(api.POST('/api/v1/sync/jobs/{item}', { params: { header: csrf(), path: { item } }, body: { action } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['data'] }),
  });
}
