import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { IncomingHttpHeaders } from 'node:http';
import { LONGEST_NAME } from '../ledger/row.pure.js';
import { toExactUsd } from '../pricing/money.js';
import { outputBuckets, promptBuckets, type TokenBucket, type Usage } from '../pricing/usage.js';
import type { Call } from './call.js';

/** Where OpenTelemetry's name of a provider is another than ours. */
const PROVIDERS: Readonly<Record<string, string>> = { gemini: 'gcp.gemini' };

/**
 * A client span for each call, by OpenTelemetry's conventions for generative AI, and a child of the caller's span where
 * `traceparent` told it. Made when the call is over: until then it costs nothing, and no prompt or reply is at hand.
 * The trace is not passed upstream, since providers are strangers to it.
 */
export class CallSpans {
  readonly #propagator = new W3CTraceContextPropagator();

  constructor(private readonly tracer: Tracer) {}

  /** The trace that the caller is in; the root of a new one where it is in none. */
  parentOf(headers: IncomingHttpHeaders): Context {
    return this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  }

  /** Calls that were turned away before it was known what they are have none. */
  ended(call: Call): void {
    if (call.operation === null) return;
    const model = call.model.slice(0, LONGEST_NAME);
    const span = this.tracer.startSpan(
      // A name that no provider knows may be anything.
      model === '' ? call.operation : `${call.operation} ${model}`,
      { kind: SpanKind.CLIENT, startTime: call.startedAt, attributes: attributesOf(call, call.operation, model) },
      call.trace ?? ROOT_CONTEXT,
    );
    // Clients leave when they have read enough: that is no failure.
    if (call.outcome !== 'ok' && call.outcome !== 'client_abort') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(call.startedAt + call.latencyMs);
  }
}

// The names are copied, as the package of the conventions asks for what is not stable yet.
const attributesOf = (call: Call, operation: string, model: string): Attributes => ({
  'gen_ai.operation.name': operation,
  'gen_ai.provider.name': PROVIDERS[call.provider] ?? (call.provider || undefined),
  'gen_ai.request.model': model || undefined,
  'gen_ai.request.stream': call.stream,
  'gen_ai.response.time_to_first_chunk': call.ttfbMs < 0 ? undefined : call.ttfbMs / 1_000,
  ...tokensOf(call.usage),
  'http.response.status_code': call.status === 0 ? undefined : call.status,
  'error.type': call.outcome === 'ok' ? undefined : (call.refusal ?? call.outcome),
  'oco.request_id': call.id,
  'oco.cost_usd': Number(toExactUsd(call.cost)),
  'oco.cost_estimated': call.estimated,
  'oco.org_id': call.caller?.orgId ?? undefined,
  'oco.team_id': call.caller?.teamId ?? undefined,
  'oco.agent_id': call.caller?.agentId ?? undefined,
  'oco.key_id': call.caller?.keyId ?? undefined,
});

const sumOf = (usage: Usage, buckets: readonly TokenBucket[]): number =>
  buckets.reduce((sum, bucket) => sum + usage[bucket], 0);

const CACHE_READS: readonly TokenBucket[] = ['cacheRead', 'audioCacheRead'];
const CACHE_WRITES: readonly TokenBucket[] = ['cacheWrite', 'cacheWrite5m', 'cacheWrite1h'];

/** Each side with all that it includes, as the conventions count. */
const tokensOf = (usage: Usage): Attributes => ({
  'gen_ai.usage.input_tokens': sumOf(usage, promptBuckets),
  'gen_ai.usage.output_tokens': sumOf(usage, outputBuckets),
  'gen_ai.usage.cache_read.input_tokens': sumOf(usage, CACHE_READS),
  'gen_ai.usage.cache_creation.input_tokens': sumOf(usage, CACHE_WRITES),
  'gen_ai.usage.reasoning.output_tokens': usage.reasoning,
});
