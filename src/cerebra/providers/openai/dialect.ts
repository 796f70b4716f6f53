import type { ErrorSpec } from '../../../platform/errors/app-error.js';
import { platformErrors } from '../../../platform/errors/platform.errors.js';
import { toIso } from '../../../platform/time.js';
import { cerebraErrors } from '../../cerebra.errors.js';
import type { Failure } from '../../gateway/failure.js';
import type { NanoUsd } from '../../pricing/money.js';
import type { Dialect } from '../dialect.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

/** What an error says in OpenAI's shape. */
interface Wording {
  readonly spec: ErrorSpec;
  readonly type: 'invalid_request_error' | 'insufficient_quota' | 'server_error';
  readonly message: string;
  readonly param?: string | null;
  readonly headers?: readonly string[];
  readonly oco?: object;
}

/** OpenAI's clients try a 429 again unless told not to; a budget will not have grown by then. */
const NO_RETRY = ['x-should-retry', 'false'];
const RETRY_SOON = ['retry-after', '1'];

const usd = (amount: NanoUsd): number => amount / 1e9;

const toBody = ({ spec, type, message, param, oco }: Wording): string =>
  JSON.stringify({ error: { message, type, param: param ?? null, code: spec.code, oco } });

/** The shape of OpenAI's API and of all that speak it. */
export const openAiDialect: Dialect = {
  usageMark: Buffer.from('"usage"'),
  usageOf,
  chunkUsageOf,
  refusal(failure) {
    const wording = word(failure);
    return { status: wording.spec.status, headers: wording.headers ?? [], body: toBody(wording) };
  },
  errorEvent: (failure) => `data: ${toBody(word(failure))}\n\n`,
};

function word(failure: Failure): Wording {
  switch (failure.kind) {
    case 'unauthorized':
      return {
        spec: cerebraErrors.invalidApiKey,
        type: 'invalid_request_error',
        message: 'No valid virtual key: send one that is live as Authorization: Bearer oco_live_….',
        headers: ['www-authenticate', 'Bearer'],
      };
    case 'unreadable':
      return {
        spec: platformErrors.badRequest,
        type: 'invalid_request_error',
        message: failure.message,
        param: failure.param,
      };
    case 'too_large':
      return {
        spec: platformErrors.payloadTooLarge,
        type: 'invalid_request_error',
        message: `The body is larger than ${failure.limit} bytes (CEREBRA_MAX_BODY).`,
      };
    case 'encoded_body':
      return {
        spec: platformErrors.unsupportedMediaType,
        type: 'invalid_request_error',
        message: `A body with content-encoding ${failure.encoding} is not read here: send it plain.`,
      };
    case 'unknown_path':
      return {
        spec: platformErrors.notFound,
        type: 'invalid_request_error',
        message: `There is nothing at ${failure.path}.`,
      };
    case 'wrong_method':
      return {
        spec: platformErrors.methodNotAllowed,
        type: 'invalid_request_error',
        message: `${failure.method} is not possible here, only ${failure.allowed}.`,
        headers: ['allow', failure.allowed],
      };
    case 'stopping':
      return {
        spec: platformErrors.unavailable,
        type: 'server_error',
        message: 'The gateway is stopping; try again.',
        headers: RETRY_SOON,
      };
    case 'internal':
      return { spec: platformErrors.internal, type: 'server_error', message: 'The gateway failed; it was logged.' };
    case 'unknown_model':
    case 'model_not_allowed':
    case 'unknown_price':
      return wordModel(failure);
    case 'over_budget':
    case 'budgets_away':
      return wordBudget(failure);
    case 'upstream_unreachable':
    case 'upstream_cut':
    case 'upstream_timeout':
      return wordUpstream(failure);
    default:
      return failure satisfies never;
  }
}

function wordModel(
  failure: Extract<Failure, { kind: 'unknown_model' | 'model_not_allowed' | 'unknown_price' }>,
): Wording {
  const about = { type: 'invalid_request_error', param: 'model' } as const;
  switch (failure.kind) {
    case 'unknown_model':
      return {
        ...about,
        spec: cerebraErrors.modelNotFound,
        message:
          `No configured provider has the model '${failure.model}'. Configure one (OPENAI_API_KEY, OPENAI_BASE_URL), ` +
          'or name the provider too, as in openai/gpt-4o.',
      };
    case 'model_not_allowed':
      return {
        ...about,
        spec: cerebraErrors.modelNotAllowed,
        message: `This key may not use the model '${failure.model}'.`,
      };
    case 'unknown_price':
      return {
        ...about,
        spec: cerebraErrors.priceUnknown,
        message:
          `The price of '${failure.model}' is not known, so the hard budget of ${failure.budget.scope} ` +
          `'${failure.budget.entityId}' cannot cover it: set a price for the model, or make the budget soft.`,
      };
    default:
      return failure satisfies never;
  }
}

function wordBudget(failure: Extract<Failure, { kind: 'over_budget' | 'budgets_away' }>): Wording {
  const { scope, entityId, limit } = failure.budget;
  if (failure.kind === 'budgets_away') {
    return {
      spec: cerebraErrors.budgetStoreUnavailable,
      type: 'server_error',
      message: `The budget of ${scope} '${entityId}' cannot be counted now, and it is closed then; try again.`,
      headers: RETRY_SOON,
    };
  }
  const { state, bound } = failure;
  return {
    spec: cerebraErrors.budgetExceeded,
    type: 'insufficient_quota',
    message:
      `The budget of ${scope} '${entityId}' cannot pay for this call: it may cost ${usd(bound)} USD, and of ` +
      `${usd(limit)} USD ${usd(state.settled)} are spent and ${usd(state.reserved)} reserved.`,
    headers: NO_RETRY,
    oco: {
      scope,
      entity_id: entityId,
      limit_usd: usd(limit),
      spent_usd: usd(state.settled),
      reserved_usd: usd(state.reserved),
      bound_usd: usd(bound),
      resets_at: state.resetsAt === null ? null : toIso(state.resetsAt),
    },
  };
}

function wordUpstream(
  failure: Extract<Failure, { kind: 'upstream_unreachable' | 'upstream_cut' | 'upstream_timeout' }>,
): Wording {
  switch (failure.kind) {
    case 'upstream_unreachable':
      return {
        spec: platformErrors.upstream,
        type: 'server_error',
        message: `The provider '${failure.provider}' cannot be reached; nothing was sent or billed.`,
      };
    case 'upstream_cut':
      return {
        spec: platformErrors.upstream,
        type: 'server_error',
        message: `The provider '${failure.provider}' ended the connection before its reply was whole.`,
      };
    case 'upstream_timeout':
      return {
        spec: cerebraErrors.upstreamTimeout,
        type: 'server_error',
        message: `The provider '${failure.provider}' stayed silent for too long.`,
      };
    default:
      return failure satisfies never;
  }
}
