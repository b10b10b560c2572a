/** One question of a page: its answer, why there is none, and asking again while the page is open. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { Refusal } from '../api/client';
import { news } from './live';

export interface Asked<T> {
  answer: ShallowRef<T | null>;
  problem: ShallowRef<Refusal | null>;
  asking: Ref<boolean>;
  again: () => Promise<void>;
}

/** `every`: milliseconds, or 0 for once; may depend on the answer. The last answer stays while a newer one is awaited. */
export function asked<T>(question: () => Promise<T>, every: number | (() => number) = 0, anew?: () => unknown): Asked<T> {
  const answer = shallowRef<T | null>(null);
  const problem = shallowRef<Refusal | null>(null);
  const asking = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;
  let begun = 0;
  let stale = false;

  function wait(pace: number): void {
    clearTimeout(timer);
    const soon = Math.max(0, begun + Math.max(1_000, paceNow() / 5) - Date.now());
    const next = stale ? soon : pace;
    if (stale || pace > 0) timer = setTimeout(() => void again(), next);
  }
  const paceNow = (): number => (typeof every === 'function' ? every() : every);

  async function again(): Promise<void> {
    const mine = ++round;
    clearTimeout(timer);
    begun = Date.now();
    stale = false;
    asking.value = true;
    try {
      const got = document.hidden && answer.value ? answer.value : await question();
      if (mine !== round) return;
      answer.value = got;
      problem.value = null;
    } catch (why) {
      if (mine !== round) return;
      problem.value = why instanceof Refusal ? why : new Refusal(0, 'broken', String(why), String(why));
    }
    asking.value = false;
    wait(paceNow());
  }

  // What is asked again and again is asked at once when there is news, but five times as often as by itself at most: a large answer stays rare.
  if (every !== 0)
    watch(news, () => {
      stale = true;
      if (!asking.value) wait(0);
    });
  if (anew)
    watch(anew, () => {
      answer.value = null;
      void again();
    });
  onScopeDispose(() => {
    round = -1;
    clearTimeout(timer);
  });
  void again();
  return { answer, problem, asking, again };
}
