// Builds once more and compares with what the program carries: the same sources are the same bytes.
//   node same_twice.mjs BUILD_DIRECTORY
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const build = process.argv[2], again = mkdtempSync(join(tmpdir(), 'hotclock-dashboard-'));
const files = (directory) => readdirSync(directory, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(directory.length)).sort();
try {
  const [dist, packed] = [join(again, 'dist'), join(again, 'packed')];
  execFileSync('npx', ['vite', 'build', '--outDir', dist, '--logLevel', 'error'], { cwd: build, stdio: 'inherit' });
  execFileSync('node', ['tools/pack.mjs', dist, packed], { cwd: build, stdio: 'inherit' });
  const first = join(build, 'packed');
  assert.deepEqual(files(packed), files(first));
  for (const file of files(first)) assert.ok(readFileSync(join(first, file)).equals(readFileSync(join(packed, file))), file);
} finally {
  rmSync(again, { recursive: true, force: true });
}
