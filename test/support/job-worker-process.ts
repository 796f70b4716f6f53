import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JobStore } from './job-stores.js';
import { report, type Report } from './test-jobs.js';
import { until } from './until.js';

const NODE = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'node');
const SCRIPT = join(import.meta.dirname, 'job-worker.ts');
const PRELOAD = join(import.meta.dirname, 'run-typescript.mjs');

/** A process that works on the jobs of `test-jobs.ts`. */
export class JobWorkerProcess {
  readonly reports: Report[] = [];
  stderr = '';
  private readonly child: ChildProcess;

  private constructor({ connections, timing }: JobStore, context: string) {
    this.child = fork(SCRIPT, [JSON.stringify({ context, ...connections, timing })], {
      execPath: NODE,
      execArgv: ['--no-warnings', '--experimental-transform-types', '--import', PRELOAD],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.on('message', (message) => this.reports.push(report.parse(message)));
  }

  static async start(store: JobStore, context = 'test'): Promise<JobWorkerProcess> {
    const worker = new JobWorkerProcess(store, context);
    await until(
      () => worker.has('ready'),
      20_000,
      () => worker.stderr,
    );
    return worker;
  }

  has(event: Report['event'], job?: string): boolean {
    return this.reports.some((told) => told.event === event && (job === undefined || told.job === job));
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** As the kernel does it when memory runs out. */
  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
