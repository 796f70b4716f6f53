/** Network errors of the driver, and PostgreSQL's own: connection lost, shutting down, starting, too many clients. */
const CODES = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08...|57P0[123]|53300)$/;
/** The driver gives no code for these. */
const MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether a query failed because the database is away, and not because the query is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && typeof error.code === 'string' && CODES.test(error.code)) return true;
  if ('message' in error && typeof error.message === 'string' && MESSAGES.test(error.message)) return true;
  return 'driverError' in error && isDatabaseAway(error.driverError);
}
