// What the dashboard's sources can have done, and which rights its pages ask after: read from the sources, so that what
// is added is known here without a word.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../web/dashboard/src/', import.meta.url));
const change = String.raw`(?:POST|PUT|DELETE|PATCH) /[^'"]*`;

function sources() {
  return readdirSync(root, { recursive: true }).map(String).sort()
    .filter((name) => /\.(tsx|ts)$/.test(name) && !name.endsWith('.test.ts') && !name.startsWith('made/'))
    .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
}
const found = (text, pattern) => [...text.matchAll(new RegExp(pattern, 'g'))].map((one) => one[1]);
const places = (pick) => [...new Set(sources().flatMap(({ name, text }) => pick(text, name).map((what) => `${name}: ${what}`)))];

// "pages/jobs/JobActions.tsx: POST /jobs/{job}/run" of each button, and of what decides by a permit of its own.
export const buttons = () => places((text, name) => {
  const one = String.raw`<Action\s+(?:key=\{[^}]*\}\s+)?change=`;
  const actions = found(text, `${one}(?:\\{')?"?(${change})`), tabled = [...text.matchAll(new RegExp(`${one}\\{change\\}`, 'g'))].length;
  assert.equal(actions.length + tabled, [...text.matchAll(/<Action\b/g)].length, `${name}: an Action's change is written out, and first`);
  if (tabled) actions.push(...found(text, `\\bchange: '(${change})',\\s*\\n`));
  const decides = [...text.matchAll(/\bpermit\(session\.me,[^;\n]*/g)].flatMap(([call]) => found(call, `'(${change})'`));
  return [...actions, ...decides];
});
// "pages/config/Config.tsx: settings" of each right that a part of a page is shown by; "/tokens: tokens" of whole pages.
export const gates = () => places((text) => found(text, `\\b(?:may|lacks)\\('(\\w+)'\\)`)).concat(
  sources().flatMap(({ text }) => [...text.matchAll(/\bpath: '([^']+)'.*\bright: '(\w+)'/g)].map(([, path, right]) => `${path}: ${right}`)));
// Every change that is sent from anywhere, takings back too.
export const sent = () => [...new Set(sources().flatMap(({ text }) => found(text, `['"](${change})['"]`)))].sort();
