// One request for each operation of the document, as bytes: what the fuzzer of requests begins with.
//   node tests/api/seeds.mjs docs/openapi.json DIRECTORY
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , file, directory] = process.argv;
const document = JSON.parse(readFileSync(file, 'utf8'));
const known = { job: 'stream-ranking', backfill: 'stream-ranking~1767225600000~1767232800000~abc', schedule: '0 4 * * *', zone: 'Australia/Sydney', plan_hash: '0'.repeat(64),
  role: 'viewer', decision: 'failed', rights: ['look'], jobs: ['og-*'], networks: ['10.0.0.0/8'], at: '2026-01-01T00:00:00Z', cursor: '1767225600000.1' };
const draft = { name: 'Tihar', type: 'cultural', country: 'NP', startsAt: '2030-11-24T18:15:00Z', endsAt: '2030-11-29T18:14:59.999Z', theme: { colors: { primary: '#b3261e' } } };
const resolved = (schema) => (schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema);

function sample(name, schema) {
  const { type, format, enum: words, minimum = 1, properties } = resolved(schema);
  if (properties) return Object.fromEntries(Object.entries(properties).map(([member, of]) => [member, sample(member, of)]));
  if (name in known) return known[name];
  if (words) return words[0];
  if (format === 'date-time') return known.at;
  return { integer: Math.max(1, minimum), boolean: true, array: ['x'] }[type] ?? '1';
}

mkdirSync(directory, { recursive: true });
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, { operationId, parameters = [], requestBody }] of Object.entries(item)) {
    const of = (place) => parameters.filter((one) => one.in === place);
    const target = of('path').reduce((text, { name, schema }) => text.replace(`{${name}}`, sample(name, schema)), path);
    const query = new URLSearchParams(of('query').map(({ name, schema }) => [name, sample(name, schema)]));
    const schema = requestBody?.content['application/json'].schema;
    const body = schema ? JSON.stringify(resolved(schema).properties ? sample('', schema) : draft) : '';
    writeFileSync(join(directory, operationId), [
      `${method.toUpperCase()} /api/v1${target}${query.size ? `?${query}` : ''} HTTP/1.1`, 'Host: x', ...of('header').map(({ name }) => `${name}: *`),
      ...(body ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`] : []), '', body,
    ].join('\r\n'));
  }
}
writeFileSync(join(directory, 'token'), `hc_7f3k9q2m_${'A'.repeat(43)}`);
