// What Vite built, each file packed with gzip for the program to carry. The same bytes of the same sources.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const from = process.argv[2] ?? 'dist', to = process.argv[3] ?? 'packed';
rmSync(to, { recursive: true, force: true });
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name), packed = join(to, `${file.slice(from.length + 1)}.gz`);
  mkdirSync(dirname(packed), { recursive: true });
  writeFileSync(packed, gzipSync(readFileSync(file), { level: 9 }));
}
