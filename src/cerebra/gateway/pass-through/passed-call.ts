import type { ActiveCalls, RunningCall } from '../active-calls.js';
import type { Call, Outcome } from '../call.js';
import { NOTHING_TOLD, type Endings } from '../endings.js';
import type { ProxyListener } from './provider-proxy.js';

/** A call whose bytes go through unseen: from its first byte to its row in the ledger. */
export class PassedCall implements RunningCall, ProxyListener {
  #outcome: Outcome | null = null;
  #over = false;
  place = -1;

  constructor(
    readonly call: Call,
    private readonly connection: { destroy(): unknown },
    private readonly active: ActiveCalls,
    private readonly endings: Endings,
  ) {
    active.add(this);
  }

  answered(status: number): void {
    this.call.status = status;
    this.call.ttfbMs = performance.now() - this.call.startedMs;
    if (status >= 400) this.#outcome = 'upstream_error';
  }

  failed(): void {
    this.#outcome ??= this.call.status === 0 ? 'upstream_error' : 'upstream_cut';
  }

  /** It has no timers of its own: the proxy's hold for it. */
  check(): void {}

  breakOff(): void {
    this.#outcome = 'shutdown';
    this.connection.destroy();
  }

  /** @param whole all of the reply has gone to the client */
  closed(whole: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.active.delete(this);
    const outcome = this.#outcome ?? (whole ? 'ok' : 'client_abort');
    this.endings.end(this.call, null, { outcome, ...NOTHING_TOLD });
  }
}
