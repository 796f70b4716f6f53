import { pino, type Logger } from 'pino';
import { z } from 'zod';

const line = z.looseObject({ level: z.number(), msg: z.string() });
export type LogLine = z.infer<typeof line>;

/** A logger whose lines a test can read. */
export class LogLines {
  readonly all: LogLine[] = [];
  readonly log: Logger = pino({ level: 'debug' }, { write: (text) => this.all.push(line.parse(JSON.parse(text))) });

  get messages(): readonly string[] {
    return this.all.map(({ msg }) => msg);
  }
}
