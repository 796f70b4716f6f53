import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A process of its own that owns an embedded PostgreSQL. */
export interface EmbeddedOwner {
  /** Empty where it was refused. */
  readonly url: string;
  kill(signal: NodeJS.Signals): void;
  /** What it wrote on standard error. */
  readonly ended: Promise<string>;
}

/** @returns when its server takes connections, or when it has ended without */
export async function startOwner(dataDir: string, ending = '', checkout = root): Promise<EmbeddedOwner> {
  const script = join(checkout, 'test', 'support', 'embedded-owner.ts');
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', join(checkout, 'test', 'support', 'run-typescript.mjs'), script, dataDir, ending],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  let url = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (url += text));
  const ended = once(child, 'close').then(() => complaint);
  await Promise.race([once(child.stdout, 'data'), ended]);
  return { url: url.trim(), kill: (signal) => void child.kill(signal), ended };
}

/** The process id of the server that runs, or last ran, on this data directory. */
export function serverPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

/** Whether that server still lives; a zombie does not count. */
export function serverRuns(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).endsWith('cluster');
  } catch {
    return false;
  }
}
