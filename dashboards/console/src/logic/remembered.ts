/** What this browser keeps: never anything that is worth a password. A browser that keeps nothing is one, too. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`changtong.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`changtong.${name}`, value);
  } catch {
    /* then it is asked again */
  }
}
