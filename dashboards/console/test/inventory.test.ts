import { expect, test } from 'vitest';
import { Refusal, type ChangesPreview } from '../src/api/client';
import { anyChange, blank, bodyOf, filled, meanwhileOf, problemsOf, suggested, tables } from '../src/logic/inventory';

test('of a new line what is stated is sent, of a known one what became something else', () => {
  const { line, site } = tables;
  expect(bodyOf(null, blank(line))).toBeNull();
  expect(bodyOf(null, { ...blank(line), id: ' V9 ', address: '10.1.1.9' })).toEqual({ add: [{ id: 'V9', address: '10.1.1.9' }] });
  const was = filled(line, { id: 'V1', name: '北街', grade: 'A' });
  expect(bodyOf(was, { ...was })).toBeNull();
  expect(bodyOf(was, { ...was, name: '南街', grade: '' })).toEqual({ change: [{ id: 'V1', name: '南街', grade: '' }] });
  const portal = filled(site, { id: 'portal', url: 'https://a/' });
  expect(bodyOf(portal, { ...portal, contains: '一\n二' })).toEqual({ change: [{ id: 'portal', contains: '一\n二' }] });
});

const preview = (problems: ChangesPreview['problems']): ChangesPreview => ({ hash: 'x', added: [], changed: [], closed: [], problems, warnings: [] });

test('what is to be looked at stands at its field too, and is no problem', () => {
  const seen = { ...preview([]), warnings: [{ id: 'V1', field: 'circuit', text: '与第 2 行相同', text_en: 'as in line 2' }] };
  expect(problemsOf(seen, 'V1', tables.line.fields)).toEqual({});
  expect(problemsOf(seen, 'V1', tables.line.fields, 'warnings').circuit).toEqual([{ zh: '与第 2 行相同', en: 'as in line 2' }]);
});

test('a problem stands at its field, any other above the form', () => {
  const said = problemsOf(
    preview([
      { id: 'V1', field: 'address', text: '地址不对', text_en: 'bad address' },
      { id: 'V1', field: '', text: '缺列', text_en: 'no column' },
      { id: 'V2', field: 'parent', text: '没有上级', text_en: 'no parent' },
      { id: '', field: '', text: '配置', text_en: 'configuration' },
    ]),
    'V1',
    tables.line.fields,
  );
  expect(said.address).toEqual([{ zh: '地址不对', en: 'bad address' }]);
  expect(said['']?.map((s) => s.zh)).toEqual(['缺列', 'V2：没有上级', '配置']);
  expect(problemsOf(null, 'V1', tables.line.fields)).toEqual({});
});

test('nothing to change is nothing to apply', () => {
  expect(anyChange(null)).toBe(false);
  expect(anyChange(preview([]))).toBe(false);
  expect(anyChange({ ...preview([]), closed: [{ id: 'V1', closed: '2026-06-30' }] })).toBe(true);
});

test('what was changed meanwhile is read from the refusal', () => {
  const body = JSON.stringify({ error: {}, hash: 'y', told: true, meanwhile: [{ id: 'V1', what: 'changed', field: 'name', from: 'a', to: 'b' }] });
  expect(meanwhileOf(new Refusal(409, 'changed_meanwhile', '', '', body))?.meanwhile?.[0]?.id).toBe('V1');
  expect(meanwhileOf(new Refusal(409, 'changed_meanwhile', '', '', '<html>'))).toBeNull();
  expect(meanwhileOf(new Refusal(409, 'configuration_refused', '', '', body))).toBeNull();
});

test('a parent is found by a part of its id or name', () => {
  const lines = [{ id: 'V10', name: '北街' }, { id: 'T1', name: 'V1 汇聚' }, { id: 'V1', name: '南街' }];
  expect(suggested(lines, 'v1').map((l) => l.id)).toEqual(['V10', 'V1', 'T1']);
  expect(suggested(lines, '北').map((l) => l.id)).toEqual(['V10']);
  expect(suggested(lines, '', 2)).toHaveLength(2);
});
