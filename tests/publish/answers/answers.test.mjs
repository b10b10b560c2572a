// openapi.json is an OpenAPI document, and every answer that the API's tests were given is as it says: each field that it
// requires, no field that it does not name, each status and content type. CHANGTONG_ANSWERS names the file that api_test wrote.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const answers = readFileSync(process.env.CHANGTONG_ANSWERS, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const document = JSON.parse(answers.find((a) => a.path === '/api/v1/openapi.json' && a.status === 200).body);

/** A copy in which an object has no property but those that are named, wherever any is. */
const closed = (schema) => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return schema.properties && !('additionalProperties' in schema) ? { ...out, additionalProperties: false } : out;
};
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addVocabulary(['components']);  // where references point to
formats(ajv);
ajv.addSchema({ $id: 'api', components: { schemas: closed(document.components.schemas) } }, 'api');

/** The row's address as openapi.json writes it. */
const documented = (path) => (document.paths[path] ? path : `${path}{id}`);

/** What is wrong with an answer; empty if nothing is. */
const wrong = ({ method, path, status, type, body }) => {
  const response = document.paths[documented(path)]?.[method.toLowerCase()]?.responses[status];
  if (!response) return `${method} ${path}: ${status} is not documented`;
  const content = response.content[type.split(';')[0]];
  if (!content) return `${method} ${path} ${status}: ${type} is not documented`;
  if (!content.schema.$ref) return '';
  const valid = ajv.getSchema(content.schema.$ref.replace('#', 'api#'));
  return valid(JSON.parse(body)) ? '' : `${method} ${path} ${status}: ${ajv.errorsText(valid.errors)}\n${body}`;
};

const pages = new Set(['/', '/status', '/status.css', '/status.js']);
const ofTheApi = answers.filter((a) => !pages.has(a.path));

test('openapi.json is a valid OpenAPI document', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 1));
});

test('a document with a fault is none', async () => {
  const faulty = structuredClone(document);
  faulty.paths['/api/v1/lines'].get.parameters[0].in = 'querry';
  assert.equal((await new Validator().validate(faulty)).valid, false);
});

for (const name of Object.keys(document.components.schemas))
  test(`the schema ${name} compiles in strict mode`, () => assert.ok(ajv.getSchema(`api#/components/schemas/${name}`)));

const groups = new Map();
for (const answer of ofTheApi) {
  const name = `${answer.method} ${documented(answer.path)} ${answer.status}`;
  groups.set(name, [...(groups.get(name) ?? []), answer]);
}
for (const [name, group] of [...groups].sort())
  test(`${name}: ${group.length} answers`, () => {
    for (const answer of group) assert.equal(wrong(answer), '');
  });

test('everything that can be asked was asked and answered', () => {
  const unanswered = [];
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods))
      if (!groups.has(`${method.toUpperCase()} ${path} 200`)) unanswered.push(`${method} ${path}`);
  // A day must be sealed before it can be closed, a clock must have leapt before it is confirmed: those are tested on a daemon.
  assert.deepEqual(unanswered, ['post /api/v1/closings', 'post /api/v1/clock']);
});

test('an answer that differs is noticed', () => {
  const good = ofTheApi.find((a) => a.path === '/api/v1/lines/' && a.status === 200);
  assert.equal(wrong(good), '');
  const changed = (change) => {
    const line = JSON.parse(good.body);
    change(line);
    return wrong({ ...good, body: JSON.stringify(line) });
  };
  assert.match(changed((line) => delete line.since), /required property 'since'/);
  assert.match(changed((line) => (line.colour = 'red')), /additional properties/);
  assert.match(changed((line) => (line.since = 'yesterday')), /date-time/);
  assert.match(changed((line) => (line.state = 'fine')), /allowed values/);
  assert.match(changed((line) => (line.name = null)), /must be string/);
  assert.match(wrong({ ...good, status: 418 }), /418 is not documented/);
  assert.match(wrong({ ...good, type: 'text/html' }), /text\/html is not documented/);
});
