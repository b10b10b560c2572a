/** Every board and the file that holds it. */
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { carriers } from './boards/carriers.js';
import { indicators } from './boards/indicators.js';
import { line } from './boards/line.js';
import { overview } from './boards/overview.js';
import { self } from './boards/self.js';
import { sites } from './boards/sites.js';

export const boards = (): [file: string, board: dashboard.Dashboard][] => [
  ['overview.json', overview().build()],
  ['line.json', line().build()],
  ['carriers.json', carriers().build()],
  ['sites.json', sites().build()],
  ['indicators.json', indicators().build()],
  ['self.json', self().build()],
];
