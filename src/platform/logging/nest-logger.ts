import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Nest's own voice. What it tells of each module and route at start is for debugging; what it warns of is not.
 * Nest keeps one logger per thread, so the last application made decides.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest gives the name of the class that speaks last, and for an error its stack before that. */
  private write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const source = rest.at(-1);
    const fields = typeof source === 'string' ? { source } : {};
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'string') this.logger[level](stackIn(rest, fields), message);
    else this.logger[level]({ ...fields, details: message });
  }
}

const stackIn = (rest: unknown[], fields: object): object =>
  rest.length > 1 && typeof rest[0] === 'string' ? { ...fields, stack: rest[0] } : fields;
