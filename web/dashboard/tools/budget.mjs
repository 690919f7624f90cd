// The weight of what a browser loads: all script together, as brotli packed it, and the style.
//   node budget.mjs PACKED_DIRECTORY
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const budgets = { script: 90_000, style: 20 * 1024 };
const weights = { script: 0, style: 0 };
for (const name of readdirSync(process.argv[2], { recursive: true }).map(String).sort()) {
  const kind = name.endsWith('.js.br') ? 'script' : name.endsWith('.css.br') ? 'style' : undefined;
  if (!kind) continue;
  const { size } = statSync(join(process.argv[2], name));
  weights[kind] += size;
  console.log(`${String(size).padStart(7)}  ${name}`);
}
for (const [kind, most] of Object.entries(budgets)) {
  console.log(`${kind}: ${weights[kind]} of ${most} bytes`);
  if (weights[kind] === 0 || weights[kind] > most) {
    console.error(`${kind} weighs ${weights[kind]} bytes packed, and may weigh ${most}`);
    process.exitCode = 1;
  }
}
