import { describe, expect, it } from 'vitest';
import { isEmpty, keepFilters, keptFilters, readFilters, sameFilter, withFilter } from '../src/logic/savedfilters';
import type { Wanted } from '../src/logic/search';

const none: Wanted = { text: '', category: '', town: '', carrier: '', state: '' };
const down: Wanted = { ...none, state: 'down' };

describe('saved filters', () => {
  it('keeps the newest first and one of a name', () => {
    let all = withFilter([], '  断的 ', down);
    all = withFilter(all, '龙河镇', { ...none, town: '龙河镇' });
    expect(all.map((f) => f.name)).toEqual(['龙河镇', '断的']);
    all = withFilter(all, '断的', { ...down, carrier: '电信' });
    expect(all.map((f) => f.name)).toEqual(['断的', '龙河镇']);
    expect(all[0]?.filter.carrier).toBe('电信');
    expect(withFilter(all, '   ', down)).toBe(all);
  });
  it('is bounded, and does not change with the filter on the page', () => {
    let all = readFilters(null);
    for (let i = 0; i < 50; ++i) all = withFilter(all, `第${i}个`, down);
    expect(all.length).toBe(30);
    const page = { ...down };
    all = withFilter([], '断的', page);
    page.state = 'up';
    expect(all[0]?.filter.state).toBe('down');
  });
  it('reads back what it wrote, and nothing else', () => {
    const all = withFilter([], '断的', down);
    expect(readFilters(JSON.stringify(all))).toEqual(all);
    for (const text of ['', '{', 'null', '7', '{}', '[7]', '[null]', '[{"name":"a"}]', '[{"name":7,"filter":{}}]', '[{"name":"a","filter":{"text":1}}]'])
      expect(readFilters(text)).toEqual([]);
  });
  it('knows the one on the page', () => {
    expect(sameFilter(down, { ...down })).toBe(true);
    expect(sameFilter(down, none)).toBe(false);
    expect(isEmpty(none)).toBe(true);
    expect(isEmpty(down)).toBe(false);
  });
  it('goes without a browser that keeps something', () => {
    keepFilters(withFilter([], '断的', down));
    expect(Array.isArray(keptFilters())).toBe(true);
  });
});
