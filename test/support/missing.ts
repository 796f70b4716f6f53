import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Spec files run in processes of their own; what they leave out is collected in a file of the run. */
const FILE = 'TEST_LEFT_OUT_FILE';

/** Once per run, before the specs. */
export function collectLeftOut(): void {
  process.env[FILE] = join(mkdtempSync(join(tmpdir(), 'oco-left-out-')), 'lines');
}

/**
 * Notes that something was not tested, and how to have it tested; told when the run ends.
 * @param remedy a command, or a variable to set
 */
export function leaveOut(what: string, remedy: string): void {
  const file = process.env[FILE];
  if (file === undefined) throw new Error('Run this spec with its jest configuration: it collects what is left out.');
  appendFileSync(file, `  ${what}: ${remedy}\n`);
}

/** Once per run, after the specs: a green run must not hide what it did not look at. */
export function tellLeftOut(): void {
  const file = process.env[FILE];
  if (file === undefined) return;
  if (existsSync(file)) {
    const lines = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
    process.stderr.write(`\nLeft out, for want of something on this machine:\n${[...lines].sort().join('\n')}\n`);
  }
  rmSync(dirname(file), { recursive: true, force: true });
}
