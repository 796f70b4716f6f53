import { defineErrors } from '../platform/errors/app-error.js';

export const cerebraErrors = defineErrors({
  budgetExceeded: {
    code: 'budget_exceeded',
    status: 429,
    severity: 'info',
    description: 'A hard budget cannot pay for the call; `oco` in the error says which, and when it resets.',
  },
});
