/** The boards as the checks see them: the JSON that is imported, read back. */
export interface Target {
  refId: string;
  expr: string;
  instant?: boolean;
  range?: boolean;
  format?: string;
  legendFormat?: string;
}
export interface PanelJson {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: Target[];
  transformations?: { id: string; options: { includeByName?: Record<string, boolean> } }[];
}
export interface VariableJson {
  name: string;
  type: string;
  query?: string | { query: string };
  regex?: string;
  includeAll?: boolean;
  allValue?: string;
}
export interface BoardJson {
  uid: string;
  title: string;
  panels: PanelJson[];
  templating: { list: VariableJson[] };
  annotations?: { list: { name: string; expr: string; titleFormat?: string; textFormat?: string }[] };
}

export const queryOf = (v: VariableJson): string => (typeof v.query === 'string' ? v.query : (v.query?.query ?? ''));

/** Names that Grafana itself replaces. */
export const builtIn = new Set(['__rate_interval', '__interval', '__interval_ms', '__range', '__range_s', '__range_ms', '__from', '__to', '__url_time_range', '__all', '__data', '__field', '__value']);

/** `$1` of label_replace is no variable. */
export const variablesIn = (text: string): string[] =>
  [...text.matchAll(/\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g)].map((m) => m[1] ?? m[2] ?? '');

export function substitute(text: string, values: Map<string, string>, seconds: { range: number; step: number }): string {
  const own: Record<string, string> = {
    __rate_interval: `${Math.max(seconds.step + 15, 60)}s`,
    __interval: `${seconds.step}s`,
    __range: `${seconds.range}s`,
    __range_s: `${seconds.range}`,
  };
  return text.replace(/\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g, (whole: string, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return own[name] ?? values.get(name) ?? whole;
  });
}
