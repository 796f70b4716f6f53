// A process that owns an embedded PostgreSQL, for tests that end it in the wrong way.
// Arguments: the data directory, and `throw` to end by an uncaught error as soon as the server is up.
import { startEmbeddedPostgres } from '../../src/platform/database/embedded.js';

const [dataDir = '', ending] = process.argv.slice(2);

try {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  process.once('SIGTERM', () => void postgres.stop());
  process.stdout.write(`${postgres.url}\n`);
} catch (error) {
  process.stderr.write(String(error));
  process.exit(1);
}
if (ending === 'throw') throw new Error('as asked');
