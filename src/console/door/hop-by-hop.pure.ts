/** RFC 9110, 7.6.1: for one connection only. `transfer-encoding` stays: Node frames the body anew by it. */
const HOP_BY_HOP = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
];

/** Kept whatever `Connection` names: without them the body could be read in two ways. */
const FRAMING = ['content-length', 'host', 'transfer-encoding'];

/** As Node gives them: names in lower case. */
interface Headers extends Record<string, string | readonly string[] | undefined> {
  connection?: string;
}

/** Takes out what was meant for the other end of this connection, the headers that `Connection` names included. */
export function removeHopByHop(headers: Headers): void {
  const named = headers.connection?.toLowerCase().split(',') ?? [];
  for (const name of [...HOP_BY_HOP, ...named.map((token) => token.trim())]) {
    if (!FRAMING.includes(name)) delete headers[name];
  }
}
