import type { Call, Outcome } from '../../../src/cerebra/gateway/call.js';
import { picoUsd } from '../../../src/cerebra/pricing/money.js';
import { callerWith, makeCall } from './ledger-fixture.js';

/** The same numbers in [0, 1) for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OUTCOMES: readonly Outcome[] = ['ok', 'ok', 'ok', 'upstream_error', 'client_abort', 'refused', 'lost'];
const OWNERS = [
  null,
  callerWith({ teamId: 'search', agentId: 'bot', tags: { env: 'prod', app: 'web' } }),
  callerWith({ keyId: 'key-2', teamId: 'search', userId: 'ann', tags: { app: 'web', env: 'prod' } }),
  callerWith({ keyId: 'key-3', orgId: 'acme', tags: { env: 'test' } }),
];

/** Calls of few owners, models and outcomes, so that many of them share an hour, at any time of the period. */
export function randomCalls(count: number, from: number, to: number, seed: number): Call[] {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, number) =>
    makeCall(
      number,
      (call) => {
        call.caller = OWNERS[below(OWNERS.length)] ?? null;
        call.model = below(2) === 0 ? 'gpt-4o' : 'gpt-4o-mini';
        call.outcome = OUTCOMES[below(OUTCOMES.length)] ?? 'ok';
        call.status = below(10) === 0 ? 0 : 200;
        call.estimated = below(3) === 0;
        call.latencyMs = below(10) === 0 ? -1 : Math.round(10 ** (random() * 6)) / 1_000;
        call.usage.input = below(1_000);
        call.usage.output = below(1_000);
        call.cost = picoUsd(BigInt(below(1_000_000_000)));
      },
      from + below(to - from),
    ),
  );
}
