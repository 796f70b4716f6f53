import type { EntityManager } from 'typeorm';
import { Amount } from '../../charges/amount.js';
import type { SliceCost } from '../swap/stored-slices.js';

/** A slice that was in the ledger before, with what it cost then and what it costs now. */
export interface ChangedSlice {
  readonly billingAccount: string | null;
  /** `YYYY-MM`. */
  readonly billingMonth: string;
  readonly before: readonly SliceCost[];
  readonly after: readonly SliceCost[];
}

interface Restatement {
  readonly account: string | null;
  readonly month: string;
  readonly currency: string;
  readonly old: string;
  readonly new: string;
}

/** One for each currency whose billed cost is another one now. Within the transaction of the swap. */
export async function noteRestatements(
  manager: EntityManager,
  changed: readonly ChangedSlice[],
  run: { readonly id: string; readonly sourceId: string; readonly at: Date },
): Promise<void> {
  const restated = changed.flatMap(restatementsOf);
  if (restated.length === 0) return;
  await manager.query(
    `INSERT INTO economist.restatements
       (source_id, billing_account, billing_month, currency, old_cost, new_cost, run_id, detected_at)
     SELECT $1, account, month, currency, old_cost, new_cost, $2, $3
     FROM unnest($4::text[], $5::date[], $6::text[], $7::numeric[], $8::numeric[])
       AS r (account, month, currency, old_cost, new_cost)`,
    [
      run.sourceId,
      run.id,
      run.at,
      restated.map(({ account }) => account),
      restated.map(({ month }) => `${month}-01`),
      restated.map(({ currency }) => currency),
      restated.map((one) => one.old),
      restated.map((one) => one.new),
    ],
  );
}

function restatementsOf({ billingAccount, billingMonth, before, after }: ChangedSlice): Restatement[] {
  const billed = (costs: readonly SliceCost[]): Map<string, string> =>
    new Map(costs.map((cost) => [cost.currency, cost.billed]));
  const [was, is] = [billed(before), billed(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((currency) => ({
      account: billingAccount,
      month: billingMonth,
      currency,
      old: was.get(currency) ?? '0',
      new: is.get(currency) ?? '0',
    }))
    .filter((one) => !new Amount(one.old).equals(one.new));
}
