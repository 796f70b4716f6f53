import type { Role } from '../auth/principal.js';

/** What a caller needs for a route: nothing, or a key with this role at least. */
export type Access = 'public' | Role;

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * True for the raw routes of a hot path, which bring their own authentication, errors and ledger:
     * none of the management hooks is put on them, so they pay nothing for them.
     */
    hot?: boolean;
    /** Without it: a viewer reads, an operator writes. */
    access?: Access;
  }
}
