import { decode, findMembers, type Member } from './json-scan.pure.js';
import { Lookalikes } from './lookalikes.pure.js';

/** Made once for each kind of request. */
const lookalikes = new WeakMap<ReadonlySet<string>, Lookalikes>();

function lookalikesOf(names: ReadonlySet<string>): Lookalikes {
  let found = lookalikes.get(names);
  if (found === undefined) lookalikes.set(names, (found = new Lookalikes(names)));
  return found;
}

/** It stands in headers and in the ledger, so nothing else counts as a name. */
const MODEL_NAME = /^[\x21-\x7e]{1,200}$/;

/** `param` is the member to blame; null blames the whole body. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly message: string;
  readonly param: string | null;
}

export const isModelName = (value: unknown): value is string => typeof value === 'string' && MODEL_NAME.test(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The members of a request that decide a call, found in its bytes and read as what they must be. Absent and null are
 * the same to every API. The first fault is kept; what is read after it does not matter any more.
 *
 * What is checked must be what runs: readers of JSON disagree about a name that stands there twice, so such an object
 * is refused, in whatever way the name is escaped, and so is a name that only some readers take for one of these.
 */
export class Members {
  fault: Unreadable | null = null;
  readonly #byName = new Map<string, Member>();

  constructor(
    private readonly json: Buffer,
    names: ReadonlySet<string>,
    /** Before the names of members in messages. */
    private readonly within = '',
  ) {
    const likely = lookalikesOf(names);
    const members = findMembers(json, likely);
    if (members === null) this.blame(null, 'The body is not a JSON object.');
    for (const member of members ?? []) {
      if (this.#byName.has(member.name)) this.blame(member.name, 'is given twice');
      if (!names.has(member.name)) this.blame(member.name, `must be written '${likely.meantBy(member.name)}'`);
      this.#byName.set(member.name, member);
    }
  }

  at(name: string): Member | null {
    return this.#byName.get(name) ?? null;
  }

  model(): string {
    const model = this.#value('model');
    if (isModelName(model)) return model;
    this.blame('model', "must be a model's name: at most 200 printable ASCII characters");
    return '';
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    if (typeof value === 'boolean') return value;
    if (value !== null) this.blame(name, 'must be true or false');
    return false;
  }

  /** @returns null where it is not given */
  count(name: string, most: number = Number.MAX_SAFE_INTEGER): number | null {
    const value = this.#value(name);
    if (value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
    this.blame(name, most === Number.MAX_SAFE_INTEGER ? 'must be a whole number above 0' : `must be 1 to ${most}`);
    return null;
  }

  /** @returns null where it is not given */
  text(name: string): string | null {
    const value = this.#value(name);
    if (value === null || typeof value === 'string') return value;
    this.blame(name, 'must be text');
    return null;
  }

  list(name: string): readonly unknown[] {
    const value = this.#value(name) ?? [];
    if (Array.isArray(value)) return value;
    this.blame(name, 'must be a list');
    return [];
  }

  object(name: string): Readonly<Record<string, unknown>> {
    const value = this.#value(name);
    if (isObject(value)) return value;
    if (value !== null) this.blame(name, 'must be an object');
    return {};
  }

  /** What is not JSON becomes `undefined`, which none of the readers above takes. */
  #value(name: string): unknown {
    const member = this.#byName.get(name);
    return member === undefined ? null : decode(this.json.toString('utf8', member.start, member.end));
  }

  blame(name: string | null, message: string): void {
    const param = name === null ? null : this.within + name;
    this.fault ??= { kind: 'unreadable', message: param === null ? message : `'${param}' ${message}.`, param };
  }
}
