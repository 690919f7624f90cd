// The API as its document tells it: requests are made from it, and answers are held against it. Nothing else is
// known of the API here.
import assert from 'node:assert/strict';
import { Ajv, addFormats } from './packages.mjs';

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];
const strict_utf8 = new TextDecoder('utf-8', { fatal: true });

export class Document {
  constructor(text) {
    this.json = JSON.parse(text);
    this.ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(this.json, 'document');
    this.operations = new Map();
    for (const [path, item] of Object.entries(this.json.paths))
      for (const method of methods.filter((one) => item[one]))
        this.operations.set(item[method].operationId, { ...item[method], id: item[method].operationId, method: method.toUpperCase(), path });
  }

  static async of(root) {
    const answer = await fetch(`${root}/openapi.json`);
    assert.equal(answer.status, 200);
    return new Document(await answer.text());
  }

  // A parameter or a schema, where a reference stands for it.
  resolved(thing) {
    if (!thing.$ref) return thing;
    return this.resolved(thing.$ref.slice(2).split('/').reduce((at, part) => at[part], this.json));
  }

  parameters(operation, place) { return (operation.parameters ?? []).filter((one) => one.in === place); }
  bodySchema(operation) { return operation.requestBody?.content['application/json'].schema; }

  // What stands where in a request: `values` by the names of parameters, whatever part they belong to.
  request(operation, values = {}, body) {
    const left = { ...values };
    const taken = (name) => { const value = left[name]; delete left[name]; return value; };
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(taken(name)));
    const query = new URLSearchParams();
    for (const { name } of this.parameters(operation, 'query')) if (name in left) query.set(name, taken(name));
    const headers = {};
    for (const { name } of this.parameters(operation, 'header')) if (name in left) headers[name] = taken(name);
    assert.deepEqual(left, {}, `${operation.id} has no such parameters`);
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return { method: operation.method, target: path + (query.size ? `?${query}` : ''), headers, body: body === undefined ? undefined : JSON.stringify(body) };
  }

  validator(schema, where) {
    if (!schema.$ref) return this.ajv.compile(absolute(schema));
    return this.ajv.getSchema(`document${schema.$ref}`) ?? assert.fail(`${where}: ${schema.$ref} is no schema`);
  }

  // Fails unless the document says that `operation` may be answered so. `answer`: { status, headers, bytes }.
  judge(operation, answer) {
    const where = `${operation.id} ${answer.status}`;
    const said = () => `${where}: ${Buffer.from(answer.bytes).toString()}`;
    const documented = operation.responses[answer.status];
    assert.ok(documented, `undocumented: ${said()}`);
    for (const name of Object.keys(documented.headers ?? {}))
      assert.ok(answer.headers[name.toLowerCase()], `${where} lacks the header ${name}`);
    if (!documented.content) return void assert.equal(answer.bytes.length, 0, said());
    const [type] = (answer.headers['content-type'] ?? '').split(';');
    const content = documented.content[type];
    assert.ok(content, `${where} is ${type}`);
    const text = strict_utf8.decode(answer.bytes);
    const value = type.endsWith('json') ? JSON.parse(text) : text;
    const valid = this.validator(content.schema, where);
    assert.ok(valid(value), `${JSON.stringify(valid.errors)} in ${said()}`);
    return value;
  }
}

// Inline schemas refer to the document from outside of it.
function absolute(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) => (key === '$ref' ? `document${value}` : value));
}
