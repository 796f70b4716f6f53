/** Where the ledger lies, and how it is cut: a day is small enough to drop and large enough to be few. */
export const requestsTable = { table: 'cerebra.requests', column: 'time', interval: 'day' } as const;
