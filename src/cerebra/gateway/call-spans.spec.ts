import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { instant } from '../../platform/time.js';
import { picoUsd } from '../pricing/money.js';
import { CallSpans } from './call-spans.js';
import { Call } from './call.js';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const spans = new CallSpans(provider.getTracer('test'));
afterEach(() => exporter.reset());

function spanOf(change: (call: Call) => void): ReadableSpan | undefined {
  const call = new Call('019abc00-0000-7000-8000-000000000001', instant(Date.UTC(2026, 10, 25)));
  call.operation = 'chat';
  call.provider = 'openai';
  call.model = 'gpt-4o';
  call.status = 200;
  call.latencyMs = 1_234.5;
  change(call);
  spans.ended(call);
  return exporter.getFinishedSpans()[0];
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const told = (flags: string) => spans.parentOf({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-${flags}` });

describe('the span of a call', () => {
  it('tells what it was, what it used and what it cost', () => {
    const span = spanOf((call) => {
      call.stream = true;
      call.ttfbMs = 250;
      call.cost = picoUsd(2_800_000n);
      Object.assign(call.usage, { input: 100, cacheRead: 50, cacheWrite1h: 7, output: 20, reasoning: 5 });
    });
    expect(span).toMatchObject({ name: 'chat gpt-4o', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.25,
      'gen_ai.usage.input_tokens': 157,
      'gen_ai.usage.output_tokens': 25,
      'gen_ai.usage.cache_read.input_tokens': 50,
      'gen_ai.usage.cache_creation.input_tokens': 7,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'http.response.status_code': 200,
      'oco.request_id': '019abc00-0000-7000-8000-000000000001',
      'oco.cost_usd': 0.0000028,
      'oco.cost_estimated': false,
    });
  });

  it('lasts as long as the call', () => {
    const span = spanOf(() => {});
    expect(span?.startTime).toEqual([Date.UTC(2026, 10, 25) / 1_000, 0]);
    expect(span?.duration).toEqual([1, 234_500_000]);
  });

  it("is the caller's child, or the first of its trace", () => {
    const child = spanOf((call) => (call.trace = told('01')));
    expect(child?.spanContext().traceId).toBe(TRACE_ID);
    expect(child?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    exporter.reset();
    expect(spanOf((call) => (call.trace = spans.parentOf({})))?.parentSpanContext).toBeUndefined();
  });

  it('is not made where the caller does not sample, nor of what was turned away unread', () => {
    expect(spanOf((call) => (call.trace = told('00')))).toBeUndefined();
    expect(spanOf((call) => (call.operation = null))).toBeUndefined();
  });

  it.each([
    ['upstream_timeout', null, 'upstream_timeout', SpanStatusCode.ERROR],
    ['refused', 'budget_exceeded', 'budget_exceeded', SpanStatusCode.ERROR],
    ['client_abort', null, 'client_abort', SpanStatusCode.UNSET],
  ] as const)('says how a call failed: %s %s', (outcome, refusal, type, code) => {
    const span = spanOf((call) => Object.assign(call, { outcome, refusal }));
    expect(span?.attributes['error.type']).toBe(type);
    expect(span?.status.code).toBe(code);
  });

  it('bears the name that conventions give the provider, and no model that nobody knows', () => {
    const span = spanOf((call) => {
      call.provider = 'gemini';
      call.operation = 'generate_content';
      call.requestedModel = 'a prompt in the wrong place';
      call.model = '';
    });
    expect(span?.name).toBe('generate_content');
    expect(span?.attributes).toMatchObject({ 'gen_ai.provider.name': 'gcp.gemini' });
    expect(JSON.stringify(span?.attributes)).not.toContain('prompt');
  });
});
