/** States of lines and sites, and the sign beside the colour of each. */
import type { Line } from '../api/client';

export type State = Line['state'];

/** Those that are counted: of whoever is in scope. */
export const counted = ['up', 'down', 'degraded', 'unknown'] as const satisfies readonly State[];

export const signs: Readonly<Record<State, string>> = { up: '✓', down: '✕', degraded: '▲', unknown: '?', closed: '■', planned: '…' };

/** Not yet accepted, or closed: nobody asks it. */
export const inScope = (of: Pick<Line, 'state'>): boolean => of.state !== 'closed' && of.state !== 'planned';
