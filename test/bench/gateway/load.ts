// Load generator on raw sockets, in a process and on a core of its own. Prints one JSON line.
// Usage: node load.ts '{"url", "headers", "body", "connections", "seconds", "warmup", "rate"}'
import { connect, type Socket } from 'node:net';
import { loadOptions, type LoadResult } from './load-options.ts';

const options = loadOptions.parse(JSON.parse(process.argv[2] ?? '{}'));
const target = new URL(options.url);
const request = Buffer.from(
  `POST ${target.pathname} HTTP/1.1\r\nhost: ${target.host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(options.body)}\r\n` +
    Object.entries(options.headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('') +
    `\r\n${options.body}`,
);

const latencies: number[] = [];
const idle: Connection[] = [];
const due: number[] = [];
let measuring = false;
let stopped = false;
let failed = 0;
let firstFailure = '';

class Connection {
  private socket!: Socket;
  private startedAt = 0;
  private pending: Buffer = Buffer.alloc(0);
  private busy = false;

  constructor() {
    this.open();
  }

  private open(): void {
    this.socket = connect(Number(target.port), target.hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.read(bytes));
    this.socket.on('error', (error) => this.fail(error.message));
    this.socket.on('close', () => this.fail('closed'));
  }

  ask(scheduledAt: number): void {
    this.busy = true;
    this.startedAt = scheduledAt;
    this.socket.write(request);
  }

  private fail(reason: string): void {
    if (stopped || !this.busy) return;
    failed += 1;
    firstFailure ||= reason;
    this.socket.removeAllListeners();
    this.socket.on('error', () => {});
    this.socket.destroy();
    this.pending = Buffer.alloc(0);
    this.open();
    this.next();
  }

  private read(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    const end = this.pending.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.pending.toString('latin1', 0, end);
    const length = /content-length: *(\d+)/i.exec(head);
    const complete = length
      ? this.pending.length >= end + 4 + Number(length[1])
      : this.pending.subarray(-7).toString('latin1') === '\r\n0\r\n\r\n';
    if (!complete) return;
    if (head.startsWith('HTTP/1.1 200')) {
      if (measuring) latencies.push(performance.now() - this.startedAt);
    } else {
      failed += 1;
      firstFailure ||= this.pending.toString('latin1', 0, 400);
    }
    this.pending = Buffer.alloc(0);
    this.next();
  }

  private next(): void {
    this.busy = false;
    if (stopped) return;
    if (options.rate === 0) this.ask(performance.now());
    else {
      const scheduled = due.shift();
      if (scheduled === undefined) idle.push(this);
      else this.ask(scheduled);
    }
  }
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const connections = Array.from({ length: options.connections }, () => new Connection());
if (options.rate === 0) for (const connection of connections) connection.ask(performance.now());
else {
  idle.push(...connections);
  const start = performance.now();
  let sent = 0;
  const tick = (): void => {
    const now = performance.now();
    for (; start + (sent * 1_000) / options.rate <= now; sent += 1) {
      const scheduled = start + (sent * 1_000) / options.rate;
      // Last in, first out: few hot connections, as a client's own pool has them.
      const connection = idle.pop();
      if (connection === undefined) due.push(scheduled);
      else connection.ask(scheduled);
    }
    if (!stopped) setImmediate(tick);
  };
  tick();
}

setTimeout(() => {
  measuring = true;
  process.stdout.write('measuring\n');
  const startedAt = performance.now();
  setTimeout(() => {
    stopped = true;
    const elapsed = performance.now() - startedAt;
    const sorted = Float64Array.from(latencies).sort();
    const result: LoadResult = {
      answered: sorted.length,
      failed,
      firstFailure,
      p50: percentile(Array.from(sorted), 0.5),
      p99: percentile(Array.from(sorted), 0.99),
      elapsed,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  }, options.seconds * 1_000);
}, options.warmup * 1_000);
