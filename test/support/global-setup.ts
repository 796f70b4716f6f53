import { registerHooks } from 'node:module';
import { Client } from 'pg';

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

/** One PostgreSQL for the whole run, in a folder of its own; each spec makes its own database in it. */
export default async function globalSetup(): Promise<void> {
  resolveTypeScript();
  const { collectLeftOut } = await import('./missing.js');
  const { prepareSystemPrograms } = await import('./system-programs.js');
  const { prepareKubernetes } = await import('./kubernetes/assets.js');
  collectLeftOut();
  prepareSystemPrograms();
  await prepareKubernetes();
  if (process.env.TEST_POSTGRES_URL !== undefined) return;
  const { startEmbeddedPostgres } = await import('../../src/platform/database/embedded.js');
  const { makeDataDirectory } = await import('./data-directory.js');
  const folder = await makeDataDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log: () => undefined });
  await trustTheDisk(postgres.url);
  process.env.TEST_POSTGRES_URL = postgres.url;
  globalThis.stopTestPostgres = async () => {
    await postgres.stop();
    await folder.remove();
  };
  // Cut short, leave by an exit, on which the server is told to stop.
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
}

/** Jest loads this file outside of its own resolver, which alone knows that './x.js' stands for './x.ts'. */
function resolveTypeScript(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const fromSource = context.parentURL?.endsWith('.ts') === true && specifier.startsWith('.');
      return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

/** Databases are made and dropped by the dozen, and none outlives the run. */
async function trustTheDisk(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER SYSTEM SET fsync = off');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}
