import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * The metrics of one context, each with the label `context`. Never prom-client's own registry: it is one per thread,
 * and `OCO_THREADS=false` puts several contexts there.
 *
 * Heap, garbage collection and event loop are those of the context's thread; CPU, memory and handles of the whole
 * process, so don't sum them over contexts.
 */
export function createRegistry(context: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ context });
  collectDefaultMetrics({ register: registry });
  return registry;
}
