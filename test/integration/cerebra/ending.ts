import { expect } from '@jest/globals';
import type { GatewayFixture, Row } from './gateway-fixture.js';

/** Of a key's only call. In every ending: one row, nothing left reserved, and the budget charged with the row's cost. */
export async function endingOf(gateway: GatewayFixture, keyId: string): Promise<Row> {
  const rows = await gateway.rows(keyId);
  expect(rows).toHaveLength(1);
  const row = rows[0];
  if (row === undefined) throw new Error('There is no row.');
  const { settled, reserved } = await gateway.budget(keyId);
  expect(reserved).toBe(0);
  expect(settled).toBe(Number((row.cost_pico + 999n) / 1_000n));
  return row;
}
