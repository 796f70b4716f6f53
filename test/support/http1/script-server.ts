import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { onRequest, rawServer, type RawServer } from './raw-server.js';
import type { ReplyScript } from './reply-script.js';

/** How long a changed reply, which may never end for its reader, is left open. */
const KEEP_MS = 60;
export const PROBE = '/probe';
const PROBE_REPLY = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nprobe';

/** Plays one script to whoever asks, and answers a probe properly. */
export class ScriptServer {
  /** The connections on which the script was asked for, and on which the probe was. */
  readonly scripted = new Set<Socket>();
  readonly probed = new Set<Socket>();
  readonly #plays: Promise<void>[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #server: RawServer | null = null;

  constructor(private readonly script: ReplyScript) {}

  async start(): Promise<string> {
    this.#server = await rawServer((socket) => this.#serve(socket));
    return this.#server.origin;
  }

  /** Resolves when all that the script has for those who asked is out; no connection is closed from now on. */
  async played(): Promise<void> {
    await Promise.all(this.#plays);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#server?.close();
  }

  #serve(socket: Socket): void {
    if (this.script.early) {
      socket.once('data', () => {
        socket.pause();
        this.#plays.push(this.#play(socket));
      });
      return;
    }
    onRequest(socket, (head) => {
      if (head.includes(PROBE)) {
        this.probed.add(socket);
        socket.write(PROBE_REPLY);
      } else {
        this.#plays.push(this.#play(socket));
      }
    });
    socket.on('end', () => socket.end());
  }

  async #play(socket: Socket): Promise<void> {
    this.scripted.add(socket);
    const { pieces, ending } = this.script;
    for (const piece of pieces.slice(0, -1)) {
      socket.write(piece);
      // Two turns: the client reads each piece by itself.
      await turn();
      await turn();
      if (socket.destroyed) return;
    }
    const last = pieces.at(-1) ?? Buffer.alloc(0);
    if (ending === 'end') socket.end(last);
    else if (ending === 'reset') socket.write(last, () => socket.resetAndDestroy());
    else {
      socket.write(last);
      if (this.script.mutations.length > 0) this.#timers.add(setTimeout(() => socket.end(), KEEP_MS));
    }
  }
}
