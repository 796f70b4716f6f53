import type { Random } from './random.js';

interface Mutation {
  readonly name: string;
  readonly apply: (text: string, random: Random) => string;
}

const at = (text: string, random: Random): number =>
  random.below(Math.min(text.length, random.chance(0.7) ? 250 : text.length) + 1);
const insert = (text: string, place: number, what: string): string => text.slice(0, place) + what + text.slice(place);

/** Puts a line behind the status line, where it belongs to the head. */
const withField = (line: string): Mutation => ({
  name: `with ${JSON.stringify(line.slice(0, 40))}`,
  apply: (text) => text.replace('\r\n', `\r\n${line}\r\n`),
});

const replacing = (what: string | RegExp, by: string): Mutation => ({
  name: `${String(what)} becomes ${JSON.stringify(by)}`,
  apply: (text) => text.replace(what, by),
});

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  {
    name: 'a byte changed',
    apply: (text, random) => {
      const place = at(text, random);
      return text.slice(0, place) + String.fromCharCode(random.below(256)) + text.slice(place + 1);
    },
  },
  {
    name: 'a telling byte put in',
    apply: (text, random) =>
      insert(
        text,
        at(text, random),
        random.pick(['\r', '\n', '\r\n', '\0', ' ', '\t', ':', ',', ';', '0', '+', '-', '\x7f', '\x80']),
      ),
  },
  {
    name: 'a slice left out',
    apply: (text, random) => {
      const place = at(text, random);
      return text.slice(0, place) + text.slice(place + 1 + random.below(8));
    },
  },
  {
    name: 'a slice doubled',
    apply: (text, random) => {
      const place = at(text, random);
      return insert(text, place, text.slice(place, place + 1 + random.below(30)));
    },
  },
  { name: 'cut off', apply: (text, random) => text.slice(0, at(text, random)) },
  {
    name: 'a CRLF become LF',
    apply: (text, random) => {
      const place = text.indexOf('\r\n', at(text, random));
      return place === -1 ? text : text.slice(0, place) + text.slice(place + 1);
    },
  },
  ...[
    'Content-Length: 5',
    'Content-Length: 0',
    'content-length: +5',
    'Content-Length: 5, 5',
    'Content-Length:',
    'Content-Length: 99999999999999999999',
    'Content-Length : 5',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, gzip',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:\tchunked',
    ' folded: line',
    'x: y\r\n folded',
    'no colon',
    ': no name',
    'x: a\x00b',
    'x: a\x01b',
    'x: a\x7fb',
    'x\x00: b',
    'x(y): b',
    'x: \xe9',
    'Connection: close',
    'Connection: x, close',
    'Connection: upgrade\r\nUpgrade: h2c',
    'Keep-Alive: timeout=0',
    `x-long: ${'a'.repeat(17 * 1024)}`,
    Array.from({ length: 200 }, (_, i) => `x-${i}: y`).join('\r\n'),
  ].map(withField),
  replacing('HTTP/1.1', 'HTTP/1.2'),
  replacing('HTTP/1.1', 'HTTP/2.0'),
  replacing('HTTP/1.1', 'HTTP/0.9'),
  replacing('HTTP/1.1', 'HTTP/1.0'),
  replacing('HTTP/1.1', 'http/1.1'),
  replacing('HTTP/1.1', 'HTTP/11'),
  replacing('HTTP/', '\r\nHTTP/'),
  replacing('HTTP/', ' HTTP/'),
  replacing(/ \d\d\d/, ' 100'),
  replacing(/ \d\d\d/, ' 101'),
  replacing(/ \d\d\d/, ' 102'),
  replacing(/ \d\d\d/, ' 150'),
  replacing(/ \d\d\d/, ' 099'),
  replacing(/ \d\d\d/, ' 20'),
  replacing(/ \d\d\d/, ' 204'),
  replacing(/ \d\d\d/, ' 304'),
  replacing(/ \d\d\d/, ' 2000'),
  replacing('HTTP/1.1', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1'),
  replacing('HTTP/1.1', `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(40)}HTTP/1.1`),
  replacing('\r\n0\r\n', '\r\n0 \r\n'),
  replacing('\r\n0\r\n', '\r\n0;\r\n'),
  replacing('\r\n0\r\n', '\r\n0; a\r\n'),
  replacing('\r\n0\r\n', '\r\n0;a\tb\r\n'),
  replacing('\r\n0\r\n', `\r\n0;${'a'.repeat(2_000)}\r\n`),
  replacing('\r\n0\r\n', '\r\n-0\r\n'),
  replacing('\r\n0\r\n', '\r\n00000000000000000000\r\n'),
  replacing('\r\n0\r\n', '\r\nfffffffffffffffff\r\n'),
  replacing('\r\n0\r\n', '\r\n0\n'),
  replacing('\r\n0\r\n', '\r\n0\r\nContent-Length: 5\r\n'),
  replacing('\r\n0\r\n', '\r\n0\r\nTransfer-Encoding: chunked\r\n'),
  replacing('\r\n0\r\n', '\r\n0\r\nConnection: close\r\n'),
  replacing('\r\n0\r\n', '\r\n0\r\n folded\r\n'),
  replacing('\r\n0\r\n', '\r\n0\r\nx : y\r\n'),
  replacing('\r\n0\r\n', `\r\n0\r\n${'x: abcdefgh\r\n'.repeat(2_000)}`),
];

/** Changes a reply in one to three ways. */
export function mutated(bytes: Buffer, random: Random): { bytes: Buffer; names: readonly string[] } {
  let text = bytes.toString('latin1');
  const names: string[] = [];
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) {
    const { name, apply } = random.pick(MUTATIONS);
    const changed = apply(text, random);
    if (changed !== text) names.push(name);
    text = changed;
  }
  return { bytes: Buffer.from(text, 'latin1'), names };
}
