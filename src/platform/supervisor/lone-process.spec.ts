import { expect, it } from '@jest/globals';
import { pino } from 'pino';
import { warnOfLoneCounters } from './lone-process.js';

const WARN = 40;
const INFO = 30;

it.each([
  [{ redisUrl: null, databaseEmbedded: true }, [INFO]],
  [{ redisUrl: null, databaseEmbedded: false }, [WARN]],
  [{ redisUrl: 'redis://r', databaseEmbedded: false }, []],
])('%j is told at %j', (connections, levels) => {
  const lines: string[] = [];
  warnOfLoneCounters(connections, pino({}, { write: (line: string) => void lines.push(line) }));
  expect(lines.map((line) => Number(/"level":(\d+)/.exec(line)?.[1]))).toEqual(levels);
});
