import { expect, test } from 'vitest';
import { sliderRoom, zoomed, zooms } from '../src/logic/zoom';

test('every chart is zoomed by fingers and wheel, and by a slider where there is room for one', () => {
  expect(zooms([0, 1], '#000', 1200).map((z) => z.type)).toEqual(['inside', 'slider']);
  expect(zooms([0], '#000', 390).map((z) => z.type)).toEqual(['inside']);
  expect(sliderRoom(390)).toBe(0);
  expect(sliderRoom(1200)).toBeGreaterThan(0);
});

test('the wheel alone scrolls the page', () => {
  expect(zooms([0], '#000', 390)[0]).toMatchObject({ zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false });
});

test('a chart that is drawn anew stays where somebody has zoomed to', () => {
  expect(zoomed([{ start: 20, end: 40 }, { start: 20, end: 40 }], [{ type: 'inside' }, { type: 'slider' }])).toEqual([
    { type: 'inside', start: 20, end: 40 },
    { type: 'slider', start: 20, end: 40 },
  ]);
  expect(zoomed(undefined, [{ type: 'inside' }])).toEqual([{ type: 'inside' }]);
  expect(zoomed([], [])).toEqual([]);
});
