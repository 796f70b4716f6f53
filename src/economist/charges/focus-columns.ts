/** What a column of FOCUS holds. Amounts are exact decimals of any length; times are instants in UTC. */
export type FocusType = 'text' | 'decimal' | 'time' | 'pairs';

export interface FocusColumn {
  /** In `economist.charges`. */
  readonly column: string;
  readonly type: FocusType;
  /** The values that the specification knows; others are kept and reported as `unknown_value`. */
  readonly known?: readonly string[];
}

const text = (column: string, known?: readonly string[]): FocusColumn =>
  known === undefined ? { column, type: 'text' } : { column, type: 'text', known };
const decimal = (column: string): FocusColumn => ({ column, type: 'decimal' });
const time = (column: string): FocusColumn => ({ column, type: 'time' });
const pairs = (column: string): FocusColumn => ({ column, type: 'pairs' });

/**
 * The columns of a cost and usage row as FOCUS 1.2 names them, in the order in which exports write them.
 * @see https://focus.finops.org/focus-specification/v1-2/
 */
export const focusColumns = {
  AvailabilityZone: text('availability_zone'),
  BilledCost: decimal('billed_cost'),
  BillingAccountId: text('billing_account_id'),
  BillingAccountName: text('billing_account_name'),
  BillingAccountType: text('billing_account_type'),
  BillingCurrency: text('billing_currency'),
  BillingPeriodEnd: time('billing_period_end'),
  BillingPeriodStart: time('billing_period_start'),
  CapacityReservationId: text('capacity_reservation_id'),
  CapacityReservationStatus: text('capacity_reservation_status', ['Used', 'Unused']),
  ChargeCategory: text('charge_category', ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment']),
  ChargeClass: text('charge_class', ['Correction']),
  ChargeDescription: text('charge_description'),
  ChargeFrequency: text('charge_frequency', ['One-Time', 'Recurring', 'Usage-Based']),
  ChargePeriodEnd: time('charge_period_end'),
  ChargePeriodStart: time('charge_period_start'),
  CommitmentDiscountCategory: text('commitment_discount_category', ['Spend', 'Usage']),
  CommitmentDiscountId: text('commitment_discount_id'),
  CommitmentDiscountName: text('commitment_discount_name'),
  CommitmentDiscountQuantity: decimal('commitment_discount_quantity'),
  CommitmentDiscountStatus: text('commitment_discount_status', ['Used', 'Unused']),
  CommitmentDiscountType: text('commitment_discount_type'),
  CommitmentDiscountUnit: text('commitment_discount_unit'),
  ConsumedQuantity: decimal('consumed_quantity'),
  ConsumedUnit: text('consumed_unit'),
  ContractedCost: decimal('contracted_cost'),
  ContractedUnitPrice: decimal('contracted_unit_price'),
  EffectiveCost: decimal('effective_cost'),
  InvoiceId: text('invoice_id'),
  InvoiceIssuerName: text('invoice_issuer_name'),
  ListCost: decimal('list_cost'),
  ListUnitPrice: decimal('list_unit_price'),
  PricingCategory: text('pricing_category', ['Standard', 'Dynamic', 'Committed', 'Other']),
  PricingCurrency: text('pricing_currency'),
  PricingCurrencyContractedUnitPrice: decimal('pricing_currency_contracted_unit_price'),
  PricingCurrencyEffectiveCost: decimal('pricing_currency_effective_cost'),
  PricingCurrencyListUnitPrice: decimal('pricing_currency_list_unit_price'),
  PricingQuantity: decimal('pricing_quantity'),
  PricingUnit: text('pricing_unit'),
  ProviderName: text('provider_name'),
  PublisherName: text('publisher_name'),
  RegionId: text('region_id'),
  RegionName: text('region_name'),
  ResourceId: text('resource_id'),
  ResourceName: text('resource_name'),
  ResourceType: text('resource_type'),
  ServiceCategory: text('service_category'),
  ServiceName: text('service_name'),
  ServiceSubcategory: text('service_subcategory'),
  SkuId: text('sku_id'),
  SkuMeter: text('sku_meter'),
  SkuPriceDetails: pairs('sku_price_details'),
  SkuPriceId: text('sku_price_id'),
  SubAccountId: text('sub_account_id'),
  SubAccountName: text('sub_account_name'),
  SubAccountType: text('sub_account_type'),
  Tags: pairs('tags'),
} as const satisfies Readonly<Record<string, FocusColumn>>;

/** Such as `BilledCost`. */
export type FocusName = keyof typeof focusColumns;

/** Each says its share of the same charge; a report is on one of them. */
export const costBases = ['billed', 'effective', 'contracted', 'list'] as const;
export type CostBasis = (typeof costBases)[number];
