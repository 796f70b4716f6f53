import type { ContextRegistry } from './platform/bounded-context.js';

/** The only file that knows who lives here. A context that is off is never imported. */
export const contexts: ContextRegistry = {
  cerebra: { defaultPort: 8080, load: async () => (await import('./cerebra/index.js')).cerebra },
  economist: { defaultPort: 8081, load: async () => (await import('./economist/index.js')).economist },
  aegis: { defaultPort: 8082, load: async () => (await import('./aegis/index.js')).aegis },
  console: { defaultPort: 3000, load: async () => (await import('./console/index.js')).consoleContext },
};
