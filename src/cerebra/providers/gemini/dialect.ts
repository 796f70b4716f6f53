import type { Dialect } from '../dialect.js';
import { word, type Wording } from '../wording.js';

/** Google's names for what a status means (google.rpc.Code). */
const STATUSES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const RPC = 'type.googleapis.com/google.rpc';

function toBody({ spec, message, headers, oco }: Wording): string {
  const details: object[] = [
    { '@type': `${RPC}.ErrorInfo`, reason: spec.code.toUpperCase(), domain: 'open-cloud-ops', metadata: {} },
  ];
  if (oco !== undefined) details.push({ '@type': 'open-cloud-ops/Budget', ...oco });
  // Google's clients look for the wait here, not in a header.
  const wait = headers?.indexOf('retry-after') ?? -1;
  if (wait !== -1) details.push({ '@type': `${RPC}.RetryInfo`, retryDelay: `${headers?.[wait + 1]}s` });
  const status = STATUSES[spec.status] ?? 'INVALID_ARGUMENT';
  return JSON.stringify({ error: { code: spec.status, message, status, details } });
}

/** The shape of Gemini's API. */
export const geminiDialect: Dialect = {
  refusal(failure) {
    const wording = word(failure);
    return { status: wording.spec.status, headers: wording.headers ?? [], body: toBody(wording) };
  },
  errorEvent: (failure) => `data: ${toBody(word(failure))}\n\n`,
  // Google tells its limits in the details of errors only.
  limitHeaders: () => [],
};
