import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EchoUpstream } from './demo/echo-upstream.js';
import type { Provider } from './provider.js';
import { RetiredProviders } from './retired-providers.js';

class Connections extends EchoUpstream {
  override quiet = true;
  closed = 0;
  override close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

const on = (upstream: Connections): Provider => ({
  name: 'retired',
  api: 'openai',
  upstream,
  address: null,
  availability: 'open',
  needsOwnKey: false,
  serves: () => true,
});

const KEPT_MS = 5_000;

describe('a provider that was changed or removed', () => {
  let upstream: Connections;
  let retired: RetiredProviders;
  beforeEach(() => {
    jest.useFakeTimers();
    upstream = new Connections();
    retired = new RetiredProviders(KEPT_MS);
    retired.add(on(upstream));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is kept for the calls that wait for their budgets, and then closes once', () => {
    jest.advanceTimersByTime(KEPT_MS - 1);
    expect(upstream.closed).toBe(0);
    jest.advanceTimersByTime(60_000);
    expect([upstream.closed, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('is kept while a call runs on it', () => {
    upstream.quiet = false;
    jest.advanceTimersByTime(600_000);
    expect(upstream.closed).toBe(0);
    upstream.quiet = true;
    jest.advanceTimersByTime(1_000);
    expect(upstream.closed).toBe(1);
  });

  it('closes when the process ends, with all others', async () => {
    upstream.quiet = false;
    const another = new Connections();
    retired.add(on(another));
    await retired.closeAll();
    expect([upstream.closed, another.closed, jest.getTimerCount()]).toEqual([1, 1, 0]);
  });

  it('is one of a bounded number: the oldest goes first', () => {
    upstream.quiet = false;
    for (let more = 0; more < 1_000; more++) retired.add(on(new Connections()));
    expect(upstream.closed).toBe(1);
  });
});
