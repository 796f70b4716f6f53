import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

const root = join(import.meta.dirname, '..', '..');
const NODE = join(root, 'node_modules', '.bin', 'node');
const MAIN = join(root, 'dist', 'src', 'main.js');

export const contextNames = ['cerebra', 'economist', 'aegis', 'console'] as const;
export type ContextName = (typeof contextNames)[number];
export type Ports = Readonly<Record<ContextName, number>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A working directory of its own: no `.env` is found there, and the data lies below it. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'oco-e2e-'));
  // As root the database runs as another user, who has to reach its folder.
  chmodSync(home, 0o755);
  return home;
}

export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    contextNames.map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const [cerebra, economist, aegis, console] = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return { cerebra: cerebra ?? 0, economist: economist ?? 0, aegis: aegis ?? 0, console: console ?? 0 };
}

/** The built process, as a user starts it, with nothing of the test's own environment but these variables. */
export class OcoProcess {
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;

  private constructor(
    readonly home: string,
    readonly ports: Ports,
    environment: Readonly<Record<string, string>>,
  ) {
    const inherited = { PATH: process.env['PATH'] ?? '', HOME: home };
    const ofContext = contextNames.map((name): [string, string] => [`${name.toUpperCase()}_PORT`, String(ports[name])]);
    this.child = spawn(NODE, [MAIN], {
      cwd: home,
      env: { ...inherited, ...Object.fromEntries(ofContext), ...environment },
      // A group of its own, so that a test can press Ctrl-C as a terminal does.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    started.add(this);
  }

  /** Starts it and does not wait. */
  static async spawn(
    environment: Readonly<Record<string, string>> = {},
    home = makeHome(),
    ports?: Ports,
  ): Promise<OcoProcess> {
    return new OcoProcess(home, ports ?? (await freePorts()), environment);
  }

  /** Starts it and waits for the banner. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    home = makeHome(),
    ports?: Ports,
  ): Promise<OcoProcess> {
    const process = await OcoProcess.spawn(environment, home, ports);
    await process.banner();
    return process;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get output(): string {
    return `${this.stdout}\n${this.stderr}`;
  }

  /** The admin key that the first start printed, or the empty string. */
  get adminKey(): string {
    return /oco_admin_[A-Za-z0-9_-]+/.exec(this.stdout)?.[0] ?? '';
  }

  async banner(deadlineMs = 60_000): Promise<void> {
    let exit: Exit | null = null;
    void this.exited.then((how) => (exit = how));
    await until(
      () => this.stdout.includes('Open Cloud Ops ') || exit !== null,
      deadlineMs,
      () => this.output,
    );
    if (exit !== null) throw new Error(`It ended before it was ready: ${JSON.stringify(exit)}\n${this.output}`);
  }

  url(context: ContextName, path = ''): string {
    return `http://127.0.0.1:${this.ports[context]}${path}`;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What a terminal does on Ctrl-C: a signal to the whole process group. */
  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  /** SIGTERM, then waits for the end. */
  async stop(): Promise<Exit> {
    this.signal('SIGTERM');
    return this.exited;
  }

  /** Command lines of processes that work in this process's home: itself, its database and their children. */
  survivors(): string[] {
    return processesIn(this.home).map(({ pid, command }) => `${pid} ${command}`);
  }

  /** Ends whatever is left of it and removes its home. */
  async destroy(): Promise<void> {
    started.delete(this);
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('SIGKILL');
    await this.exited;
    for (const { pid } of processesIn(this.home)) killQuietly(pid);
    await until(() => processesIn(this.home).length === 0, 10_000);
    rmSync(this.home, { recursive: true, force: true });
  }
}

const started = new Set<OcoProcess>();

/** For `afterEach`: no test leaves a process or a folder behind, also when it failed. */
export async function destroyProcesses(): Promise<void> {
  await Promise.all([...started].map((process) => process.destroy()));
}

function processesIn(home: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const folder = readlinkSync(`/proc/${pid}/cwd`);
        const isInside = folder === home || folder.startsWith(`${home}/`);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return isInside ? [{ pid: Number(pid), command }] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
