import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import { api, csrf, done, need, type Schemas } from '../../api/client';

export type Link = Schemas['Link'];
const kKey = ['links'] as const;
const kPath = '/api/v1/me/links/{system}' as const;

export function useLinks() {
  return useQuery({ queryKey: kKey, queryFn: async () => (await need(api.GET('/api/v1/me/links'))).items });
}

const params = (system: string) => ({ params: { header: csrf(), path: { system } } });

/** Whatever came of it, the lists that show the state of a link are asked again. */
function useLinkMutation<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: kKey }), client.invalidateQueries({ queryKey: ['systems'] })]),
  });
}

export const useLinkSystem = () =>
  useLinkMutation(({ system, fields }: { system: string; fields: Record<string, string> }) =>
    need(api.POST(kPath, { ...params(system), body: { fields } })),
  );
export const useTestLink = () =>
  useLinkMutation((system: string) => need(api.POST('/api/v1/me/links/{system}/test', params(system))));
export const useUnlink = () => useLinkMutation((system: string) => done(api.DELETE(kPath, params(system))));
