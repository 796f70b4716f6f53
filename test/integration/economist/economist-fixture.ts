import { addToRollups } from '../../../src/economist/charges/rollups.js';
import { focusColumns, type FocusName } from '../../../src/economist/charges/focus-columns.js';
import { economist } from '../../../src/economist/index.js';
import { LOAD_PROCESS_ENTRY } from '../../../src/economist/ingestion/loading/loading.module.js';
import { ContextFixture, startContext, type ContextOptions } from '../../support/context-fixture.js';
import { sourceLoadProcess } from '../../support/load-process.js';

export type { Reply } from '../../support/context-fixture.js';
export type EconomistOptions = Omit<ContextOptions, 'provided'>;

/** A charge in FOCUS terms; what every charge needs has a value already. */
export type ChargeFields = Partial<Record<FocusName, string | null | Readonly<Record<string, string>>>>;

/** Economist on a real database, listening, its jobs at work. */
export class EconomistFixture extends ContextFixture {
  static async start(options: EconomistOptions = {}): Promise<EconomistFixture> {
    const provided = new Map([[LOAD_PROCESS_ENTRY, sourceLoadProcess]]);
    return new EconomistFixture(await startContext(economist, { ...options, provided }));
  }

  /** Forgets all that is in the schema but its structure. Nothing may be at work. */
  async empty(): Promise<void> {
    const tables: { name: string }[] = await this.dataSource.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'economist' AND tablename <> 'migrations'`,
    );
    await this.dataSource.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
  }

  /** Puts charges into the ledger past all ingestion: one slice for each source, account and billing month. */
  async charge(rows: readonly ChargeFields[], sourceId = 'test'): Promise<void> {
    const complete = rows.map((row) => withDefaults(row));
    const bySlice = Map.groupBy(complete, (row) => `${asText(row.BillingAccountId)}|${month(row)}`);
    for (const slice of bySlice.values()) {
      await this.dataSource.transaction(async (manager) => {
        const [first] = slice;
        const found: { id: string }[] = await manager.query(
          `INSERT INTO economist.slices (source_id, billing_account, billing_month, digest, charges, loaded_at)
           VALUES ($1, $2, $3, sha256($4::bytea), $5, now()) RETURNING id`,
          [sourceId, first?.BillingAccountId ?? null, `${month(first ?? {})}-01`, JSON.stringify(slice), slice.length],
        );
        const sliceId = found[0]?.id ?? '';
        for (const row of slice) {
          const given = Object.entries(focusColumns).flatMap(([name, { column }]) => {
            const value = Object.entries(row).find(([key]) => key === name)?.[1];
            return value === undefined ? [] : [{ column, value }];
          });
          const places = given.map((_, index) => `$${index + 2}`).join(', ');
          await manager.query(
            `INSERT INTO economist.charges (slice_id, ${given.map(({ column }) => column).join(', ')})
             VALUES ($1, ${places})`,
            [sliceId, ...given.map(({ value }) => value)],
          );
        }
        await addToRollups(manager, [sliceId], sourceId);
      });
    }
  }
}

function withDefaults(row: ChargeFields): ChargeFields {
  const start = asText(row.ChargePeriodStart ?? '2026-03-01T00:00:00Z');
  return {
    BillingCurrency: 'USD',
    BillingAccountId: 'acme',
    BilledCost: '0',
    EffectiveCost: row.BilledCost ?? '0',
    ContractedCost: row.BilledCost ?? '0',
    ListCost: row.BilledCost ?? '0',
    ChargeCategory: 'Usage',
    ProviderName: 'AWS',
    ChargePeriodStart: start,
    ChargePeriodEnd: new Date(Date.parse(start) + 86_400_000).toISOString(),
    BillingPeriodStart: `${start.slice(0, 7)}-01T00:00:00Z`,
    Tags: {},
    ...row,
  };
}

const month = (row: ChargeFields): string => asText(row.BillingPeriodStart).slice(0, 7);

const asText = (value: ChargeFields[FocusName]): string => (typeof value === 'string' ? value : '');
