import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refusalBody } from './client-error.js';

/** Also bounds how many headers there can be. */
const MAX_HEAD_BYTES = 16 << 10;
/** For the head: a client that drips bytes holds a socket for so long. */
const HEAD_WITHIN_MS = 20_000;
/** For head and body; what is sent back may take any time. */
const REQUEST_WITHIN_MS = 300_000;
const CHECK_EVERY_MS = 5_000;
/** Longer than the minute after which load balancers drop an idle connection, so that they never meet a closed one. */
export const KEEP_ALIVE_MS = 72_000;

/** Node's server with our limits, and with a body in the refusals that Node itself makes without one. */
export function createHttpServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: HEAD_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requireHostHeader: false,
    },
    (request, response) => {
      if (request.headers.host === undefined && request.httpVersion === '1.1') {
        refuse(response, 400, 'A request of HTTP/1.1 needs the header Host.');
      } else {
        handle(request, response);
      }
    },
  );
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    refuse(response, 417, 'The header Expect can ask for nothing but 100-continue.'),
  );
  return server;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  response.end(refusalBody(message));
}
