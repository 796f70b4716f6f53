/** "No currency" and "for tests" are codes too, but no money. */
const NOT_MONEY = new Set(['XXX', 'XTS']);

/** Codes of ISO 4217, those of the past too: bills of the past are imported as well. */
const codes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter((code) => !NOT_MONEY.has(code)));

export const isCurrency = (code: string): boolean => codes.has(code);
