import { DataSource } from 'typeorm';
import type { ContextStorage } from '../bounded-context.js';
import { quietLogger } from './quiet-logger.js';

export interface DataSourceRequest {
  readonly url: string;
  /** Shown by `pg_stat_activity`; the context's name. */
  readonly name: string;
  readonly storage: ContextStorage;
  /** Connections at most; all contexts share what the server allows. */
  readonly poolSize?: number;
  /** Null for work that may take its time. */
  readonly statementTimeoutMs?: number | null;
}

const POOL_SIZE = 10;
const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** A transaction that its owner forgot holds back vacuum and locks out migrations. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** The door of one context to its own schema. Not connected yet: that is `initialize()`. */
export function createDataSource(request: DataSourceRequest): DataSource {
  const { storage, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = request;
  return new DataSource({
    type: 'postgres',
    url: request.url,
    applicationName: `open-cloud-ops ${request.name}`,
    schema: storage.schema,
    entities: storage.entities,
    migrations: [...storage.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    // What a schema needs is made by its migrations, not guessed from entities.
    installExtensions: false,
    logger: quietLogger,
    poolSize: request.poolSize ?? POOL_SIZE,
    connectTimeoutMS: CONNECT_WITHIN_MS,
    // A lost idle connection is replaced by the pool; without a handler it would end the process.
    poolErrorHandler: () => undefined,
    extra: {
      options: `-c search_path=${storage.schema},public`,
      keepAlive: true,
      statement_timeout: statementTimeoutMs ?? 0,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
}
