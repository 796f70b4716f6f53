import { connect as connectPlain, isIP, type Socket, type TcpSocketConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** TCP's own probes find a provider that has gone without a word while a long answer is awaited. */
const PROBE_AFTER_MS = 60_000;

/** The most that one read brings. */
const READ_BYTES = 64 * 1024;

/** Opens sockets to one origin. */
export class Dialler {
  readonly #host: string;
  readonly #port: number;
  readonly #secure: boolean;
  /** The last TLS session: one round trip and most of the arithmetic less for the next handshake. */
  #session: Buffer | undefined;
  /** All sockets read into it, one after the other: otherwise each read would take so much memory and give it back. */
  readonly #landing = Buffer.allocUnsafeSlow(READ_BYTES);

  /** @param ca for servers with a certificate of one's own; undefined: the authorities that Node trusts */
  constructor(
    origin: URL,
    private readonly ca?: string | Buffer,
  ) {
    this.#secure = origin.protocol === 'https:';
    this.#host = origin.hostname.replace(/^\[(.*)\]$/, '$1');
    this.#port = Number(origin.port) || (this.#secure ? 443 : 80);
  }

  /**
   * @param opened called once it can be written to; a failure is the socket's `error` and `close`
   * @param heard called with what was read, which is there for as long as the call lasts
   */
  open(opened: () => void, heard: (bytes: Buffer) => void): Socket {
    const options = {
      host: this.#host,
      port: this.#port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      onread: {
        buffer: this.#landing,
        callback: (count: number): boolean => {
          heard(this.#landing.subarray(0, count));
          return true;
        },
      },
    };
    return this.#secure ? this.#openTls(options, opened) : connectPlain(options, opened);
  }

  #openTls(options: TcpSocketConnectOpts & { host: string }, opened: () => void): Socket {
    const socket = connectTls({
      ...options,
      ca: this.ca,
      // An address is no name to ask for (RFC 6066, 3); the certificate is checked against it all the same.
      servername: isIP(options.host) === 0 ? options.host : undefined,
      ALPNProtocols: ['http/1.1'],
      session: this.#session,
    });
    socket.once('secureConnect', opened);
    // A resumed session is not checked again. Node tells of one only when its certificate has been found good.
    socket.on('session', (session: Buffer) => (this.#session = session));
    return socket;
  }
}
