import type { Context } from '@opentelemetry/api';
import type { Instant } from '../../platform/time.js';
import type { Reservation } from '../budgets/budget-gate.js';
import type { Caller } from '../identity/caller.js';
import { nanoUsd, picoUsd, type NanoUsd, type PicoUsd } from '../pricing/money.js';
import { noUsage, type Usage } from '../pricing/usage.js';

/** What a call asks for: the names of OpenTelemetry's conventions, and one that they lack. */
export type OperationName = 'chat' | 'embeddings' | 'generate_content' | 'count_tokens';

export type Outcome =
  | 'ok'
  | 'upstream_error'
  | 'upstream_cut'
  | 'upstream_timeout'
  | 'client_abort'
  | 'refused'
  | 'shutdown'
  /** Found after a crash; its cost is an estimate. */
  | 'lost';

export type Refusal = 'budget_exceeded' | 'rate_limit_exceeded' | 'model_not_allowed' | 'bad_request';

/**
 * One call on its way through the gateway: made once, filled room by room, dead when its row is written.
 * Every field is set here, so that all calls share one shape and V8 keeps their code fast.
 */
export class Call {
  /** Monotonic, for durations. */
  readonly startedMs: number = performance.now();
  caller: Caller | null = null;
  /** The trace that the caller is in; null where telemetry is off. */
  trace: Context | null = null;

  /** Null until it is known. */
  operation: OperationName | null = null;
  /** As the client named it; `model` is what the upstream is asked for, `provider` whose it is. */
  requestedModel = '';
  model = '';
  provider = '';
  stream = false;

  /** The dearest that this call can become. */
  bound: NanoUsd = nanoUsd(0);
  reservation: Reservation | null = null;

  /** Status that the client saw; 0 until there is one. */
  status = 0;
  outcome: Outcome = 'ok';
  refusal: Refusal | null = null;
  /** Milliseconds since the start; -1 until known. */
  ttfbMs = -1;
  latencyMs = -1;

  usage: Usage = noUsage();
  cost: PicoUsd = picoUsd(0n);
  /** The cost is a guess: no usage was told. */
  estimated = false;
  priceVersion = '';

  constructor(
    /** UUID v7: the id of the ledger row and the reply's `x-oco-request-id`. */
    readonly id: string,
    readonly startedAt: Instant,
  ) {}
}
