import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, csrf, need, type Schemas } from '../../../api/client';

export type Check = Schemas['Check'];
export type Alert = Schemas['Alert'];
export type AlertDetail = Schemas['AlertDetail'];
export type Evidence = NonNullable<AlertDetail['evidence']>['records'][number];
const kKey = ['data', 'alerts'] as const;

export const useChecks = () =>
  useQuery({ queryKey: ['data', 'checks'], queryFn: async () => (await need(api.GET('/api/v1/checks'))).items });

/** Closed ones too. */
export const useAlerts = () =>
  useQuery({
    queryKey: kKey,
    queryFn: async () => (await need(api.GET('/api/v1/alerts', { params: { query: { state: 'all' } } }))).items,
  });

export const useAlert = (id: Ref<number>) =>
  useQuery({
    queryKey: [...kKey, id],
    queryFn: () => need(api.GET('/api/v1/alerts/{alert}', { params: { path: { alert: id.value } } })),
    // Every look at the evidence is audited: no look that nobody took.
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });

function useChange<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['data', 'checks'] });
      await client.invalidateQueries({ queryKey: kKey });
    },
  });
}

export const useCheckRun = () =>
  useChange((check: string) => need(api.POST('/api/v1/checks/{check}/run', { params: { header: csrf(), path: { check } } })));

export const useTake = () =>
  useChange(({ alert, note }: { alert: number; note: string }) =>
    need(api.POST('/api/v1/alerts/{alert}', { params: { header: csrf(), path: { alert } }, body: { note } })),
  );
