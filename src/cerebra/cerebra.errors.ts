import { defineErrors } from '../platform/errors/app-error.js';

export const cerebraErrors = defineErrors({
  budgetExceeded: {
    code: 'budget_exceeded',
    status: 429,
    severity: 'info',
    description: 'A hard budget cannot pay for the call; `oco` in the error says which, and when it resets.',
  },
  budgetStoreUnavailable: {
    code: 'budget_store_unavailable',
    status: 503,
    severity: 'warn',
    description: 'The store that counts a hard budget is away, and the budget is closed then.',
  },
  invalidApiKey: {
    code: 'invalid_api_key',
    status: 401,
    severity: 'info',
    description: 'No key was sent that is taken here (`CEREBRA_AUTH`), or one that is unknown, revoked or expired.',
  },
  modelNotAllowed: {
    code: 'model_not_allowed',
    status: 403,
    severity: 'info',
    description: 'The virtual key may not use this model.',
  },
  modelNotFound: {
    code: 'model_not_found',
    status: 404,
    severity: 'info',
    description: 'No configured provider has this model.',
  },
  priceUnknown: {
    code: 'price_unknown',
    status: 400,
    severity: 'info',
    description: 'A hard budget covers the call, but the model has no known price to hold it to.',
  },
  credentialsSealed: {
    code: 'provider_credentials_sealed',
    status: 503,
    severity: 'warn',
    description: 'The stored keys of the provider were sealed with a master key that this replica does not have.',
  },
  providerDisabled: {
    code: 'provider_disabled',
    status: 403,
    severity: 'info',
    description: 'The provider that the call names, or the only one with the model, is switched off.',
  },
  rateLimitExceeded: {
    code: 'rate_limit_exceeded',
    status: 429,
    severity: 'info',
    description: 'The key has used up its calls or tokens of this minute, or has too many calls running.',
  },
  upstreamTimeout: {
    code: 'upstream_timeout',
    status: 504,
    severity: 'warn',
    description: 'The provider sent nothing for `CEREBRA_UPSTREAM_TIMEOUT_MS`.',
  },
});
