/** Something asked a moment after the last key: of several questions only the newest counts. */
import { onScopeDispose } from 'vue';

export function later(what: (current: () => boolean) => Promise<void>, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;
  onScopeDispose(() => {
    round = -1;
    clearTimeout(timer);
  });
  return () => {
    const mine = ++round;
    clearTimeout(timer);
    timer = setTimeout(() => void what(() => mine === round), wait);
  };
}
