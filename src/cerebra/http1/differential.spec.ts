import { describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Heard } from '../../../test/support/http1/heard.js';
import { Random } from '../../../test/support/http1/random.js';
import { replyScript, type ReplyScript } from '../../../test/support/http1/reply-script.js';
import { PROBE, ScriptServer } from '../../../test/support/http1/script-server.js';
import { askOurs, askUndici, difference, TIMEOUT_MS, type Told } from '../../../test/support/http1/told.js';
import { Http1Pool } from './pool.js';

/** Where undici takes a changed reply and we do not: our reason, and why it is one. */
const STRICTER: ReadonlyMap<string, string> = new Map([
  [
    'malformed status line',
    'other versions, an empty line in front, a status that is none: no provider means us by it',
  ],
  ['unknown transfer-encoding', 'we ask for none, and HTTP/1.0 has none: where such a body ends would be guesswork'],
  ['body where none may be', 'undici takes 204 and 304 with chunks announced, and does not read them'],
  ['too many fields', 'undici bounds their bytes, not their number'],
  ['head too large', 'undici counts names and values, we count every byte'],
  ['too many interim replies', 'undici takes any number, and each puts the time-out off'],
  ['chunk line too long', 'undici reads zeros and extensions without end'],
  ['framing in a trailer', 'it comes too late to mean anything good'],
]);

/** For unchanged replies there is one such reason only. A reset may have come before the rest. */
const NO_END = 'ECONNRESET';

const CASES = 400;
const AT_ONCE = 40;

interface Compared {
  readonly script: ReplyScript;
  readonly ours: Told;
  readonly theirs: Told;
  readonly reused: boolean;
  /** Null: as it must be. */
  readonly fault: string | null;
}

async function compare(script: ReplyScript): Promise<Compared> {
  const server = new ScriptServer(script);
  const origin = await server.start();
  const pool = new Http1Pool({ origin, timeoutMs: TIMEOUT_MS });
  try {
    const [theirs, ours] = await Promise.all([askUndici(origin, script), askOurs(pool, script)]);
    const unlike = unexplained(script, ours, difference(ours, theirs));
    // A script that reads no request answers no probe; and whether a reset or the probe is first would be chance.
    if (unlike !== null || script.early || script.ending === 'reset') {
      return { script, ours, theirs, reused: false, fault: unlike };
    }
    const wrong = await probe(pool, server);
    const reused = [...server.probed].some((socket) => server.scripted.has(socket));
    return { script, ours, theirs, reused, fault: wrong ?? misused(script, ours, reused) };
  } finally {
    await pool.close();
    await server.stop();
  }
}

function unexplained(script: ReplyScript, ours: Told, differs: string | null): string | null {
  if (differs !== 'stricter') return differs;
  if (script.ending === 'reset' && ours.reason === NO_END) return null;
  return script.mutations.length > 0 && STRICTER.has(ours.reason) ? null : differs;
}

/** The next call has its own reply, whatever the last one was. */
async function probe(pool: Http1Pool, server: ScriptServer): Promise<string | null> {
  // What stands behind a reply may come late. Once the next request is out, nobody could tell it from the reply to that.
  await server.played();
  await turn();
  await turn();
  const heard = new Heard();
  pool.send({ method: 'GET', path: PROBE, headers: [], body: null }, heard);
  const outcome = await heard.outcome;
  return outcome === 'ended' && heard.body.toString() === 'probe' ? null : `the next call: ${outcome} ${heard.reason}`;
}

function misused(script: ReplyScript, ours: Told, reused: boolean): string | null {
  if (reused && ours.outcome !== 'ended') return 'a connection used again after a fault';
  if (reused && script.ending !== 'keep') return 'a connection used again after its end';
  if (script.clean === null || script.clean === reused) return null;
  return reused ? 'an odd connection used again' : 'a clean connection not used again';
}

function report({ script, ours, theirs, fault }: Compared): string {
  const bytes = Buffer.concat(script.pieces).toString('latin1').slice(0, 500);
  const cuts = script.pieces.map((piece) => piece.length).join(' + ');
  return [
    `${fault}: ours ${ours.outcome} ${ours.reason}, undici ${theirs.outcome} ${theirs.reason}`,
    `${script.method} ${script.early ? 'early ' : ''}${script.ending}; changed: ${script.mutations.join(', ')}; ${cuts}`,
    JSON.stringify(bytes),
  ].join('\n');
}

describe('our client and undici', () => {
  it.each([
    ['the same seed every time', 1],
    ['a new seed every time', randomInt(2 ** 31)],
  ])(
    'make the same of the same bytes, or ours is stricter for a known reason: %s, %d',
    async (_, seed) => {
      process.stdout.write(`differential: seed ${seed}\n`);
      const random = new Random(seed);
      const all: Compared[] = [];
      while (all.length < CASES) {
        const scripts = Array.from({ length: AT_ONCE }, () => replyScript(random));
        all.push(...(await Promise.all(scripts.map(compare))));
      }
      expect(all.filter((one) => one.fault !== null).map(report)).toEqual([]);
      // Without a fair share of each, nothing would have been compared.
      const share = (which: (one: Compared) => boolean): number => all.filter(which).length / all.length;
      expect(share((one) => one.ours.outcome === 'ended')).toBeGreaterThan(0.3);
      expect(share((one) => one.ours.outcome === 'cut' && one.theirs.outcome === 'cut')).toBeGreaterThan(0.1);
      expect(share((one) => one.ours.outcome === 'cut' && one.theirs.outcome === 'ended')).toBeGreaterThan(0.02);
      expect(share((one) => one.reused)).toBeGreaterThan(0.1);
    },
    60_000,
  );
});
