/** Where things lie, seen from build/. (Node 18 has no import.meta.dirname.) */
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const json = at('../json');
export const project = at('../../..');
