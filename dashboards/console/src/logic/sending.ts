/** One thing handed in at a time, and why it was refused. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { Refusal } from '../api/client';

/** The field that a refusal is about, by the name that the API has for it; null: it is about no single one. */
export const fieldOf = (why: Refusal): string | null => /^(?:the body cannot be read: )?([a-z_]+): /.exec(why.en)?.[1] ?? null;

export interface Sending {
  sending: Ref<boolean>;
  problem: ShallowRef<Refusal | null>;
  /** Whether it was taken; false too while something is on its way. */
  hand: (what: () => Promise<void>) => Promise<boolean>;
}

export function useSending(): Sending {
  const sending = ref(false);
  const problem = shallowRef<Refusal | null>(null);
  async function hand(what: () => Promise<void>): Promise<boolean> {
    if (sending.value) return false;
    sending.value = true;
    problem.value = null;
    try {
      await what();
    } catch (why) {
      problem.value = why instanceof Refusal ? why : new Refusal(0, 'broken', String(why), String(why));
    }
    sending.value = false;
    return problem.value === null;
  }
  return { sending, problem, hand };
}
