import { z } from 'zod';
import type { EconomistFixture } from './economist-fixture.js';
import { run } from './imports-fixture.js';

const event = z.object({ name: z.string(), id: z.string(), data: run });
export type RunEvent = z.output<typeof event>;

/** All events of a run, until the server ends them. */
export async function readEvents(economist: EconomistFixture, runId: string, after?: string): Promise<RunEvent[]> {
  const headers = {
    authorization: `Bearer ${economist.adminKey}`,
    ...(after === undefined ? {} : { 'last-event-id': after }),
  };
  const reply = await fetch(`${economist.url}/api/v1/runs/${runId}/events`, { headers });
  if (reply.headers.get('content-type') !== 'text/event-stream') throw new Error(`no events, but ${reply.status}`);
  const text = await reply.text();
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const data: unknown = JSON.parse(fields['data'] ?? '');
      return event.parse({ name: fields['event'], id: fields['id'], data });
    });
}
