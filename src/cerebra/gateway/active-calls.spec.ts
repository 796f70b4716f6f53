import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { OVERDUE } from '../../platform/http/overdue.js';
import { instant } from '../../platform/time.js';
import { BudgetGate, LEASE_MS, type Reservation } from '../budgets/budget-gate.js';
import { nanoUsd } from '../pricing/money.js';
import { ActiveCalls } from './active-calls.js';
import { Call } from './call.js';

/** Only remembers what is renewed. */
class RenewalsOnly extends BudgetGate {
  readonly renewed: string[][] = [];
  override renew(reservations: readonly Reservation[]): void {
    this.renewed.push(reservations.map(({ callId }) => callId).sort());
  }
  override reserve = (): never => {
    throw new Error('not asked here');
  };
  override settle = this.reserve;
  override state = this.reserve;
  override dismiss = (): void => {};
  override stop = this.reserve;
}

class Running {
  readonly call: Call;
  place = -1;
  checked = 0;
  brokenOff = 0;
  constructor(id: string, reserved = true) {
    this.call = new Call(id, instant(0));
    if (reserved) this.call.reservation = { callId: id, bound: nanoUsd(1), holds: [] };
  }
  check = (): void => void this.checked++;
  breakOff = (): void => void this.brokenOff++;
}

const gate = new RenewalsOnly();
let host: HttpAdapterHost;
let active: ActiveCalls;

beforeEach(() => {
  jest.useFakeTimers();
  gate.renewed.length = 0;
  host = new HttpAdapterHost();
  host.httpAdapter = new FastifyAdapter();
  active = new ActiveCalls(gate, host);
  active.onModuleInit();
});

afterEach(() => {
  active.onModuleDestroy();
  jest.useRealTimers();
});

describe('running calls', () => {
  it('have their leases renewed twice before they could expire, in one step', () => {
    active.add(new Running('a'));
    active.add(new Running('b'));
    active.add(new Running('without a budget', false));
    jest.advanceTimersByTime(LEASE_MS - 1);
    expect(gate.renewed).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('are forgotten when they end', () => {
    const running = new Running('a');
    active.add(running);
    active.delete(running);
    jest.advanceTimersByTime(LEASE_MS);
    expect(gate.renewed).toEqual([]);
    expect(running.checked).toBe(0);
  });

  it.each([
    ['the deadline of the stop has come', () => host.httpAdapter.getInstance<FastifyInstance>().server.emit(OVERDUE)],
    ['the application closes', () => active.onModuleDestroy()],
  ])('are broken off when %s, and no new ones are let in', (_, happen) => {
    const running = new Running('a');
    active.add(running);
    expect(active.stopping).toBe(false);
    happen();
    expect(running.brokenOff).toBe(1);
    expect(active.stopping).toBe(true);
  });
});
