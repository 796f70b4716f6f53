import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCases, pricesOf, type Expected, type FieldCase } from './field-case.js';
import { GatewayFixture, type Row } from './gateway-fixture.js';
import { rawExchange, type RawReply } from './raw-http.js';

const cases = readCases();
let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start({ prices: pricesOf(cases) });
});

afterAll(() => gateway.stop());

async function callAs(key: string, field: FieldCase): Promise<RawReply> {
  if (field.raw !== null) return rawExchange(gateway.url, field.raw.replace('{key}', key));
  const headers = Object.entries(field.request.headers).map(([name, value]): [string, string] => [
    name,
    value.replace('{key}', key),
  ]);
  const { method, path: template, provider } = field.request;
  const path = template.replace('{provider}', provider.kind);
  const reply = await fetch(gateway.url + path, { method, headers, body: field.body });
  return { status: reply.status, headers: reply.headers, body: Buffer.from(await reply.arrayBuffer()) };
}

/** Each event with its blank line, byte for byte. */
const eventsOf = (bytes: Buffer): string[] =>
  bytes.toString('latin1').match(/[^]*?(?:\r\n\r\n|\n\n|\r\r)|[^]+$/g) ?? [];

function checkClientBody(
  body: Buffer,
  { reply: upstream, file, expected: { client_body: expected } }: FieldCase,
): void {
  switch (expected.rule) {
    case 'same': {
      const rest = body.subarray(upstream.length).toString('latin1');
      expect(rest).toMatch(expected.may_append_line_ends ? /^[\r\n]*$/ : /^$/);
      return expect(body.subarray(0, upstream.length).equals(upstream)).toBe(true);
    }
    // `fetch` has undone the coding.
    case 'decoded_same':
      return expect(body.equals(file(expected.file))).toBe(true);
    case 'empty':
      return expect(body).toHaveLength(0);
    case 'drop_events': {
      const kept = eventsOf(upstream).filter((_, index) => !expected.events.includes(index));
      return expect(body.toString('latin1')).toBe(kept.join(''));
    }
    case 'events_then_error': {
      const seen = eventsOf(body);
      expect(seen.slice(0, -1)).toEqual(eventsOf(upstream).slice(0, expected.complete));
      return expect(JSON.parse(seen.at(-1)?.replace('data: ', '') ?? '')).toMatchObject({
        error: { message: expect.any(String) },
      });
    }
    case 'json':
      return expect(JSON.parse(body.toString())).toMatchObject({
        error: Object.fromEntries(Object.keys(expected.has.error).map((name) => [name, expect.any(String)])),
      });
    default:
      return expected satisfies never;
  }
}

function checkUpstreamBody(sent: Buffer, { body, file, expected: { upstream } }: FieldCase): void {
  const expected = upstream.body;
  const client = body?.toString() ?? '';
  if (expected === undefined) return;
  if (expected.rule === 'same') return expect(sent.toString()).toBe(client);
  if (expected.rule === 'json_same') {
    return expect(JSON.parse(sent.toString())).toEqual(JSON.parse(file(expected.file).toString()));
  }
  expect(JSON.parse(sent.toString())).toMatchObject(expected.json_has);
  const inserted = `"stream_options":{"include_usage":true},`;
  const text = sent.toString();
  const at = text.indexOf(inserted);
  return expect(text.slice(0, at) + text.slice(at + inserted.length)).toBe(client);
}

/** The API tells a cut apart from an answer with an error status; the cases do not. */
const finerThan = (outcome: string | undefined): unknown =>
  outcome === 'upstream_error' ? expect.stringMatching(/^upstream_(?:error|cut)$/) : outcome;

function checkRow(row: Row | undefined, { ledger, usage, cost_usd_exact, cost_above_usd }: Expected): void {
  const { rows: _, outcome, ...told } = ledger;
  const said = { outcome: finerThan(outcome), ...told };
  expect(row).toMatchObject(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)));
  if (usage !== null) {
    expect(row).toMatchObject({
      input_tokens: usage['input'] ?? 0,
      cache_read_tokens: usage['cache_read'] ?? 0,
      cache_write_5m_tokens: usage['cache_write_5m'] ?? 0,
      cache_write_1h_tokens: usage['cache_write_1h'] ?? 0,
      output_tokens: usage['output'] ?? 0,
      reasoning_tokens: usage['reasoning'] ?? 0,
    });
  }
  if (cost_usd_exact !== null) expect(row?.cost_pico).toBe(BigInt(cost_usd_exact.replace('.', '')) * 1_000n);
  if (cost_above_usd !== undefined) expect(Number(row?.cost_pico)).toBeGreaterThan(Number(cost_above_usd) * 1e12);
}

const runs = cases.flatMap((field) => field.deliveries.map((delivery) => ({ ...delivery, field, name: field.name })));

describe('what users of gateways met', () => {
  it('is all here', () => {
    expect(cases.length).toBeGreaterThanOrEqual(19);
  });

  it.each(runs)('$name, $how', async ({ field, reply: upstreamReply }) => {
    const { expected } = field;
    // Where the model is not known beforehand, no hard budget could be held.
    const hard = !field.request.path.includes('/proxy/');
    const budget = { limit_usd: 1_000, period: 'total', hard } as const;
    const { id, key } = await gateway.key({ ...field.request.key, budget });
    const { kind } = field.request.provider;
    const provider = kind === 'openai' ? gateway.simulator : gateway[kind];
    const before = provider.requests.length;
    if (expected.upstream.requests > 0) provider.next(upstreamReply);
    const reply = await callAs(key, field);

    expect([expected.client_status].flat()).toContain(reply.status);
    for (const [name, value] of Object.entries(expected.client_headers ?? {})) {
      expect(reply.headers.get(name)).toEqual(expect.stringContaining(value.replace('*', '')));
    }
    expect(reply.headers.has('content-length') && reply.headers.has('transfer-encoding')).toBe(false);
    checkClientBody(reply.body, field);

    const upstream = provider.requests.slice(before);
    expect(upstream).toHaveLength(expected.upstream.requests);
    for (const request of upstream) {
      for (const name of expected.upstream.headers_absent) expect(request.headers[name]).toBeUndefined();
      expect(JSON.stringify(request.headers)).not.toContain(key);
      expect(request.path.endsWith(expected.upstream.path_ends)).toBe(true);
      checkUpstreamBody(request.body, field);
    }

    if (typeof expected.ledger.rows === 'number' && expected.ledger.rows > 0) {
      const rows = await gateway.rows(id, expected.ledger.rows);
      expect(rows).toHaveLength(expected.ledger.rows);
      checkRow(rows[0], expected);
    } else {
      for (const row of await gateway.rows(id, 0)) expect(row).toMatchObject({ outcome: 'refused', cost_pico: 0n });
    }
    expect(await gateway.budget(id)).toMatchObject({ reserved: 0 });
    expect(gateway.log.join('')).not.toContain(key);
  });
});
