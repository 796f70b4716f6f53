import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import type { Logger } from 'pino';
import { AppError } from '../../platform/errors/app-error.js';
import { badRequest, platformErrors } from '../../platform/errors/platform.errors.js';
import { errorMessage } from '../../platform/logging/error-facts.js';
import { forwardedPath } from './forwarded-path.pure.js';
import { removeHopByHop } from './hop-by-hop.pure.js';
import { refuse } from './refuse.js';

const CONNECT_TIMEOUT_MS = 3_000;
/** Between two bytes. Longer than the gateway itself waits for a model that thinks. */
const SILENCE_TIMEOUT_MS = 310_000;
const MAX_CONNECTIONS = 256;
const RETRY_AFTER_SECONDS = 5;

/** The way to one context: bytes through in both directions, as they come. */
export class Door {
  private readonly agent: http.Agent;
  private readonly forward: RequestHandler;

  constructor(
    private readonly prefix: string,
    private readonly title: string,
    target: string,
    private readonly log: Logger,
  ) {
    const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS, maxFreeSockets: 16 };
    this.agent = target.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
    this.forward = createProxyMiddleware({
      target,
      agent: this.agent,
      changeOrigin: true,
      proxyTimeout: SILENCE_TIMEOUT_MS,
      on: {
        proxyReq: boundConnect,
        proxyRes: (reply) => removeHopByHop(reply.headers),
        error: (error, _request, response) => this.failed(error, response),
      },
    });
  }

  async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = forwardedPath(request.url ?? '/', this.prefix);
    if (path === null) {
      refuse(response, badRequest('The path cannot be forwarded.'));
      return;
    }
    request.url = path;
    removeHopByHop(request.headers);
    await this.forward(request, response);
  }

  close(): void {
    this.agent.destroy();
  }

  private failed(error: Error, response: ServerResponse | Socket): void {
    if (!('headersSent' in response)) {
      response.destroy();
      return;
    }
    // Cut off, the caller sees that the reply is not whole.
    if (response.headersSent) response.destroy();
    if (response.destroyed) return;
    this.log.warn({ err: error }, `${this.title} could not be asked`);
    refuse(response, errorMessage(error).includes('ECONNREFUSED') ? this.notRunning() : this.noReply());
  }

  private notRunning(): AppError {
    const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
    return new AppError(platformErrors.unavailable, `${this.title} is not running.`, {}, { headers });
  }

  private noReply(): AppError {
    return new AppError(platformErrors.upstream, `${this.title} gave no usable reply.`);
  }
}

/** The agent's own time-outs begin when the connection stands. */
function boundConnect(request: http.ClientRequest): void {
  const { socket } = request;
  if (socket === null || !socket.connecting) return;
  const timer = setTimeout(() => request.destroy(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
  socket.once('connect', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}
