import type { Settings } from '../config/settings.js';

/** How one run of a context ended. */
export type Ending =
  | { readonly kind: 'stopped' }
  /** `summary` stands on an open `/health`, so it names no host, path or secret; the log has the rest. */
  | { readonly kind: 'failed'; readonly summary: string };

/** What a run tells its supervisor while it comes up. */
export interface RunEvents {
  /** All but the listener stands: whoever holds the port lets go of it now. */
  releasePort(): Promise<void>;
  ready(port: number): void;
}

/** A context from its start to its end, in a thread of its own or in this one. */
export interface ContextRun {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** Lets calls finish and buffers drain until the deadline, then {@link ended}. */
  stop(deadlineMs: number): void;
  /** Ends it at once, whatever it does. */
  terminate(): void;
}

export type StartRun = (events: RunEvents) => ContextRun;

/** Why a context could not start, in words for an operator who sees only `/health`. */
export function startFailure(error: unknown, context: string, settings: Settings): string {
  const port = settings.contexts.find(({ name }) => name === context)?.port;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const variable = `${context.toUpperCase()}_PORT`;
  if (code === 'EADDRINUSE') return `port ${port} (${variable}) is in use by another program`;
  if (code === 'EACCES') return `port ${port} (${variable}) may not be used by this user`;
  if (code === 'EADDRNOTAVAIL') return `the address in OCO_HOST is not one of this machine`;
  return 'it could not start';
}
