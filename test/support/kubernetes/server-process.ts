import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STOP_WITHIN_MS = 10_000;
const LOG_TAIL = 2_000;

/** A program of a cluster. It ends with this process at the latest, however this process ends. */
export class ServerProcess {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly guard: ChildProcess;
  private readonly logFile: string;

  /** @param folder of the cluster, for its log; removed by the guard when this process was killed */
  constructor(name: string, command: string, args: readonly string[], folder: string) {
    this.name = name;
    this.logFile = join(folder, `${name}.log`);
    const log = openSync(this.logFile, 'a');
    this.child = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log] });
    closeSync(log);
    this.guard = guardOf(this.pid, folder);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The end of what it said. */
  get lastLines(): string {
    return `${this.name}: ${readFileSync(this.logFile, 'utf8').slice(-LOG_TAIL)}`;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    if (!this.hasEnded) {
      const ended = once(this.child, 'exit');
      this.signal('SIGTERM');
      const timer = setTimeout(() => this.signal('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    }
    this.guard.kill('SIGKILL');
    this.guard.stdin?.destroy();
  }
}

/**
 * Waits for the end of a pipe that only this process holds open: the kernel closes it, also after a `kill -9`.
 * In a session of its own, since a Ctrl-C would end it before its work.
 */
function guardOf(pid: number, folder: string): ChildProcess {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; rm -rf "$2"';
  return spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
