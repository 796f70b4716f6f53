import { Agent, request } from 'undici';

export interface LoadResult {
  readonly answered: number;
  /** As the gateway names the answered calls. */
  readonly requestIds: readonly string[];
  /** What went wrong, one entry per call that was not answered with 200. */
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/**
 * Calls at a steady rate until told to stop, each measured from when it was due:
 * a server that stands still pays for the calls that waited.
 */
export class SteadyLoad {
  private readonly agent = new Agent({ connections: 256, pipelining: 1 });
  private latencies: number[] = [];
  private failures: string[] = [];
  private requestIds: string[] = [];
  private readonly open = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly url: string,
    private readonly content: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    perSecond: number,
  ) {
    const startedAt = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (; ; sent += 1) {
        const due = startedAt + (sent * 1_000) / perSecond;
        if (due > performance.now()) return;
        this.track(this.call(due));
      }
    }, 1);
  }

  /** What was answered since the last look. */
  take(): LoadResult {
    const sorted = this.latencies.sort((one, other) => one - other);
    const result = {
      answered: sorted.length,
      requestIds: this.requestIds,
      failures: this.failures,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
    this.latencies = [];
    this.requestIds = [];
    this.failures = [];
    return result;
  }

  /** Sends no more and waits for what is open. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    if (!this.agent.destroyed) await this.agent.destroy();
  }

  private track(call: Promise<void>): void {
    this.open.add(call);
    void call.finally(() => this.open.delete(call));
  }

  private async call(due: number): Promise<void> {
    try {
      const reply = await request(this.url, { method: 'POST', ...this.content, dispatcher: this.agent });
      const text = await reply.body.text();
      if (reply.statusCode === 200) {
        this.latencies.push(performance.now() - due);
        this.requestIds.push(String(reply.headers['x-oco-request-id']));
      } else this.failures.push(`${reply.statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}
