import { randomUUID } from 'node:crypto';
import { decode } from '../../gateway/json-scan.pure.js';
import type { ListedModel, Upstream, UpstreamCall, UpstreamListener, UpstreamRequest } from '../upstream.js';
import { echo, toCompletion, toEvents } from './echo-reply.pure.js';
import { DEMO_PROVIDER, ECHO } from './price.js';

/** Fast enough for a test, slow enough to see a stream run. */
const PACE_MS = 20;

const UNREADABLE = JSON.stringify({
  error: {
    message: "demo/echo needs 'messages' with text.",
    type: 'invalid_request_error',
    param: 'messages',
    code: null,
  },
});

const NAME = `${DEMO_PROVIDER}/${ECHO}`;

const models: readonly ListedModel[] = [
  { id: NAME, entry: { id: NAME, object: 'model', created: 0, owned_by: DEMO_PROVIDER } },
];

/** A model in this process that speaks OpenAI's wire format to the letter. */
export class EchoUpstream implements Upstream {
  readonly quiet: boolean = true;

  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
    return new EchoCall(request.body, listener);
  }

  models(): Promise<readonly ListedModel[]> {
    return Promise.resolve(models);
  }

  async close(): Promise<void> {}
}

/** Says its pieces one by one; its only timer ends with it. */
class EchoCall implements UpstreamCall {
  #pieces: readonly string[];
  #next = 0;
  #paused = false;
  #timer: NodeJS.Timeout | null;

  constructor(
    body: Buffer,
    private readonly listener: UpstreamListener,
  ) {
    const answer = echo(decode(body.toString('utf8')));
    const id = `chatcmpl-${randomUUID()}`;
    const created = Math.floor(Date.now() / 1_000);
    const stream = answer?.stream === true;
    if (answer === null) this.#pieces = [UNREADABLE];
    else this.#pieces = stream ? toEvents(id, created, answer) : [toCompletion(id, created, answer)];
    const contentType = stream ? 'text/event-stream; charset=utf-8' : 'application/json';
    // As over a network: nothing is heard before the caller has its hold on the call.
    this.#timer = setTimeout(() => {
      this.listener.head(answer === null ? 400 : 200, { 'content-type': contentType });
      this.#speak();
    }, 0);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#timer === null) this.#speak();
  }

  abort(): void {
    this.#next = Number.POSITIVE_INFINITY;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #speak(): void {
    this.#timer = null;
    const piece = this.#pieces[this.#next++];
    if (piece === undefined) return;
    this.listener.bytes(Buffer.from(piece));
    if (this.#next === this.#pieces.length) this.listener.ended();
    else if (!this.#paused) this.#timer = setTimeout(() => this.#speak(), PACE_MS);
  }
}
