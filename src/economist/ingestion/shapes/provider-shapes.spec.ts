import { describe, expect, it } from '@jest/globals';
import type { FocusName } from '../../charges/focus-columns.js';
import { awsCur2 } from './aws-cur-2.pure.js';
import { azureActual, azureAmortised } from './azure.pure.js';
import { gcp } from './gcp.pure.js';
import { planFor } from './plan.js';
import type { Shape } from './shape.js';

type Charge = Partial<Record<FocusName, string | null>>;

/** What a shape makes of one row, as text. */
function charge(shape: Shape, row: Readonly<Record<string, string>>): Charge {
  const cells = Object.values(row).map((cell) => (cell === '' ? null : cell));
  const source = { text: (heading: string) => row[heading] || null };
  const made: Charge = {};
  for (const { name, origin } of planFor(shape, Object.keys(row)).targets) {
    if (origin.kind === 'column') made[name] = cells[origin.column] ?? null;
    else made[name] = origin.kind === 'constant' ? origin.value : origin.from(source);
  }
  return made;
}

describe('a line of CUR 2.0', () => {
  const line = (type: string, more: Readonly<Record<string, string>> = {}): Charge =>
    charge(awsCur2, {
      line_item_line_item_type: type,
      line_item_unblended_cost: '10.00',
      line_item_currency_code: 'USD',
      line_item_usage_start_date: '2026-03-01T00:00:00.000Z',
      line_item_product_code: 'AmazonEC2',
      ...more,
    });

  it.each([
    ['Usage', {}, '10.00', 'Usage'],
    ['SavingsPlanCoveredUsage', { savings_plan_savings_plan_effective_cost: '6.00' }, '6.00', 'Usage'],
    ['SavingsPlanNegation', {}, '0', 'Usage'],
    [
      'SavingsPlanRecurringFee',
      { savings_plan_total_commitment_to_date: '8.00', savings_plan_used_commitment: '6.10' },
      '1.9',
      'Purchase',
    ],
    ['SavingsPlanUpfrontFee', {}, '0', 'Purchase'],
    ['DiscountedUsage', { reservation_effective_cost: '2.40' }, '2.40', 'Usage'],
    [
      'RIFee',
      {
        reservation_unused_amortized_upfront_fee_for_billing_period: '0.70',
        reservation_unused_recurring_fee: '0.5',
      },
      '1.2',
      'Purchase',
    ],
    ['Fee', { reservation_reservation_a_r_n: 'arn:ri' }, '0', 'Purchase'],
    ['Fee', { reservation_reservation_a_r_n: '' }, '10.00', 'Purchase'],
    ['Tax', {}, '10.00', 'Tax'],
    ['Credit', {}, '10.00', 'Credit'],
    ['EdpDiscount', {}, '10.00', 'Adjustment'],
    ['FlexibleCommitmentTrueUp', {}, '10.00', 'Adjustment'],
  ])('of type %s %j costs %s effectively, and is %s', (type, more, effective, category) => {
    expect(line(type, more)).toMatchObject({
      BilledCost: '10.00',
      EffectiveCost: effective,
      ChargeCategory: category,
      ProviderName: 'AWS',
      ServiceName: 'AmazonEC2',
    });
  });

  it('with a cost that is no number hands it on, to be reported', () => {
    expect(line('RIFee', { reservation_unused_recurring_fee: 'n/a' }).EffectiveCost).toBe('n/a');
  });
});

describe('a line of an Azure export', () => {
  const row = {
    Date: '03/01/2026',
    CostInBillingCurrency: '7.5',
    BillingCurrencyCode: 'EUR',
    ChargeType: 'UnusedReservation',
    PricingModel: 'Reservation',
    ReservationId: 'r-1',
    Frequency: 'OneTime',
    MeterCategory: 'Virtual Machines',
    SubscriptionId: 's-1',
  };

  it('is billed by the actual costs', () => {
    const billed = charge(azureActual, row);
    expect(billed).toMatchObject({
      BilledCost: '7.5',
      ChargeCategory: 'Usage',
      CommitmentDiscountStatus: 'Unused',
      PricingCategory: 'Committed',
      ChargeFrequency: 'One-Time',
      SubAccountId: 's-1',
    });
    expect(billed.EffectiveCost).toBeUndefined();
  });

  it('costs effectively what the amortised costs say, and is billed nothing by them', () => {
    expect(charge(azureAmortised, row)).toMatchObject({ BilledCost: '0', EffectiveCost: '7.5' });
  });

  it('ends where the day after begins', () => {
    const { targets } = planFor(azureActual, Object.keys(row));
    expect(targets.find(({ name }) => name === 'ChargePeriodEnd')?.origin).toMatchObject({ column: 0, plusDays: 1 });
  });

  it('with a type or a price model that nobody knows keeps it', () => {
    expect(charge(azureActual, { ...row, ChargeType: 'Rebate', PricingModel: 'Barter' })).toMatchObject({
      ChargeCategory: 'Rebate',
      PricingCategory: 'Barter',
      CommitmentDiscountStatus: null,
    });
  });
});

describe("a row of Google's billing export", () => {
  const row = {
    billing_account_id: '01A2B3',
    service: '{"id":"COMP","description":"Compute Engine"}',
    'sku.description': 'N2 core',
    usage_start_time: '2026-03-31T20:00:00Z',
    project: 'NULL',
    'project.id': 'web',
    cost: '10.0',
    currency: 'USD',
    cost_type: 'regular',
    credits: '[{"name":"a","amount":-3.0},{"name":"b","amount":-1.5e-7}]',
    invoice: '{"month":"202604"}',
    labels: '[{"key":"team","value":"a"}]',
  };

  it('costs what its credits leave, once', () => {
    expect(charge(gcp, row)).toMatchObject({ BilledCost: '6.99999985', EffectiveCost: '6.99999985' });
    expect(charge(gcp, { ...row, credits: '[]' }).BilledCost).toBe('10');
    expect(charge(gcp, { ...row, credits: '' }).BilledCost).toBe('10');
  });

  it('hands on what is no number, to be reported', () => {
    expect(charge(gcp, { ...row, cost: '1,5' }).BilledCost).toBe('1,5');
  });

  it('reads records that are flattened, and those that are JSON', () => {
    expect(charge(gcp, row)).toMatchObject({
      ServiceName: 'Compute Engine',
      ChargeDescription: 'N2 core',
      SubAccountId: 'web',
      Tags: '[{"key":"team","value":"a"}]',
    });
  });

  it('belongs to the month of its invoice', () => {
    expect(charge(gcp, row).BillingPeriodStart).toBe('2026-04-01');
  });

  it.each([
    ['tax', 'Tax'],
    ['rounding_error', 'Adjustment'],
    ['regulatory_fee', 'Adjustment'],
  ])('of type %s is %s', (type, category) => {
    expect(charge(gcp, { ...row, cost_type: type }).ChargeCategory).toBe(category);
  });
});
