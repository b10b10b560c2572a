/** The network at one look, asked every two seconds while somebody looks, and at once when the daemon says that something has happened.
 * One for all pages.
 *
 * Asking is cheap (counts of a board in memory, the open outages). The stream of events says only that there is news; where it cannot be
 * had (a proxy that keeps it back, no seat) asking goes on as it is. Nobody listens behind a tab that is hidden: a browser has six
 * connections to one server, and each page would hold one. */
import { computed, readonly, ref, shallowRef, watch } from 'vue';
import { get, listen, type Summary } from '../api/client';
import { shut } from './session';

const pace = 2_000;
/** After a stream has ended or was not to be had. */
const again = 10_000;
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

let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
let wanted = false; // news came meanwhile
/** Raised by news; pages ask anew by it. */
const heard = ref(0);
export const news = readonly(heard);

async function ask(): Promise<void> {
  if (asking) {
    wanted = true;
    return;
  }
  asking = true;
  wanted = false;
  clearTimeout(timer);
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
  asking = false;
  timer = setTimeout(() => void ask(), wanted ? 0 : pace);
}

let stream: AbortController | null = null;
function hear(): void {
  heard.value += 1;
  void ask();
}
async function keepListening(): Promise<void> {
  if (stream || shut.value || document.hidden) return;
  stream = new AbortController();
  try {
    await listen(hear, () => (document.documentElement.dataset.live = '1'), stream.signal);
  } catch {
    /* asking goes on */
  }
  stream = null;
  delete document.documentElement.dataset.live;
  setTimeout(() => void keepListening(), again);
}
const leaveStream = (): void => stream?.abort();

export function beginLive(): void {
  void ask();
  void keepListening();
  watch(shut, (now) => (now ? leaveStream() : void keepListening()));
  document.addEventListener('visibilitychange', () => (document.hidden ? leaveStream() : void keepListening()));
  setInterval(() => (silence.value = document.hidden ? 0 : performance.now() - came), 500);
  document.addEventListener('visibilitychange', () => (came = performance.now()));
}
