import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../platform/errors/app-error.js';
import { platformErrors } from '../../../platform/errors/platform.errors.js';
import { eventId, positionOf, type EventPosition } from './event-position.pure.js';
import { isOver } from './run.js';
import { toRunReply } from './runs.dto.js';
import { RunsRepository } from './runs.repository.js';

/** Each looks into the table as often as below. */
const MOST_STREAMS = 200;
const LOOK_EVERY_MS = 500;
/** Proxies end connections on which nothing moves. */
const LOOKS_BETWEEN_COMMENTS = 30;

/**
 * Runs as server-sent events. States are read from the table, so it does not matter which replica works on a run; a
 * state that nobody could be told of in time is passed over for a later one.
 */
@Injectable()
export class RunEvents {
  private open = 0;

  constructor(@Inject(RunsRepository) private readonly runs: RunsRepository) {}

  /**
   * @param lastEventId of the event after which the client goes on
   * @throws {AppError} 404; 429 where too many follow runs here
   */
  async stream(
    runId: string,
    lastEventId: string | null,
    { server }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    await this.runs.get(runId);
    const from = positionOf(lastEventId);
    if (from.done) {
      // Tells a browser's EventSource to come no more.
      reply.code(204).send();
      return;
    }
    if (this.open >= MOST_STREAMS) {
      throw new AppError(platformErrors.rateLimited, 'Too many clients follow runs here; ask for the run instead.');
    }
    const stays = (): boolean => server.server.listening;
    const events = Readable.from(this.events(runId, from, stays), { objectMode: false });
    this.open += 1;
    events.once('close', () => (this.open -= 1));
    reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store').send(events);
  }

  /** @param stays false once the process takes no more connections: clients go on elsewhere, with what they have seen */
  private async *events(runId: string, from: EventPosition, stays: () => boolean): AsyncGenerator<string> {
    let { revision } = from;
    for (let looks = 1; stays(); looks += 1) {
      const named = await this.runs.get(runId);
      const current = BigInt(named.run.revision);
      const data = JSON.stringify(toRunReply(named));
      if (current > revision) yield event('progress', { revision: current, done: false }, data);
      else if (looks % LOOKS_BETWEEN_COMMENTS === 0) yield ': still here\n\n';
      revision = current;
      if (isOver(named.run.status)) {
        yield event('done', { revision, done: true }, data);
        return;
      }
      await sleep(LOOK_EVERY_MS);
    }
  }
}

const event = (name: string, position: EventPosition, data: string): string =>
  `event: ${name}\nid: ${eventId(position)}\ndata: ${data}\n\n`;
