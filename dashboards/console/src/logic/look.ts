/** Light or dark: as the system is set, until somebody chooses. */
import { ref } from 'vue';
import { remember, remembered } from './remembered';

export const dark = ref(false);

function show(is: boolean): void {
  dark.value = is;
  document.documentElement.classList.toggle('dark', is);
}

export function beginLook(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = remembered('look');
  show(chosen ? chosen === 'dark' : system.matches);
  system.addEventListener('change', () => remembered('look') ?? show(system.matches));
}

export function choose(is: boolean): void {
  remember('look', is ? 'dark' : 'light');
  show(is);
}
