// Who is signed in. When the session ends under an open page, `ended` brings up the overlay and requests wait.
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query';
import { ref } from 'vue';
import { api, csrf, need, onSessionEnd, setToken, type Schemas } from '../api/client';
import { applyLook } from './look';

export type Me = Schemas['Me'];
/** For data pages; the hub refuses everybody else too. */
export const kDataRoles: readonly string[] = ['data_steward', 'system_admin'];
export const hasRole = (me: Me, roles: readonly string[]): boolean => me.roles.some((role) => roles.includes(role));
/** Sharing is for everybody in an office; the others of these pages want a role. */
export const seesData = (me: Me): boolean => me.roles.some((role) => role !== 'grid_worker');
/** The first data page that somebody may open. */
export const dataHome = (me: Me): string => (hasRole(me, kDataRoles) ? '/data/items' : '/data/shares');
const kKey = ['me'] as const;

export const ended = ref(false);
let waiting: (() => void)[] = [];
let known = '';

export function toLogin(): void {
  const to = window.location.pathname + window.location.search;
  window.location.assign(`/login?to=${encodeURIComponent(to)}`);
}

onSessionEnd(() => {
  if (!known) {
    toLogin();
    return new Promise(() => undefined); // the page is being left
  }
  ended.value = true;
  return new Promise((resolve) => waiting.push(resolve));
});

function adopt(me: Me): Me {
  setToken(me.csrf_token);
  known = me.username;
  return me;
}

export function useMe() {
  return useQuery({
    queryKey: kKey,
    queryFn: async () => {
      const me = adopt(await need(api.GET('/api/v1/me')));
      await applyLook(me.preferences);
      return me;
    },
    staleTime: 60_000,
  });
}

/** Called with the answer of a sign-in in place; another person gets a fresh page. */
export function resume(client: QueryClient, me: Me): void {
  if (known && me.username !== known) {
    window.location.assign('/');
    return;
  }
  client.setQueryData(kKey, adopt(me));
  ended.value = false;
  waiting.splice(0).forEach((go) => go());
}

export function useActingPost() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (post_id: string) =>
      need(api.PUT('/api/v1/me/acting-post', { params: { header: csrf() }, body: { post_id } })),
    onSuccess: async (me) => {
      client.setQueryData(kKey, adopt(me));
      // Rights hang on the post: everything else is asked again.
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
    },
  });
}
