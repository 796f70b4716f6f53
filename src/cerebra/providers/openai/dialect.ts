import { cerebraErrors } from '../../cerebra.errors.js';
import type { Dialect } from '../dialect.js';
import { word, type Wording } from '../wording.js';
import { limitHeaders } from './limit-headers.pure.js';

function typeOf({
  spec,
}: Wording): 'invalid_request_error' | 'insufficient_quota' | 'rate_limit_error' | 'server_error' {
  if (spec === cerebraErrors.budgetExceeded) return 'insufficient_quota';
  if (spec === cerebraErrors.rateLimitExceeded) return 'rate_limit_error';
  return spec.status < 500 ? 'invalid_request_error' : 'server_error';
}

const toBody = (wording: Wording): string => {
  const { spec, message, param, oco } = wording;
  return JSON.stringify({ error: { message, type: typeOf(wording), param: param ?? null, code: spec.code, oco } });
};

/** The shape of OpenAI's API and of all that speak it. */
export const openAiDialect: Dialect = {
  refusal(failure) {
    const wording = word(failure);
    const limits = failure.kind === 'over_rate' ? limitHeaders(failure.shortage.allowances) : [];
    return { status: wording.spec.status, headers: [...(wording.headers ?? []), ...limits], body: toBody(wording) };
  },
  errorEvent: (failure) => `data: ${toBody(word(failure))}\n\n`,
  limitHeaders,
};

/** `/v1/responses` names its events, and its error is no object of its own. */
export const responsesDialect: Dialect = {
  refusal: (failure, requestId) => openAiDialect.refusal(failure, requestId),
  errorEvent(failure) {
    const { spec, message, param } = word(failure);
    const error = { type: 'error', code: spec.code, message, param: param ?? null };
    return `event: error\ndata: ${JSON.stringify(error)}\n\n`;
  },
  limitHeaders,
};
