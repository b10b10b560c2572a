/** Instants as the API writes them, with the offset of the district's zone: shown as they stand, never in the browser's zone. */

/** `2026-11-30T00:52:54.274+08:00` -> `2026-11-30 00:52:54`. */
export const civil = (instant: string | null | undefined): string => (instant ? instant.slice(0, 19).replace('T', ' ') : '—');

/** `2026-11-30T00:52`: what a field for a day and a time takes. */
export const civilMinute = (instant: string): string => instant.slice(0, 16);

/** The civil day, month or year of an instant: the words that `from` and `to` of the API take. */
export const civilDay = (instant: string): string => instant.slice(0, 10);
export const civilMonth = (instant: string): string => instant.slice(0, 7);
export const civilYear = (instant: string): string => instant.slice(0, 4);

/** So many days before a civil day, as a civil day. */
export function daysBefore(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}

/** The last `count` civil days up to and with `day`, in order. */
export const lastDays = (day: string, count: number): string[] => Array.from({ length: count }, (_, i) => daysBefore(day, count - 1 - i));

/** An instant so many hours before another, in UTC. */
export const hoursBefore = (instant: string, hours: number): string => new Date(Date.parse(instant) - hours * 3_600_000).toISOString();

/** `4:05:06`, `5:06`, and with days `3d 04:05:06`. */
export function span(seconds: number, day = 'd'): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [days, hours, minutes, rest] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  if (days > 0) return `${days}${day} ${two(hours)}:${two(minutes)}:${two(rest)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Not below 0: what began after its line was closed took no time of it. */
export const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
