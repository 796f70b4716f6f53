import type { Dialect } from '../dialect.js';
import { word, type Wording } from '../wording.js';
import { limitHeaders } from './limit-headers.js';

/** Anthropic's names for what a status means. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

function toBody({ spec, message, oco }: Wording, requestId: string): string {
  const type = TYPES[spec.status] ?? (spec.status < 500 ? 'invalid_request_error' : 'api_error');
  return JSON.stringify({ type: 'error', error: { type, message, code: spec.code, oco }, request_id: requestId });
}

/** The shape of Anthropic's API. */
export const anthropicDialect: Dialect = {
  refusal(failure, requestId) {
    const wording = word(failure);
    const limits = failure.kind === 'over_rate' ? limitHeaders(failure.shortage.allowances) : [];
    const headers = ['request-id', requestId, ...(wording.headers ?? []), ...limits];
    return { status: wording.spec.status, headers, body: toBody(wording, requestId) };
  },
  errorEvent: (failure, requestId) => `event: error\ndata: ${toBody(word(failure), requestId)}\n\n`,
  limitHeaders,
};
