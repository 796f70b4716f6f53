import type { Rule, Shape } from './shape.js';

const COST: Rule = { column: ['CostInBillingCurrency', 'PreTaxCost', 'Cost'] };
const TYPE = 'ChargeType';

/** `ChargeType` → the category that FOCUS has for it. */
const categories: Readonly<Record<string, string>> = {
  Usage: 'Usage',
  UnusedReservation: 'Usage',
  UnusedSavingsPlan: 'Usage',
  Purchase: 'Purchase',
  Refund: 'Adjustment',
  RoundingAdjustment: 'Adjustment',
  Adjustment: 'Adjustment',
  Tax: 'Tax',
};

const frequencies: Readonly<Record<string, string>> = {
  OneTime: 'One-Time',
  Recurring: 'Recurring',
  UsageBased: 'Usage-Based',
};

const pricing: Readonly<Record<string, string>> = {
  OnDemand: 'Standard',
  Reservation: 'Committed',
  SavingsPlan: 'Committed',
  Spot: 'Dynamic',
};

/** What both exports say alike. The billing account's last day and the charge's day are included there, in FOCUS not. */
const common: Shape['columns'] = {
  BillingAccountId: { column: ['BillingAccountId', 'BillingAccountNumber'] },
  BillingAccountName: 'BillingAccountName',
  BillingCurrency: { column: ['BillingCurrencyCode', 'BillingCurrency', 'Currency'] },
  BillingPeriodEnd: { column: 'BillingPeriodEndDate', plusDays: 1 },
  BillingPeriodStart: 'BillingPeriodStartDate',
  ChargeCategory: {
    reads: [TYPE],
    from: (row) => categories[row.text(TYPE) ?? ''] ?? row.text(TYPE),
  },
  ChargeDescription: { column: ['Product', 'ProductName', 'MeterName'] },
  ChargeFrequency: {
    reads: ['Frequency'],
    from: (row) => frequencies[row.text('Frequency') ?? ''] ?? row.text('Frequency'),
  },
  ChargePeriodEnd: { column: ['Date', 'UsageDate', 'UsageDateTime'], plusDays: 1 },
  ChargePeriodStart: { column: ['Date', 'UsageDate', 'UsageDateTime'] },
  CommitmentDiscountId: { column: ['BenefitId', 'ReservationId'] },
  CommitmentDiscountName: { column: ['BenefitName', 'ReservationName'] },
  CommitmentDiscountStatus: {
    reads: [TYPE, 'ReservationId', 'BenefitId'],
    from: (row) => {
      if (row.text('ReservationId') === null && row.text('BenefitId') === null) return null;
      const type = row.text(TYPE);
      return type === 'Usage' ? 'Used' : type?.startsWith('Unused') === true ? 'Unused' : null;
    },
  },
  ConsumedQuantity: 'Quantity',
  ConsumedUnit: 'UnitOfMeasure',
  InvoiceId: { column: ['InvoiceId', 'InvoiceNumber'] },
  PricingCategory: {
    reads: ['PricingModel'],
    from: (row) => pricing[row.text('PricingModel') ?? ''] ?? row.text('PricingModel'),
  },
  PricingQuantity: 'Quantity',
  PricingUnit: 'UnitOfMeasure',
  ProviderName: { const: 'Microsoft' },
  PublisherName: 'PublisherName',
  RegionId: { column: ['ResourceLocationNormalized', 'ResourceLocation'] },
  ResourceId: { column: ['ResourceId', 'InstanceId'] },
  ResourceName: 'ResourceName',
  ResourceType: { column: ['ResourceType', 'ConsumedService'] },
  ServiceName: 'MeterCategory',
  ServiceSubcategory: 'MeterSubCategory',
  SkuId: 'MeterId',
  SkuMeter: 'MeterName',
  SubAccountId: { column: ['SubscriptionId', 'SubscriptionGuid'] },
  SubAccountName: 'SubscriptionName',
  Tags: 'Tags',
};

const known: Shape['known'] = { [TYPE]: Object.keys(categories) };

/** The actual costs: what is invoiced. What commitments spread over their use, the amortised export says. */
export const azureActual: Shape = { columns: { ...common, BilledCost: COST }, known };

/** The amortised costs: the same charges once more, as what they cost by use; nothing in them is billed again. */
export const azureAmortised: Shape = {
  columns: { ...common, BilledCost: { const: '0' }, EffectiveCost: COST },
  known,
};
