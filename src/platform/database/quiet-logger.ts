import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/** TypeORM prints to the console. Its failures are thrown as well, and those who catch them log with their context. */
export const quietLogger: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
