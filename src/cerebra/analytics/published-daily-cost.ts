import { definePublishedView } from '../../platform/database/published-view.js';

/** What Cerebra tells the other contexts about spending. Never changed: what is new goes into a next version. */
export const publishedDailyCost = definePublishedView({
  name: 'cerebra.published_daily_cost_v1',
  description:
    'Cost of LLM calls by UTC day, provider, model and owner. A call belongs to the day on which it began. ' +
    'Calls that were refused before they reached a provider are left out.',
  columns: {
    day: { type: 'date', description: 'UTC day on which the calls began.' },
    provider: { type: 'text', description: 'Such as openai.' },
    model: { type: 'text', description: 'The model that was asked of the provider.' },
    org_id: { type: 'text', description: 'Organisation, or null.' },
    team_id: { type: 'text', description: 'Team, or null.' },
    agent_id: { type: 'text', description: 'Agent, or null.' },
    requests: { type: 'bigint', description: 'Number of calls.' },
    prompt_tokens: { type: 'numeric', description: 'Tokens of the prompt side, cached ones included.' },
    output_tokens: { type: 'numeric', description: 'Tokens of the output side, reasoning included.' },
    cost_usd: { type: 'numeric', description: 'Exact cost in USD with twelve decimals.' },
    estimated_cost_usd: { type: 'numeric', description: 'The part of cost_usd that is an estimate.' },
  },
});
