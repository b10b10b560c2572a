/** Of a pair of machines pages show what both observed, laid together by rule; who wants it sees what this one observed alone. The
 * browser remembers which. Where one machine is alone nothing of this shows, and nothing else is asked. */
import { computed, ref } from 'vue';
import type { Schemas } from '../api/client';
import { summary } from './live';
import { remember, remembered } from './remembered';

export type View = 'merged' | 'own';
export type PairStanding = NonNullable<Schemas['Summary']['pair']>;

const chosen = ref<View>(remembered('view') === 'own' ? 'own' : 'merged');
export const pair = computed<PairStanding | null>(() => summary.value?.pair ?? null);
export const wanted = computed<View>(() => chosen.value);
export function want(view: View): void {
  chosen.value = view;
  remember('view', view);
}

/** What a question about books says besides: nothing for both, so that the daemon answers with this machine's own where the two cannot be laid together. */
export const viewAsked = computed<'own' | undefined>(() => (pair.value && chosen.value === 'own' ? 'own' : undefined));

const late = 60;
/** The whole seconds since then; null: never. */
export function secondsSince(instant: string | null, now: string): number | null {
  return instant && now ? Math.max(0, Math.floor((Date.parse(now) - Date.parse(instant)) / 1000)) : null;
}

/** The figures of today are more than a minute old, so that a page says of when they are. */
export function dated(p: PairStanding, now: string): boolean {
  return (secondsSince(p.as_of, now) ?? 0) > late;
}

/** What of a pair an office has to look after, in order of its weight; empty: all is well. */
export type Trouble = 'forked' | 'clock' | 'behind' | 'tooMany';
export function troublesOf(p: PairStanding, now: string): Trouble[] {
  const behind = [p.shipped, p.received].some((at) => (secondsSince(at, now) ?? late + 1) > late);
  return [...(p.forked ? (['forked'] as const) : []), ...(Math.abs(p.clock_offset_s ?? 0) > 1 ? (['clock'] as const) : []), ...(behind ? (['behind'] as const) : []), ...(p.left_out > 0 ? (['tooMany'] as const) : [])];
}
