/** The network at one look, asked every two seconds while somebody looks. One for all pages.
 *
 * Asking is cheap (counts of a board in memory, the open outages), and unlike a stream it holds no seat of the server's door. */
import { computed, readonly, ref, shallowRef } from 'vue';
import { get, type Summary } from '../api/client';
import { shut } from './session';

const pace = 2_000;
/** No answer for so long, or a heartbeat that old, and nothing shown is current. */
const stale = 5_000;

const last = shallowRef<Summary | null>(null);
const silence = ref(0);
let came = performance.now();

export const summary = readonly(last) as Readonly<typeof last>;

export type Freshness = 'waiting' | 'fresh' | 'silent' | 'unfounded' | 'stopped';

export const freshness = computed<Freshness>(() => {
  const s = last.value;
  if (silence.value > stale) return 'silent';
  if (!s) return 'waiting';
  if (s.heartbeat_age_s === null) return 'unfounded';
  return s.heartbeat_age_s * 1000 > stale ? 'stopped' : 'fresh';
});

/** How long there has been no answer, or no heartbeat, in seconds. */
export const age = computed(() => (freshness.value === 'stopped' ? (last.value?.heartbeat_age_s ?? 0) : silence.value / 1000));

async function ask(): Promise<void> {
  if (shut.value) {
    last.value = null;
    came = performance.now();
  } else if (!document.hidden) {
    try {
      last.value = await get('/api/v1/summary');
      came = performance.now();
    } catch {
      /* `freshness` says so when it lasts */
    }
  }
  setTimeout(() => void ask(), pace);
}

export function beginLive(): void {
  void ask();
  setInterval(() => (silence.value = document.hidden ? 0 : performance.now() - came), 500);
  document.addEventListener('visibilitychange', () => (came = performance.now()));
}
