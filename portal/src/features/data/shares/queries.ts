import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query';
import type { Ref } from 'vue';
import { api, csrf, done, need, type Schemas } from '../../../api/client';

export type Offer = Schemas['ShareOffer'];
export type OfferDetail = Schemas['ShareOfferDetail'];
export type Share = Schemas['Share'];
export type ShareDetail = Schemas['ShareDetail'];
export type ShareDraft = Schemas['ShareDraft'];
export type ShareField = Schemas['ShareField'];
export type Mask = Schemas['ShareMask'];
export type Move = 'approve' | 'return' | 'refuse' | 'suspend' | 'resume' | 'end';
const kKey = ['data', 'shares'] as const;
const kRows = 20;

export const useOffers = () =>
  useQuery({ queryKey: ['data', 'offers'], queryFn: async () => (await need(api.GET('/api/v1/share-offers'))).items });

export const useOffer = (item: Ref<string>) =>
  useQuery({
    queryKey: ['data', 'offers', item],
    queryFn: () => need(api.GET('/api/v1/share-offers/{item}', { params: { path: { item: item.value } } })),
    refetchOnWindowFocus: false,
  });

export const useShares = () =>
  useQuery({ queryKey: kKey, queryFn: async () => (await need(api.GET('/api/v1/shares', { params: { query: {} } }))).items });

/** @param id 0 asks for nothing */
export const useShare = (id: Ref<number>) =>
  useQuery({
    queryKey: [...kKey, id],
    queryFn: () => need(api.GET('/api/v1/shares/{share}', { params: { path: { share: id.value } } })),
    enabled: () => id.value !== 0,
  });

function useChange<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey: kKey }) });
}

export const useMove = () =>
  useChange(({ share, action, reason }: { share: Share; action: Move; reason: string }) =>
    need(
      api.POST('/api/v1/shares/{share}/state', {
        params: { header: csrf(), path: { share: share.id } },
        body: { action, version: share.version, ...(reason ? { reason } : {}) },
      }),
    ),
  );

/** A new request, or with `share` the same one in other words. */
export const useRequest = () =>
  useChange(({ draft, share }: { draft: ShareDraft; share?: number }) =>
    need(
      share
        ? api.PUT('/api/v1/shares/{share}', { params: { header: csrf(), path: { share } }, body: draft })
        : api.POST('/api/v1/shares', { params: { header: csrf() }, body: draft }),
    ),
  );

export const useIssue = () =>
  useChange(({ share, name }: { share: number; name: string }) =>
    need(api.POST('/api/v1/shares/{share}/tokens', { params: { header: csrf(), path: { share } }, body: { name } })),
  );

export const useRevoke = () =>
  useChange(({ share, token }: { share: number; token: number }) =>
    done(api.DELETE('/api/v1/shares/{share}/tokens/{token}', { params: { header: csrf(), path: { share, token } } })),
  );

/** Counts against the quota and is audited: only when somebody asks for it. */
export const useRows = () =>
  useChange(({ contract, asOf }: { contract: number; asOf: string }) =>
    need(
      api.GET('/api/v1/share/{contract}/rows', {
        params: { path: { contract }, query: { limit: kRows, ...(asOf ? { as_of: asOf } : {}) } },
      }),
    ),
  );
