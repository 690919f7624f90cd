// Somebody who asks the API for things by its document alone, and holds every answer against it.
import assert from 'node:assert/strict';

export const reason = 'a test';

export class Caller {
  constructor(node, document, headers = { Authorization: `Bearer ${node.token}` }) {
    Object.assign(this, { node, document, headers, reached: new Map() });
  }
  // Somebody else, whose answers count with ours.
  as(headers) { return Object.assign(new Caller(this.node, this.document, headers), { reached: this.reached }); }
  withToken(token) { return this.as({ Authorization: `Bearer ${token}` }); }

  // What an operation answers, as the document allows it: { status, headers, value }.
  async asks(id, values, body, more = {}) {
    const operation = this.document.operations.get(id) ?? assert.fail(`the document has no ${id}`);
    const { method, target, headers, body: text } = this.document.request(operation, values, body);
    return this.sends(operation, method, target, { ...headers, ...more }, text);
  }

  async sends(operation, method, target, headers, body) {
    const got = await fetch(this.node.root + target, { method, headers: { ...this.headers, ...headers }, body, redirect: 'error' });
    const answer = { status: got.status, headers: Object.fromEntries(got.headers), cookies: got.headers.getSetCookie(), bytes: Buffer.from(await got.arrayBuffer()) };
    answer.value = this.document.judge(operation, answer);
    if (!this.reached.has(operation.id)) this.reached.set(operation.id, new Set());
    this.reached.get(operation.id).add(answer.status);
    return answer;
  }

  // The same, which must be answered with `status`.
  async gets(status, id, values, body, more) {
    const answer = await this.asks(id, values, body, more);
    assert.equal(answer.status, status, `${id}: ${answer.bytes}`);
    return answer;
  }
}
