import { Injectable } from '@nestjs/common';
import { noTokens, tokenBuckets, type TokenCounts } from '../pricing/usage.js';
import type { Call, Outcome } from './call.js';

/**
 * What Prometheus is told, counted in plain numbers while calls run: its label maps would cost a call as much as
 * everything useful. Providers and outcomes are few, so the maps are small.
 */
@Injectable()
export class CallCounts {
  readonly calls = new Map<string, Map<Outcome, number>>();
  readonly tokens: TokenCounts = noTokens();
  costPico = 0n;
  unauthorized = 0;

  ended(call: Call): void {
    const outcomes = this.calls.get(call.provider) ?? new Map<Outcome, number>();
    this.calls.set(call.provider, outcomes.set(call.outcome, (outcomes.get(call.outcome) ?? 0) + 1));
    for (const bucket of tokenBuckets) this.tokens[bucket] += call.usage[bucket];
    this.costPico += call.cost;
  }
}
