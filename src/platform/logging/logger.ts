import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../config/settings.js';
import { openDestination } from './destination.js';
import { errorFacts } from './error-facts.js';
import { redact } from './redaction.pure.js';

const STANDARD_OUTPUT = 1;
export const SERVICE = 'open-cloud-ops';

/**
 * The logger of one context: JSON lines for machines, coloured ones for a terminal, both without secrets.
 * @param name of the context, or `main` for the supervisor
 */
export function createLogger(
  settings: Pick<Settings, 'logLevel' | 'logFormat'>,
  name: string,
  destination: DestinationStream = openDestination(STANDARD_OUTPUT),
): Logger {
  const options = {
    level: settings.logLevel,
    base: { service: SERVICE, context: name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFacts, error: errorFacts },
    hooks: { streamWrite: redact },
  };
  return pino(options, settings.logFormat === 'json' ? destination : prettyLines(destination));
}

function prettyLines(destination: DestinationStream): DestinationStream {
  const format = prettyFactory({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'service,context',
    singleLine: true,
    messageFormat: (line, key, _level, { colors }) =>
      `${colors.gray(`[${String(line['context'])}]`)} ${String(line[key])}`,
  });
  return { write: (line: string) => destination.write(format(line)) };
}
