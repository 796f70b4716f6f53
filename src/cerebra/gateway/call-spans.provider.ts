import type { FactoryProvider } from '@nestjs/common';
import type { Tracer } from '@opentelemetry/api';
import { TRACER } from '../../platform/tokens.js';
import type { CallSpans } from './call-spans.js';

/** `CallSpans | null`: null where telemetry is off. */
export const CALL_SPANS = Symbol('CALL_SPANS');

/** Without telemetry not even its code is loaded. */
export const callSpansProvider: FactoryProvider<CallSpans | null> = {
  provide: CALL_SPANS,
  inject: [TRACER],
  useFactory: async (tracer: Tracer | null) => {
    if (tracer === null) return null;
    const { CallSpans: Spans } = await import('./call-spans.js');
    return new Spans(tracer);
  },
};
