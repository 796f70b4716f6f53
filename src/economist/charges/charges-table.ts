/** For the partitions: made by a migration, kept by a schedule. */
export const chargesTable = { table: 'economist.charges', column: 'charge_period_start', interval: 'month' } as const;
