// A request that the rules want proved first waits for a code in place, then is sent again: nothing typed is lost.
import { ref } from 'vue';
import { onStepUp } from '../api/client';

export const asking = ref(false);
let waiting: ((proved: boolean) => void)[] = [];

onStepUp(() => {
  asking.value = true;
  return new Promise((resolve) => waiting.push(resolve));
});

/** @param proved false: the person gave up, and the requests end as they were answered */
export function settleStepUp(proved: boolean): void {
  asking.value = false;
  waiting.splice(0).forEach((go) => go(proved));
}
