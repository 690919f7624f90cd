// The document itself: good OpenAPI 3.1, the one that the repository holds, and strict about what it takes and gives.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { leavesNothingOpen } from '../emitters/support/leftovers.mjs';
import { Document } from './support/document.mjs';
import { openapiSchema } from './support/packages.mjs';
import { raise } from './support/stage.mjs';

leavesNothingOpen();

const { node } = await raise();
const document = await Document.of(node.root);
const schemas = Object.entries(document.json.components.schemas);

test('it is valid OpenAPI 3.1', async () => {
  const judge = await openapiSchema();
  const { valid, errors } = await judge.validate(structuredClone(document.json));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(judge.version, '3.1');
});

test('it is what docs/openapi.json says', () => {
  assert.deepEqual(document.json, JSON.parse(readFileSync(process.env.OPENAPI_FILE, 'utf8')));
});

test('every schema is a good one, and objects say whether they hold more than they name', () => {
  assert.ok(schemas.length > 50);
  for (const [name, schema] of schemas) {
    document.ajv.getSchema(`document#/components/schemas/${name}`);
    if (schema.properties) assert.notEqual(schema.additionalProperties, undefined, name);
  }
});

test('every reference leads to something, and every schema is used', () => {
  const used = new Set();
  JSON.stringify(document.json, (key, value) => {
    if (key === '$ref') { document.resolved({ $ref: value }); used.add(value.split('/').at(-1)); }
    return value;
  });
  assert.deepEqual(schemas.map(([name]) => name).filter((name) => !used.has(name)), []);
});

test('each path parameter is declared, and no two operations have one id', () => {
  for (const operation of document.operations.values()) {
    const named = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(document.parameters(operation, 'path').map(({ name }) => name), named, operation.id);
  }
  const ids = Object.values(document.json.paths).flatMap((path) => Object.values(path)).map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
});

test('every operation wants somebody known, but the document, the words on problems and the runbook', () => {
  const open = [...document.operations.values()].filter(({ security }) => security && security.length === 0).map(({ id }) => id);
  assert.deepEqual(open.sort(), ['explainAlert', 'explainProblem', 'showOpenApi']);
  assert.ok(document.json.security.length > 0);
});
