const COLUMNS = [
  'BillingAccountId',
  'BillingPeriodStart',
  'ChargePeriodStart',
  'BilledCost',
  'EffectiveCost',
  'BillingCurrency',
  'ServiceName',
  'ResourceId',
];

/** A FOCUS file of one account and month, its costs given. */
export function focusCsv(
  costs: readonly string[],
  { month = '2026-03', account = 'acme', service = 'S3' } = {},
): string {
  const rows = costs.map((cost, index) => {
    const day = String((index % 28) + 1).padStart(2, '0');
    const start = `${month}-01T00:00:00Z`;
    return [account, start, `${month}-${day}T00:00:00Z`, cost, cost, 'USD', service, `r-${index % 50}`].join(',');
  });
  return [COLUMNS.join(','), ...rows, ''].join('\n');
}
