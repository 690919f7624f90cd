// What Vite built, each file packed for the program to carry: with gzip for everybody, with brotli for browsers that
// take it. The same bytes of the same sources.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const from = process.argv[2] ?? 'dist', to = process.argv[3] ?? 'packed';
rmSync(to, { recursive: true, force: true });
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name), packed = join(to, file.slice(from.length + 1)), bytes = readFileSync(file);
  mkdirSync(dirname(packed), { recursive: true });
  writeFileSync(`${packed}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${packed}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
}
