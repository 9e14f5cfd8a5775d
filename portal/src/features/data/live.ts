// What runs now, as the hub tells it (GET /api/v1/sync/events): patched into the cached jobs, row by row. Closed while
// the page is hidden for long; without a stream the jobs are asked again every ten seconds.
import { useQueryClient } from '@tanstack/vue-query';
import { onBeforeUnmount, onMounted, ref } from 'vue';
import { noted, type Sample } from './progress';
import type { Job } from './queries';

const kPath = '/api/v1/sync/events';
const kPollMs = 10_000;
const kSilentMs = 45_000;
const kHiddenMs = 60_000;
const kAgainMs = 30_000;

interface Running {
  item: string;
  kind: 'sync' | 'backfill';
  read: number;
  written: number;
  rejected: number;
}
const counted = ({ read, written, rejected }: Running) => ({ read, written, rejected });
const isRunning = (value: unknown): value is { running: Running[] } =>
  typeof value === 'object' && value !== null && Array.isArray((value as { running?: unknown }).running);

export function useLive() {
  const client = useQueryClient();
  const live = ref(false);
  const heard = ref(Date.now());
  const samples = ref<Record<string, Sample[]>>({});
  let source: EventSource | undefined;
  let poll = 0;
  let again = 0;
  let hidden = 0;

  function take(all: readonly Running[]): void {
    const running = all.filter((one) => one.kind === 'sync');
    const now = new Map(running.map((one) => [one.item, one]));
    const beside = new Map(all.filter((one) => one.kind === 'backfill').map((one) => [one.item, one]));
    samples.value = Object.fromEntries(running.map((one) => [one.item, noted(samples.value[one.item] ?? [], one.read, Date.now())]));
    let changed = false;
    client.setQueryData<Job[]>(['data', 'jobs'], (jobs) =>
      jobs?.map((job) => {
        const one = now.get(job.item);
        const fill = beside.get(job.item);
        if (Boolean(fill) !== Boolean(job.backfill?.progress)) changed = true;
        const backfill = job.backfill && { ...job.backfill, progress: fill ? counted(fill) : null };
        if (!one && !job.progress) return fill ? { ...job, backfill } : job;
        if (!one || !job.progress) changed = true;
        return { ...job, backfill, progress: one ? counted(one) : null };
      }),
    );
    // A run began or ended: its row in the list of runs, and the counts of its item, are others now.
    if (changed) void client.invalidateQueries({ queryKey: ['data'] });
  }
  function onProgress(event: MessageEvent<string>): void {
    heard.value = Date.now();
    live.value = true;
    const state: unknown = JSON.parse(event.data);
    if (isRunning(state)) take(state.running);
  }
  function connect(): void {
    if (source) return;
    source = new EventSource(kPath);
    source.addEventListener('progress', onProgress);
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it connects again by itself
      disconnect();
      again = window.setTimeout(connect, kAgainMs);
    };
  }
  function disconnect(): void {
    source?.close();
    source = undefined;
    live.value = false;
    window.clearTimeout(again);
  }
  function watchSilence(): void {
    if (live.value && Date.now() - heard.value > kSilentMs) live.value = false;
    if (!live.value && !document.hidden) void client.invalidateQueries({ queryKey: ['data', 'jobs'] });
  }
  function onVisible(): void {
    window.clearTimeout(hidden);
    if (document.hidden) hidden = window.setTimeout(disconnect, kHiddenMs);
    else connect();
  }
  onMounted(() => {
    connect();
    poll = window.setInterval(watchSilence, kPollMs);
    document.addEventListener('visibilitychange', onVisible);
  });
  onBeforeUnmount(() => {
    disconnect();
    window.clearInterval(poll);
    window.clearTimeout(hidden);
    document.removeEventListener('visibilitychange', onVisible);
  });
  return { live, samples };
}
