/** A number that PostgreSQL cannot hold as written would end the whole load. */
const HUGE_EXPONENT = /e[+-]?\d{4}/i;

/**
 * Key-value JSON as files have it, checked: an object of plain values, one whose outer braces are missing (as Azure
 * writes tags), or a list of `{key, value}` (as Google writes labels). Keys and values stay as written.
 * @returns the text of a JSON object that PostgreSQL takes, or null where it is none
 */
export function readPairs(text: string): string | null {
  const trimmed = text.trim();
  if (HUGE_EXPONENT.test(trimmed)) return null;
  const json = trimmed.startsWith('"') ? `{${trimmed}}` : trimmed;
  const value = parsed(json);
  if (Array.isArray(value)) return fromList(value);
  return isPairs(value) ? json : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isPairs(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, one]) => isStorable(key) && isPlain(one));
}

function fromList(list: readonly unknown[]): string | null {
  const pairs: [string, unknown][] = [];
  for (const entry of list) {
    if (!isPairs(entry) || typeof entry['key'] !== 'string') return null;
    pairs.push([entry['key'], entry['value'] ?? '']);
  }
  return JSON.stringify(Object.fromEntries(pairs));
}

const isPlain = (value: unknown): boolean =>
  value === null ||
  typeof value === 'boolean' ||
  (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && isStorable(value));

/** PostgreSQL's text holds no NUL and no half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
