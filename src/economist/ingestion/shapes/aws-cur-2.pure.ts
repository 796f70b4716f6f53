import { Amount } from '../../charges/amount.js';
import type { ComputedRule, Shape, SourceRow } from './shape.js';

const TYPE = 'line_item_line_item_type';
const UNBLENDED = 'line_item_unblended_cost';
const RESERVATION = 'reservation_reservation_a_r_n';
const SAVINGS_PLAN = 'savings_plan_savings_plan_a_r_n';

/** `line_item_line_item_type` → the category that FOCUS has for it. */
const categories: Readonly<Record<string, string>> = {
  Usage: 'Usage',
  DiscountedUsage: 'Usage',
  SavingsPlanCoveredUsage: 'Usage',
  SavingsPlanNegation: 'Usage',
  Fee: 'Purchase',
  RIFee: 'Purchase',
  SavingsPlanRecurringFee: 'Purchase',
  SavingsPlanUpfrontFee: 'Purchase',
  Tax: 'Tax',
  Credit: 'Credit',
  Refund: 'Adjustment',
  BundledDiscount: 'Adjustment',
  Discount: 'Adjustment',
  EdpDiscount: 'Adjustment',
  PrivateRateDiscount: 'Adjustment',
  RiVolumeDiscount: 'Adjustment',
  DistributorDiscount: 'Adjustment',
  SppDiscount: 'Adjustment',
};

/**
 * What a line costs once commitments are spread over what they cover: covered usage its share of the commitment, the
 * commitment's own lines only what of it was not used, all else as it was billed.
 * @see https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
 */
const effectiveCost: ComputedRule = {
  reads: [
    UNBLENDED,
    TYPE,
    'reservation_effective_cost',
    'reservation_unused_amortized_upfront_fee_for_billing_period',
    'reservation_unused_recurring_fee',
    'savings_plan_savings_plan_effective_cost',
    'savings_plan_total_commitment_to_date',
    'savings_plan_used_commitment',
  ],
  from: (row) => {
    switch (row.text(TYPE)) {
      case 'SavingsPlanCoveredUsage':
        return row.text('savings_plan_savings_plan_effective_cost') ?? row.text(UNBLENDED);
      case 'DiscountedUsage':
        return row.text('reservation_effective_cost') ?? row.text(UNBLENDED);
      case 'SavingsPlanNegation':
      case 'SavingsPlanUpfrontFee':
        return '0';
      case 'SavingsPlanRecurringFee':
        return sum(row, ['savings_plan_total_commitment_to_date'], ['savings_plan_used_commitment']);
      case 'RIFee':
        return sum(row, [
          'reservation_unused_amortized_upfront_fee_for_billing_period',
          'reservation_unused_recurring_fee',
        ]);
      case 'Fee':
        // The upfront part of a reservation; other fees, such as Marketplace's, cover nothing.
        return row.text(RESERVATION) === null ? row.text(UNBLENDED) : '0';
      default:
        return row.text(UNBLENDED);
    }
  },
};

/** Cost and Usage Report 2.0 of AWS Data Exports. */
export const awsCur2: Shape = {
  columns: {
    AvailabilityZone: 'line_item_availability_zone',
    BilledCost: UNBLENDED,
    BillingAccountId: 'bill_payer_account_id',
    BillingAccountName: 'bill_payer_account_name',
    BillingCurrency: 'line_item_currency_code',
    BillingPeriodEnd: 'bill_billing_period_end_date',
    BillingPeriodStart: 'bill_billing_period_start_date',
    ChargeCategory: { reads: [TYPE], from: (row) => categories[row.text(TYPE) ?? ''] ?? 'Adjustment' },
    ChargeDescription: 'line_item_line_item_description',
    ChargePeriodEnd: 'line_item_usage_end_date',
    ChargePeriodStart: 'line_item_usage_start_date',
    CommitmentDiscountId: {
      reads: [RESERVATION, SAVINGS_PLAN],
      from: (row) => row.text(RESERVATION) ?? row.text(SAVINGS_PLAN),
    },
    CommitmentDiscountType: {
      reads: [RESERVATION, SAVINGS_PLAN],
      from: (row) =>
        row.text(RESERVATION) !== null ? 'Reserved Instance' : row.text(SAVINGS_PLAN) !== null ? 'Savings Plan' : null,
    },
    ConsumedQuantity: 'line_item_usage_amount',
    ConsumedUnit: 'pricing_unit',
    EffectiveCost: effectiveCost,
    InvoiceId: 'bill_invoice_id',
    InvoiceIssuerName: 'bill_invoicing_entity',
    ListCost: 'pricing_public_on_demand_cost',
    ListUnitPrice: 'pricing_public_on_demand_rate',
    PricingQuantity: 'line_item_usage_amount',
    PricingUnit: 'pricing_unit',
    ProviderName: { const: 'AWS' },
    PublisherName: { column: ['line_item_legal_entity', 'bill_billing_entity'] },
    RegionId: { column: ['product_region_code', 'line_item_region_code'] },
    ResourceId: 'line_item_resource_id',
    ServiceName: {
      reads: ['product_product_name', 'line_item_product_code'],
      from: (row) => row.text('product_product_name') ?? row.text('line_item_product_code'),
    },
    SkuId: 'product_sku',
    SkuMeter: 'line_item_usage_type',
    SkuPriceId: 'pricing_rate_id',
    SubAccountId: 'line_item_usage_account_id',
    SubAccountName: 'line_item_usage_account_name',
    Tags: 'resource_tags',
  },
  known: { [TYPE]: Object.keys(categories) },
};

/** Of what these columns hold; where one of them holds no number, that text, so that it is reported as what it is. */
function sum(row: SourceRow, added: readonly string[], takenOff: readonly string[] = []): string {
  let total = new Amount(0);
  for (const column of [...added, ...takenOff]) {
    const text = row.text(column);
    if (text === null) continue;
    const amount = amountOf(text);
    if (amount === null) return text;
    total = takenOff.includes(column) ? total.minus(amount) : total.plus(amount);
  }
  return total.toFixed();
}

function amountOf(text: string): Amount | null {
  try {
    return new Amount(text);
  } catch {
    return null;
  }
}
