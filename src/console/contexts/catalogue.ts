import type { ConsoleConfig } from '../console.config.js';

export type ContextName = keyof ConsoleConfig['upstreams'];

/** In the order of the page. The console knows the contexts by name only; it imports none of them. */
export const catalogue: Readonly<Record<ContextName, { readonly title: string; readonly description: string }>> = {
  cerebra: { title: 'Cerebra', description: 'LLM gateway: cost, budgets, routing' },
  economist: { title: 'Economist', description: 'FinOps: what every cloud charges' },
  aegis: { title: 'Aegis', description: 'Kubernetes backup and recovery' },
};

export const contextNames: readonly ContextName[] = ['cerebra', 'economist', 'aegis'];
