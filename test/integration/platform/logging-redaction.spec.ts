import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDestination } from '../../../src/platform/logging/destination.js';
import { createLogger } from '../../../src/platform/logging/logger.js';
import { NestLogger } from '../../../src/platform/logging/nest-logger.js';

const SECRET = 'pl4nted-S3CRET-value';

describe('the log', () => {
  let directory: string;
  let file: string;
  let descriptor: number;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'oco-log-'));
    file = join(directory, 'log');
    descriptor = openSync(file, 'w');
  });
  afterEach(() => {
    closeSync(descriptor);
    rmSync(directory, { recursive: true });
  });

  const logger = (logFormat: 'json' | 'pretty') =>
    createLogger({ logLevel: 'trace', logFormat }, 'cerebra', openDestination(descriptor));
  const written = () => readFileSync(file, 'utf8');

  it('has a line in the file before the call returns, with service, context, level and ISO time', () => {
    logger('json').info({ request_id: 'r1' }, 'served');
    expect(JSON.parse(written())).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'open-cloud-ops',
      context: 'cerebra',
      request_id: 'r1',
      msg: 'served',
    });
  });

  it.each(['json', 'pretty'] as const)('never shows a planted credential (%s)', (format) => {
    const log = logger(format);
    const error = Object.assign(new Error(`upstream said: key sk-${SECRET} is wrong`), {
      request: { headers: { authorization: SECRET } },
      cause: new Error(`at https://user:${SECRET}@host/?key=${SECRET}`),
    });
    log.error({ err: error, req: { headers: { cookie: SECRET, 'x-goog-api-key': SECRET } } }, `oco_live_${SECRET}`);
    log.child({ authorization: `Bearer ${SECRET}` }).warn(error);
    log.info('%s and %j', `Bearer ${SECRET}`, { api_key: SECRET });
    new NestLogger(log).error(error, error.stack, 'ExceptionsHandler');
    new NestLogger(log).warn(`oco_admin_${SECRET}`, 'Router');
    expect(written()).not.toContain(SECRET);
    expect(written().match(/\[Redacted\]/g)?.length).toBeGreaterThan(8);
  });

  it("tells Nest's start at debug and keeps the name of the class that speaks", () => {
    new NestLogger(logger('json')).log('Nest application successfully started', 'NestApplication');
    expect(JSON.parse(written())).toMatchObject({ level: 'debug', source: 'NestApplication' });
  });

  it('goes on when the disk is full, also with a fatal line', () => {
    const full = openSync('/dev/full', 'w');
    const log = createLogger({ logLevel: 'info', logFormat: 'json' }, 'cerebra', openDestination(full));
    expect(() => log.info('no room')).not.toThrow();
    expect(() => log.fatal('no room')).not.toThrow();
    closeSync(full);
  });

  it('goes on when the reader of standard output went away', () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, 'w');
    closeSync(reader);
    const log = createLogger({ logLevel: 'info', logFormat: 'json' }, 'cerebra', openDestination(writer));
    for (let line = 0; line < 3; line += 1) expect(() => log.info('nobody listens')).not.toThrow();
    closeSync(writer);
  });

  it('drops a line after a bounded wait when the reader takes no more', () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    const log = createLogger({ logLevel: 'info', logFormat: 'json' }, 'cerebra', openDestination(writer));
    const start = performance.now();
    log.info('x'.repeat(200_000));
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(performance.now() - start).toBeLessThan(5_000);
    closeSync(reader);
    closeSync(writer);
  });
});
