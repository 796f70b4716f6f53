import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { instant } from '../../platform/time.js';
import { BudgetGate } from '../budgets/budget-gate.js';
import { Ledger } from '../ledger/ledger.js';
import { nanoUsd } from '../pricing/money.js';
import { PriceTable } from '../pricing/price-table.js';
import { chat } from '../providers/openai/operations.js';
import type { Provider } from '../providers/provider.js';
import type { Upstream, UpstreamCall, UpstreamListener } from '../providers/upstream.js';
import { ActiveCalls } from './active-calls.js';
import { CallCounts } from './call-counts.js';
import { Call } from './call.js';
import { Endings } from './endings.js';
import { Exchange } from './exchange.js';
import { GatewayMetrics } from './gateway-metrics.js';
import type { Plan } from './plan.js';

class Settlements extends BudgetGate {
  readonly settled: number[] = [];
  override settle(_: unknown, cost: number): void {
    this.settled.push(cost);
  }
  override reserve = (): never => {
    throw new Error('not asked here');
  };
  override renew = this.reserve;
  override state = this.reserve;
  override dismiss = (): void => {};
  override stop = this.reserve;
}

class Rows extends Ledger {
  readonly rows: Call[] = [];
  override intend = (): void => {};
  override record(call: Call): void {
    this.rows.push(call);
  }
  override durable = (): null => null;
}

/** A provider that does what the test says. */
class ManualUpstream implements Upstream, UpstreamCall {
  listener: UpstreamListener | null = null;
  readonly quiet = true;
  paused = false;
  aborted = 0;
  send(_: unknown, listener: UpstreamListener): UpstreamCall {
    this.listener = listener;
    return this;
  }
  pause = (): void => void (this.paused = true);
  resume = (): void => void (this.paused = false);
  abort = (): void => void this.aborted++;
  models = async (): Promise<never[]> => [];
  close = async (): Promise<void> => {};
}

const gate = new Settlements();
const ledger = new Rows();
const counts = new CallCounts();
let upstream: ManualUpstream;
let server: Server;
let client: Socket;
let raw: ServerResponse;
let exchange: Exchange;

/** A stream between a client that reads nothing and the test's own provider. */
const manual = (upstream: Upstream): Provider => ({
  name: 'manual',
  api: 'openai',
  address: null,
  availability: 'open',
  needsOwnKey: false,
  upstream,
  serves: () => true,
});

beforeEach(async () => {
  gate.settled.length = 0;
  ledger.rows.length = 0;
  upstream = new ManualUpstream();
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  client.pause();
  client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  raw = await new Promise((resolve) => server.once('request', (_request, response) => resolve(response)));
  const call = new Call('019abc00-0000-7000-8000-000000000001', instant(0));
  call.stream = true;
  call.reservation = { callId: call.id, bound: nanoUsd(1_000), holds: [] };
  const plan: Plan = {
    operation: chat,
    path: '/chat/completions',
    target: { provider: manual(upstream), model: 'm' },
    body: Buffer.from('{}'),
    headers: [],
    credential: null,
    hideUsage: true,
    price: null,
    inputEstimate: 1,
    outputBound: 0,
    remaining: null,
    allowances: null,
    waitedMs: 0,
    maxOutput: null,
  };
  exchange = new Exchange(call, raw, plan, {
    active: new ActiveCalls(gate, new HttpAdapterHost()),
    endings: new Endings(gate, ledger, counts, null),
    metrics: new GatewayMetrics(new Registry(), counts),
    prices: new PriceTable([]),
    clientTimeoutMs: 1_000,
  });
});

afterEach(async () => {
  exchange.breakOff();
  client.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const event = Buffer.from(`data: {"x":"${'y'.repeat(1_000_000)}"}\n\n`);

function begin(): void {
  exchange.start();
  upstream.listener?.head(200, { 'content-type': 'text/event-stream' });
}

/** Until the client's side is full. */
function fill(): void {
  for (let sent = 0; sent < 100 && !upstream.paused; sent++) upstream.listener?.bytes(event);
}

describe('an exchange', () => {
  it('goes on while a client that reads slowly still reads within its time', () => {
    begin();
    fill();
    expect(upstream.paused).toBe(true);
    exchange.check(performance.now() + 500);
    expect(raw.destroyed).toBe(false);
  });

  it('gives up a client that reads nothing, and then the provider, and is settled and recorded once', async () => {
    begin();
    fill();
    exchange.check(performance.now() + 1_500);
    await once(raw, 'close');
    expect(upstream.paused).toBe(false);
    upstream.listener?.bytes(event);
    upstream.listener?.bytes(event);
    expect(upstream.aborted).toBe(1);
    upstream.listener?.ended();
    exchange.breakOff();
    expect(ledger.rows).toMatchObject([{ outcome: 'client_abort', status: 200, estimated: true }]);
    expect(gate.settled).toEqual([0]);
  });

  it('sends nothing for a client that has left while its budgets were asked', async () => {
    client.destroy();
    await once(raw, 'close');
    exchange.start();
    expect(upstream.listener).toBeNull();
    expect(ledger.rows).toMatchObject([{ outcome: 'client_abort', status: 499, estimated: false, cost: 0n }]);
    expect(gate.settled).toEqual([0]);
  });
});
