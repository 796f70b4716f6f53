import type { ErrorSpec } from '../../platform/errors/app-error.js';
import { platformErrors } from '../../platform/errors/platform.errors.js';
import { toIso } from '../../platform/time.js';
import { cerebraErrors } from '../cerebra.errors.js';
import type { Failure } from '../gateway/failure.js';
import type { RateName, Shortage } from '../limits/rate-limits.js';
import type { NanoUsd } from '../pricing/money.js';

/** What an answer of the gateway's own says, before it takes the shape of a surface. */
export interface Wording {
  readonly spec: ErrorSpec;
  readonly message: string;
  /** The member of the request to blame. */
  readonly param?: string | null;
  /** Flat: name, value, name, value. */
  readonly headers?: readonly string[];
  /** The budget or limit that refused, in figures. */
  readonly oco?: object;
}

/** The official clients try a 429 again unless told not to; a budget will not have grown by then. */
const NO_RETRY = ['x-should-retry', 'false'];
/** How long the call waited for others to settle, whole milliseconds. */
export const WAIT_HEADER = 'x-oco-budget-wait-ms';
const RETRY_SOON = ['retry-after', '1'];

const usd = (amount: NanoUsd): number => amount / 1e9;

/** The one place where failures become English; each dialect gives them its own shape. */
export function word(failure: Failure): Wording {
  switch (failure.kind) {
    case 'unauthorized':
    case 'unreadable':
    case 'too_large':
    case 'encoded_body':
    case 'unknown_path':
    case 'wrong_method':
      return wordRequest(failure);
    case 'unknown_model':
    case 'model_not_allowed':
    case 'unknown_price':
      return wordModel(failure);
    case 'over_budget':
    case 'budgets_away':
      return wordBudget(failure);
    case 'over_rate':
      return wordRate(failure.shortage);
    case 'provider_closed':
      return wordClosed(failure);
    case 'upstream_unreachable':
    case 'upstream_cut':
    case 'upstream_timeout':
      return wordUpstream(failure);
    case 'stopping':
      return {
        spec: platformErrors.unavailable,
        message: 'The gateway is stopping; try again.',
        headers: RETRY_SOON,
      };
    case 'internal':
      return { spec: platformErrors.internal, message: 'The gateway failed; it was logged.' };
    default:
      return failure satisfies never;
  }
}

function wordRequest(
  failure: Extract<
    Failure,
    { kind: 'unauthorized' | 'unreadable' | 'too_large' | 'encoded_body' | 'unknown_path' | 'wrong_method' }
  >,
): Wording {
  switch (failure.kind) {
    case 'unauthorized':
      return {
        spec: cerebraErrors.invalidApiKey,
        message:
          'No valid key: send a live virtual key (oco_live_…) where your client sends its API key. A key of your own ' +
          'for the provider is taken only where CEREBRA_AUTH says so.',
        headers: ['www-authenticate', 'Bearer'],
      };
    case 'unreadable':
      return { spec: platformErrors.badRequest, message: failure.message, param: failure.param };
    case 'too_large':
      return {
        spec: platformErrors.payloadTooLarge,
        message: `The body is larger than ${failure.limit} bytes (CEREBRA_MAX_BODY).`,
      };
    case 'encoded_body':
      return {
        spec: platformErrors.unsupportedMediaType,
        message: `A body with content-encoding ${failure.encoding} is not read here: send it plain.`,
      };
    case 'unknown_path':
      return {
        spec: platformErrors.notFound,
        message:
          `There is nothing at ${failure.path}. ` +
          (failure.baseUrl === undefined
            ? 'What is not served here goes to its provider as it is by /v1/proxy/{provider}/{path}.'
            : `Set the base URL of your client to ${failure.baseUrl}`),
      };
    case 'wrong_method':
      return {
        spec: platformErrors.methodNotAllowed,
        message: `${failure.method} is not possible here, only ${failure.allowed}.`,
        headers: ['allow', failure.allowed],
      };
    default:
      return failure satisfies never;
  }
}

function wordModel(
  failure: Extract<Failure, { kind: 'unknown_model' | 'model_not_allowed' | 'unknown_price' }>,
): Wording {
  const param = 'model';
  switch (failure.kind) {
    case 'unknown_model':
      return {
        param,
        spec: cerebraErrors.modelNotFound,
        message:
          `No configured provider that speaks this API has the model '${failure.model}'. Configure one ` +
          '(such as OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY), or name it too, as in openai/gpt-4o.',
      };
    case 'model_not_allowed':
      return {
        param,
        spec: cerebraErrors.modelNotAllowed,
        message: `This key may not use the model '${failure.model}'.`,
      };
    case 'unknown_price':
      return {
        param,
        spec: cerebraErrors.priceUnknown,
        message:
          `The price of '${failure.model}' is not known, so the hard budget of ${failure.budget.scope} ` +
          `'${failure.budget.entityId}' cannot cover it: set a price for the model, or make the budget soft.`,
      };
    default:
      return failure satisfies never;
  }
}

function wordClosed({ provider, why }: Extract<Failure, { kind: 'provider_closed' }>): Wording {
  if (why === 'disabled') {
    return {
      spec: cerebraErrors.providerDisabled,
      message: `The provider '${provider}' is switched off: enable it, or ask for a model of another one.`,
    };
  }
  return {
    spec: cerebraErrors.credentialsSealed,
    message:
      `The keys of the provider '${provider}' are sealed with a master key that this replica does not have: give it in ` +
      'OCO_MASTER_KEY or OCO_MASTER_KEY_PREVIOUS, or store the keys again.',
    headers: NO_RETRY,
  };
}

function wordBudget(failure: Extract<Failure, { kind: 'over_budget' | 'budgets_away' }>): Wording {
  const { scope, entityId, limit } = failure.budget;
  if (failure.kind === 'budgets_away') {
    return {
      spec: cerebraErrors.budgetStoreUnavailable,
      message: `The budget of ${scope} '${entityId}' cannot be counted now, and it is closed then; try again.`,
      headers: RETRY_SOON,
    };
  }
  const { state, bound, waitedMs } = failure;
  return {
    spec: cerebraErrors.budgetExceeded,
    message:
      `The budget of ${scope} '${entityId}' cannot pay for this call: it may cost ${usd(bound)} USD, and of ` +
      `${usd(limit)} USD ${usd(state.settled)} are spent and ${usd(state.reserved)} reserved.`,
    headers: waitedMs > 0 ? [...NO_RETRY, WAIT_HEADER, String(Math.ceil(waitedMs))] : NO_RETRY,
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

const LIMITS: Readonly<Record<RateName, string>> = {
  requests: 'calls a minute',
  tokens: 'tokens a minute',
  parallel: 'calls at one time',
};

function wordRate({ by, limit, retryAfterMs }: Shortage): Wording {
  const spec = cerebraErrors.rateLimitExceeded;
  const may = `This key may make ${limit} ${LIMITS[by]}`;
  const oco = { limit: by, most: limit, retry_after_ms: retryAfterMs };
  if (retryAfterMs === null) {
    return { spec, message: `${may}, and this call alone may take more: ask for less.`, headers: NO_RETRY, oco };
  }
  const seconds = String(Math.ceil(retryAfterMs / 1_000));
  return {
    spec,
    message: `${may}, and they are used up: try again in ${seconds} s.`,
    headers: ['retry-after', seconds, 'retry-after-ms', String(retryAfterMs)],
    oco,
  };
}

function wordUpstream(
  failure: Extract<Failure, { kind: 'upstream_unreachable' | 'upstream_cut' | 'upstream_timeout' }>,
): Wording {
  switch (failure.kind) {
    case 'upstream_unreachable':
      return {
        spec: platformErrors.upstream,
        message: `The provider '${failure.provider}' cannot be reached; nothing was sent or billed.`,
      };
    case 'upstream_cut':
      return {
        spec: platformErrors.upstream,
        message: `The provider '${failure.provider}' ended the connection before its reply was whole.`,
      };
    case 'upstream_timeout':
      return {
        spec: cerebraErrors.upstreamTimeout,
        message: `The provider '${failure.provider}' stayed silent for too long.`,
      };
    default:
      return failure satisfies never;
  }
}
