import { createServer, type Server } from 'node:http';

/** What an OpenTelemetry collector would have been sent, by path, one buffer after the other. */
export class OtlpReceiver {
  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
    private readonly received: Map<string, Buffer>,
  ) {}

  static async start(): Promise<OtlpReceiver> {
    const received = new Map<string, Buffer>();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [received.get(request.url ?? '') ?? Buffer.alloc(0)];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.set(request.url ?? '', Buffer.concat(chunks));
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new OtlpReceiver(server, `http://127.0.0.1:${port}`, received);
  }

  /** Protobuf, which holds texts and ids as they are. */
  get traces(): Buffer {
    return this.received.get('/v1/traces') ?? Buffer.alloc(0);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
