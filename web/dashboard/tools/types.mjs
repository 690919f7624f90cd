// Types of the API, made of its document: src/made/api.ts. Run by every build, so what pages know of the API is
// what the API says of itself.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = process.env.OPENAPI_FILE ?? join(here, '../../../docs/openapi.json');
const document = JSON.parse(readFileSync(file, 'utf8'));
const methods = ['get', 'post', 'put', 'delete'];

const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
const named = (reference) => reference.split('/').at(-1);

function objectOf(schema) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => `${key(name)}${required.has(name) ? '' : '?'}: ${typeOf(one)}`);
  if (fields.length) return `{ ${fields.join('; ')} }`;
  const others = schema.additionalProperties;
  return `Record<string, ${others && others !== true ? typeOf(others) : 'unknown'}>`;
}

function typeOf(schema) {
  if (schema.$ref) return named(schema.$ref);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.map(typeOf).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'object': return objectOf(schema);
    case 'array': return `(${typeOf(schema.items ?? {})})[]`;
    case 'integer': case 'number': return 'number';
    case 'string': case 'boolean': case 'null': return schema.type;
    default: return 'unknown';
  }
}

function parametersOf(operation, where) {
  const fields = (operation.parameters ?? []).filter((one) => one.in === where)
    .map((one) => `${key(one.name)}${one.required ? '' : '?'}: ${typeOf(one.schema)}`);
  return fields.length ? `{ ${fields.join('; ')} }` : 'Nothing';
}

function answerOf(operation) {
  const good = Object.entries(operation.responses).filter(([status, one]) => status < '300' && one.content);
  const types = good.map(([, one]) => typeOf(Object.values(one.content)[0].schema ?? {}));
  return [...new Set(types)].join(' | ') || 'undefined';
}

const bodyOf = (operation) => {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return schema ? typeOf(schema) : 'Nothing';
};

const lines = ['// Made of docs/openapi.json by tools/types.mjs.', 'export type Nothing = Record<string, never>;'];
for (const [name, schema] of Object.entries(document.components.schemas)) lines.push(`export type ${name} = ${typeOf(schema)};`);

const rights = {};
lines.push('export interface Operations {');
for (const [path, item] of Object.entries(document.paths)) {
  for (const method of methods.filter((one) => item[one])) {
    const operation = item[method], name = `${method.toUpperCase()} ${path}`;
    lines.push(`  ${JSON.stringify(name)}: { path: ${parametersOf(operation, 'path')}; query: ${parametersOf(operation, 'query')}; body: ${bodyOf(operation)}; answer: ${answerOf(operation)} };`);
    if (method !== 'get' && operation['x-right']) rights[name] = operation['x-right'];
  }
}
lines.push('}', '', '// The right that each change takes.', `export const rights = ${JSON.stringify(rights, null, 1)} as const;`, '');

mkdirSync(join(here, '../src/made'), { recursive: true });
writeFileSync(join(here, '../src/made/api.ts'), lines.join('\n'));
