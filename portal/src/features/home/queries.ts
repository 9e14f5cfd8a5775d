import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import { api, csrf, done, need, type Schemas } from '../../api/client';

export type System = Schemas['System'];
export type SystemList = Schemas['SystemList'];
const kKey = ['systems'] as const;

export function useSystems() {
  return useQuery({ queryKey: kKey, queryFn: () => need(api.GET('/api/v1/systems')) });
}

/** Paints at once; goes back if the server refuses. */
export function useFavourite() {
  const client = useQueryClient();
  const paint = (id: string, on: boolean): void => {
    client.setQueryData<SystemList>(kKey, (old) =>
      old && { ...old, items: old.items.map((item) => (item.id === id ? { ...item, favourite: on } : item)) },
    );
  };
  return useMutation({
    mutationFn: ({ id, on }: { id: string; on: boolean }) => {
      const params = { header: csrf(), path: { system: id } };
      const path = '/api/v1/me/favourites/{system}' as const;
      return done(on ? api.PUT(path, { params }) : api.DELETE(path, { params }));
    },
    onMutate: ({ id, on }) => paint(id, on),
    onError: (_error, { id, on }) => paint(id, !on),
  });
}
