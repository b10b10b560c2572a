/** Pieces of PromQL that several boards use. */

/** The one monitor that the board shows: figures of two districts are never added up or mixed. */
export const here = 'job=~"$job",node=~"$node",instance="$instance"';

/** The lines that the variables choose. */
export const chosen = `${here},category=~"$category",town=~"$town",carrier=~"$carrier"`;

/** A ratio as it may be printed (rules of the books): cut after five decimals of a percentage, never rounded up; and where
 * nothing was down but not everything was observed, 2, which the boards show as 未观测到中断, never as 100 %. */
export const shown = (availability: string, lower: string): string =>
  `floor(${availability} * 1e7) / 1e7 + (${availability} == bool 1) * (${lower} < bool 1)`;

const groupSelector = (by: string, window: string): string => `${here},by="${by}",window=~"${window}"`;

/** Of all groups of a kind, with the label `name` alone (and window where asked). */
export const group = (metric: string, by: string, window: string, labels = 'name'): string =>
  `max by (${labels}) (changtong_group_${metric}{${groupSelector(by, window)}})`;

/** The windows in the order in which people read them. */
export const inOrder = (of: (window: string) => string): string => ['today', 'month', 'year'].map((w) => `(${of(w)})`).join(' or ');

export const groupShown = (by: string, window: string, labels = 'name'): string =>
  shown(group('availability_ratio', by, window, labels), group('availability_lower_ratio', by, window, labels));

export const lineShown = (window: string, selector: string): string =>
  shown(
    `changtong_line_availability_ratio{${selector},window="${window}"}`,
    `changtong_line_availability_lower_ratio{${selector},window="${window}"}`,
  );

/** Adds the Chinese name of a category to a vector that has the label category alone. */
export const withCategoryName = (vector: string): string =>
  `sum by (name) ((${vector}) * on (category) group_left (name) group by (category, name) (changtong_category_info{${here}}))`;
