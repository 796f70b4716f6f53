// Compiles src/ and migrations/ into dist/. `npm start` calls it, so a clone needs no separate build step.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

if (existsSync(compiler)) {
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit', cwd: root });
} else if (!existsSync(join(root, 'dist', 'src', 'main.js'))) {
  console.error('There is no build and no compiler to make one. Run `npm ci` (without --omit=dev), then try again.');
  process.exit(1);
}
