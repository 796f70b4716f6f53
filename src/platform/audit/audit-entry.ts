import type { Instant } from '../time.js';

/** One write of the management API, as it ended. Holds no body: bodies may hold secrets. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Instant;
  /** Null where no valid key was sent. */
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly method: string;
  /** The route's template, such as `/api/v1/budgets/:id`. */
  readonly route: string;
  /** Without its query. */
  readonly path: string;
  /** What was made or changed, where the reply or the path tells. */
  readonly resourceId: string | null;
  readonly status: number;
  readonly errorCode: string | null;
  readonly requestId: string;
  /** Of the peer that connected. */
  readonly sourceAddress: string;
}
