import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import { api, csrf, done, need, type Schemas } from '../../api/client';

export type Setup = Schemas['SecondFactorSetup'];
export type Factor = Schemas['SecondFactor'];

const kKey = ['second-factor'] as const;
const header = () => ({ params: { header: csrf() } });

export function useFactor() {
  return useQuery({ queryKey: kKey, queryFn: () => need(api.GET('/api/v1/me/second-factor')) });
}

/** Everything that changes it. What is secret stays with the caller and never enters the query cache. */
export function useFactorActions() {
  const client = useQueryClient();
  const after = { onSettled: () => client.invalidateQueries({ queryKey: kKey }), gcTime: 0 };
  return {
    begin: useMutation({
      mutationFn: (password: string) => need(api.POST('/api/v1/me/second-factor/setup', { ...header(), body: { password } })),
      gcTime: 0,
    }),
    confirm: useMutation({
      mutationFn: (body: { setup: string; code: string; name: string }) =>
        need(api.POST('/api/v1/me/second-factor', { ...header(), body })),
      ...after,
    }),
    renew: useMutation({
      mutationFn: (code: string) => need(api.POST('/api/v1/me/second-factor/recovery-codes', { ...header(), body: { code } })),
      ...after,
    }),
    remove: useMutation({
      mutationFn: (code: string) => done(api.POST('/api/v1/me/second-factor/remove', { ...header(), body: { code } })),
      ...after,
    }),
  };
}
