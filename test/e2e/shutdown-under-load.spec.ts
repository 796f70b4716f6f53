import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { bearer, createVirtualKey, echo, echoStream } from '../support/gateway-client.js';
import { destroyProcesses, OcoProcess } from '../support/process.js';
import { until } from '../support/until.js';

const STREAMS = 40;
const CALLERS = 8;

afterEach(destroyProcesses);

/** A stream whose head has come; its text is complete when the connection ends. */
interface OpenStream {
  readonly id: string;
  readonly text: Promise<string>;
}

async function openStream(house: OcoProcess, key: string, words: number): Promise<OpenStream> {
  const reply = await fetch(house.url('cerebra', '/v1/chat/completions'), {
    method: 'POST',
    ...echoStream(key, words),
  });
  expect(reply.status).toBe(200);
  return { id: reply.headers.get('x-oco-request-id') ?? '', text: reply.text() };
}

/** Calls one after another until the listener takes no more. @returns the ids of the calls that were answered */
async function callUntilClosed(house: OcoProcess, key: string): Promise<string[]> {
  const answered: string[] = [];
  for (;;) {
    try {
      const reply = await fetch(house.url('cerebra', '/v1/chat/completions'), { method: 'POST', ...echo(key) });
      await reply.text();
      if (reply.status !== 200) return answered;
      answered.push(reply.headers.get('x-oco-request-id') ?? '');
    } catch {
      return answered;
    }
  }
}

const page = z.object({
  requests: z.array(z.object({ id: z.string(), outcome: z.string() })),
  next_cursor: z.string().nullable(),
});

/** Every row of the ledger: id → how the call ended. */
async function ledgerOf(house: OcoProcess, adminKey: string): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const reply = await fetch(house.url('cerebra', `/api/v1/requests?limit=1000${query}`), {
      headers: bearer(adminKey),
    });
    const { requests, next_cursor }: z.output<typeof page> = page.parse(await reply.json());
    for (const { id, outcome } of requests) rows.set(id, outcome);
    cursor = next_cursor;
  }
  return rows;
}

describe('a stop under load, with streams open', () => {
  it.each([
    { how: 'SIGTERM', tell: (house: OcoProcess) => house.signal('SIGTERM') },
    { how: 'Ctrl-C', tell: (house: OcoProcess) => house.pressCtrlC() },
  ])(
    'lets every stream end, keeps a row for every answered call, exits with 0 and leaves no process behind: $how',
    async ({ tell }) => {
      const house = await OcoProcess.start();
      const { adminKey } = house;
      const key = await createVirtualKey(house);
      const callers = Array.from({ length: CALLERS }, () => callUntilClosed(house, key));
      // Some three seconds each, so that all of them are in the middle when the signal comes.
      const streams = await Promise.all(Array.from({ length: STREAMS }, () => openStream(house, key, 150)));
      tell(house);

      const texts = await Promise.all(streams.map(({ text }) => text));
      for (const text of texts) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
      const answered = (await Promise.all(callers)).flat();
      expect(answered.length).toBeGreaterThan(CALLERS);
      expect(await house.exited).toEqual({ code: 0, signal: null });
      expect(house.survivors()).toEqual([]);

      const next = await OcoProcess.start({}, house.home);
      const rows = await ledgerOf(next, adminKey);
      for (const id of [...answered, ...streams.map((stream) => stream.id)])
        expect([id, rows.get(id)]).toEqual([id, 'ok']);
    },
    90_000,
  );

  it('breaks off a stream that outlasts the deadline with an error, never with [DONE], and keeps its row', async () => {
    const house = await OcoProcess.start({ OCO_SHUTDOWN_MS: '500' });
    const { adminKey } = house;
    const key = await createVirtualKey(house);
    const stream = await openStream(house, key, 4_000);
    house.signal('SIGTERM');
    const text = await stream.text;
    expect(text).not.toContain('[DONE]');
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^data: \{"error":/);
    expect(await house.exited).toEqual({ code: 0, signal: null });

    const next = await OcoProcess.start({}, house.home);
    await until(async () => (await ledgerOf(next, adminKey)).has(stream.id));
    expect((await ledgerOf(next, adminKey)).get(stream.id)).toBe('shutdown');
  }, 60_000);
});
