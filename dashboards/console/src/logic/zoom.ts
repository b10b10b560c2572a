/** A look closer at a chart: by two fingers, by Ctrl and the wheel (the wheel alone scrolls the page), and where there is room by a slider below. */
import type { Option } from '../parts/AppChart.vue';

type Zoom = Extract<NonNullable<Option['dataZoom']>, unknown[]>[number];

/** From here on a slider has room beside fingers. */
const wide = 640;
export const sliderHeight = 18;
const pageWidth = (): number => (typeof innerWidth === 'number' ? innerWidth : 0);
/** What a slider takes below the axis; 0 where there is none. */
export const sliderRoom = (width = pageWidth()): number => (width >= wide ? sliderHeight + 10 : 0);

/** `axes`: those that are zoomed together; `width`: of the page. */
export function zooms(axes: number[], ink: string, width = pageWidth()): Zoom[] {
  const inside: Zoom = { type: 'inside', xAxisIndex: axes, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false };
  const slider: Zoom = { type: 'slider', xAxisIndex: axes, bottom: 4, height: sliderHeight, showDataShadow: false, brushSelect: false, textStyle: { color: ink } };
  return sliderRoom(width) > 0 ? [inside, slider] : [inside];
}

/** A chart that is drawn anew stays where somebody has zoomed to. */
export function zoomed<Z extends object>(drawn: unknown, next: Z[]): Z[] {
  const was = Array.isArray(drawn) ? (drawn as { start?: unknown; end?: unknown }[])[0] : undefined;
  if (typeof was?.start !== 'number' || typeof was.end !== 'number') return next;
  const { start, end } = was;
  return next.map((z) => ({ ...z, start, end }));
}
