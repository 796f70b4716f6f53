import { Amount } from '../../charges/amount.js';
import type { Rule, Shape, SourceRow } from './shape.js';

const TYPE = 'cost_type';
const AMOUNT = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;

/** `cost_type` → the category that FOCUS has for it. */
const categories: Readonly<Record<string, string>> = {
  regular: 'Usage',
  tax: 'Tax',
  adjustment: 'Adjustment',
  rounding_error: 'Adjustment',
};

/** A column of the record `parent`: flattened as `parent.field`, or within the record's own JSON. */
const field = (parent: string, name: string): Rule => ({
  reads: [`${parent}.${name}`, parent],
  from: (row) => row.text(`${parent}.${name}`) ?? memberOf(row.text(parent), name),
});

/** Cost and its credits, once per row: credits joined to rows would repeat the cost. */
const netCost: Rule = {
  reads: ['cost', 'credits'],
  from: (row) => {
    const cost = row.text('cost');
    const credits = row.text('credits');
    const amounts = credits === null ? [] : creditsOf(credits);
    return cost === null || amounts === null || !AMOUNT.test(cost) ? cost : sumOf([cost, ...amounts]);
  },
};

const startOfMonth: Rule = {
  reads: ['invoice.month', 'invoice'],
  from: (row) => {
    const month = invoiceMonth(row);
    return month === null ? null : `${month.slice(0, 4)}-${month.slice(4)}-01`;
  },
};

/** The standard and the detailed billing export of BigQuery, written to a file. */
export const gcp: Shape = {
  columns: {
    AvailabilityZone: field('location', 'zone'),
    BilledCost: netCost,
    BillingAccountId: 'billing_account_id',
    BillingCurrency: 'currency',
    BillingPeriodStart: startOfMonth,
    ChargeCategory: { reads: [TYPE], from: (row) => categories[row.text(TYPE) ?? ''] ?? 'Adjustment' },
    ChargeDescription: field('sku', 'description'),
    ChargePeriodEnd: 'usage_end_time',
    ChargePeriodStart: 'usage_start_time',
    ConsumedQuantity: field('usage', 'amount'),
    ConsumedUnit: field('usage', 'unit'),
    EffectiveCost: netCost,
    ListCost: 'cost_at_list',
    PricingQuantity: field('usage', 'amount_in_pricing_units'),
    PricingUnit: field('usage', 'pricing_unit'),
    ProviderName: { const: 'Google Cloud' },
    RegionId: field('location', 'region'),
    ResourceId: field('resource', 'global_name'),
    ResourceName: field('resource', 'name'),
    ServiceName: field('service', 'description'),
    SkuId: field('sku', 'id'),
    SubAccountId: field('project', 'id'),
    SubAccountName: field('project', 'name'),
    Tags: 'labels',
  },
  known: { [TYPE]: Object.keys(categories) },
};

function invoiceMonth(row: SourceRow): string | null {
  const month = row.text('invoice.month') ?? memberOf(row.text('invoice'), 'month');
  return month !== null && /^\d{6}$/.test(month) ? month : null;
}

function memberOf(json: string | null, name: string): string | null {
  const record = json === null ? null : parsed(json);
  if (!isRecord(record)) return null;
  const value = record[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

/** Null: they cannot be read. */
function creditsOf(json: string): readonly string[] | null {
  const credits = parsed(json);
  if (!Array.isArray(credits)) return null;
  const amounts = credits.map((credit: unknown) => (isRecord(credit) ? String(credit['amount']) : ''));
  return amounts.every((amount) => AMOUNT.test(amount)) ? amounts : null;
}

function sumOf(amounts: readonly string[]): string {
  let total = new Amount(0);
  for (const amount of amounts) total = total.plus(amount);
  return total.toFixed();
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
