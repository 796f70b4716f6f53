import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compile } from '../../../src/cerebra/pricing/compile.pure.js';
import { readTerms } from '../../../src/cerebra/pricing/terms.dto.js';
import { PriceTable, type PricedModel } from '../../../src/cerebra/pricing/price-table.js';
import { instant } from '../../../src/platform/time.js';
import { cutAt, sse, type Reply } from '../../simulators/reply.js';

const FOLDER = join('test', 'fixtures', 'cases', 'cerebra');

/** Those that are compatible with OpenAI speak as the simulator of OpenAI does. */
const kind = z.preprocess(
  (given) => (given === 'openai-compatible' ? 'openai' : given),
  z.enum(['openai', 'anthropic', 'gemini']),
);

const headers = z.record(z.string(), z.string());

const requestFile = z.object({
  provider: z.object({ kind, models: z.array(z.string()) }),
  key: z.object({ allowed_models: z.array(z.string()) }).optional(),
  method: z.string().default('POST'),
  path: z.string().default('/v1/chat/completions'),
  headers: headers.default({}),
  body: z.unknown().optional(),
  body_text: z.string().optional(),
  body_file: z.string().optional(),
  raw_file: z.string().optional(),
});

const clientBody = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('same'), may_append_line_ends: z.boolean().default(false) }),
  z.strictObject({ rule: z.literal('decoded_same'), file: z.string() }),
  z.strictObject({ rule: z.literal('drop_events'), events: z.array(z.number()) }),
  z.strictObject({ rule: z.literal('events_then_error'), complete: z.number() }),
  z.strictObject({ rule: z.literal('json'), has: z.object({ error: headers }) }),
  z.strictObject({ rule: z.literal('empty') }),
]);

const upstreamBody = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('same') }),
  z.strictObject({ rule: z.literal('json_same'), file: z.string() }),
  z.strictObject({ rule: z.literal('splice_only'), json_has: z.record(z.string(), z.unknown()) }),
]);

const expectedFile = z.strictObject({
  client_status: z.union([z.number(), z.array(z.number())]),
  client_headers: headers.optional(),
  client_body: clientBody,
  cuts: z.array(z.number()).optional(),
  upstream: z.strictObject({
    requests: z.number(),
    path_ends: z.string().default(''),
    headers_absent: z.array(z.string()).default([]),
    body: upstreamBody.optional(),
  }),
  usage: z.record(z.string(), z.number()).nullable(),
  /** As the API takes them. */
  prices: z.looseObject({ model: z.string() }).optional(),
  cost_usd_exact: z.string().nullable(),
  cost_above_usd: z.string().optional(),
  working: z.string().optional(),
  ledger: z.strictObject({
    rows: z.union([z.number(), z.literal('none_or_refused')]),
    outcome: z.string().optional(),
    status_code: z.number().optional(),
    estimated: z.boolean().optional(),
    model: z.string().optional(),
  }),
});

export type Expected = z.output<typeof expectedFile>;

/** What users of such gateways met, as `README.md` beside the cases describes it. */
export interface FieldCase {
  readonly name: string;
  readonly request: z.output<typeof requestFile>;
  readonly expected: Expected;
  /** The upstream's reply as bytes, and all the ways in which it may arrive. */
  readonly reply: Buffer;
  readonly deliveries: readonly { readonly how: string; readonly reply: Reply }[];
  readonly raw: string | null;
  /** What is sent, with the key's placeholder. */
  readonly body: Buffer | undefined;
  /** Another file of the case. */
  readonly file: (name: string) => Buffer;
}

export function readCases(): FieldCase[] {
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, 'request.json')))
    .sort()
    .map(readCase);
}

function readCase(name: string): FieldCase {
  const read = (file: string): Buffer => readFileSync(join(FOLDER, name, file));
  const request = requestFile.parse(JSON.parse(read('request.json').toString()));
  const expected = expectedFile.parse(JSON.parse(read('expected.json').toString()));
  const file = readdirSync(join(FOLDER, name)).find((entry) => entry.startsWith('upstream.')) ?? null;
  const reply = file === null ? Buffer.alloc(0) : read(file);
  return {
    name,
    request,
    expected,
    reply,
    deliveries: deliveriesOf(file, reply, expected.cuts ?? []),
    raw: request.raw_file === undefined ? null : read(request.raw_file).toString(),
    body: bodyOf(request, read),
    file: read,
  };
}

function bodyOf(request: FieldCase['request'], read: FieldCase['file']): Buffer | undefined {
  if (request.body_file !== undefined) return read(request.body_file);
  if (request.raw_file !== undefined) {
    const raw = read(request.raw_file);
    return raw.subarray(raw.indexOf('\r\n\r\n') + 4);
  }
  const text = request.body_text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  return text === undefined ? undefined : Buffer.from(text);
}

function deliveriesOf(file: string | null, bytes: Buffer, cuts: readonly number[]): FieldCase['deliveries'] {
  if (file?.endsWith('.http') === true) return [{ how: 'whole', reply: parseReply(bytes) }];
  if (file?.endsWith('.sse') !== true) {
    const length = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
    return [{ how: 'whole', reply: { status: 200, headers: length, pieces: [bytes] } }];
  }
  const ending = file.endsWith('.cut.sse') ? 'reset' : 'end';
  const everyByte = [...bytes.keys()].slice(1);
  return [
    { how: 'in one write', reply: sse([bytes], { ending }) },
    { how: 'byte by byte', reply: sse(cutAt(bytes, everyByte), { ending }) },
    ...(cuts.length === 0 ? [] : [{ how: 'cut', reply: sse(cutAt(bytes, cuts), { ending, paceMs: 5 }) }]),
  ];
}

/** A reply that a case gives with its head. */
function parseReply(bytes: Buffer): Reply {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(pairs),
    pieces: [bytes.subarray(end + 4)],
  };
}

/** The prices that the cases set. */
export function pricesOf(cases: readonly FieldCase[]): PriceTable {
  const models = cases.flatMap(({ request: { provider }, expected: { prices } }): PricedModel[] => {
    if (prices === undefined) return [];
    const { model, ...given } = prices;
    const terms = readTerms(given);
    const price = compile(terms, { contextTokens: 128_000, maxOutputTokens: 16_384 }, 'field-cases');
    const matches = (name: string): boolean => name === model;
    const dated = [{ from: instant(0), terms, price }];
    return [{ provider: provider.kind, model, names: [model], matches, prices: dated }];
  });
  return new PriceTable(models);
}
