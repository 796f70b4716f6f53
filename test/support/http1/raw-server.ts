import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  /** Every connection so far, in the order they came. */
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

/** A server that speaks no protocol: what goes over each connection is the test's business. */
export async function rawServer(serve: (socket: Socket, index: number) => void, tls?: TlsOptions): Promise<RawServer> {
  const sockets: Socket[] = [];
  const accept = (socket: Socket): void => {
    // Clients that break off are part of what is tested.
    socket.on('error', () => socket.destroy());
    serve(socket, sockets.push(socket) - 1);
  };
  const options = { allowHalfOpen: true, noDelay: true };
  const server: Server =
    tls === undefined ? createServer(options, accept) : createTlsServer({ ...tls, ...options }, accept);
  // Under TLS, one whose handshake fails is no connection above.
  const accepted = new Set<Socket>();
  server.on('connection', (socket: Socket) => accepted.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  return {
    port,
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    sockets,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of [...sockets, ...accepted]) socket.destroy();
      await closed;
    },
  };
}

/** Calls back for each request that has arrived whole, with its head and its body. */
export function onRequest(socket: Socket, answer: (head: string, body: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = pending.toString('latin1', 0, end);
      const total = end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (pending.length < total) return;
      const body = pending.subarray(end + 4, total);
      pending = pending.subarray(total);
      answer(head, body);
    }
  });
}
