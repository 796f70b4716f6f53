/**
 * What some readers take for the same name: Go's ignores case, by Unicode's folding; protobuf's takes `max_tokens` for
 * `maxTokens`.
 */
const fold = (name: string): string =>
  name.toLowerCase().replaceAll('_', '').replaceAll('\u017f', 's').replaceAll('\u212a', 'k');

/** Names that were asked for are remembered: the same few come with every request. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 40;

/** A set of names, and all that could be taken for one of them. */
export class Lookalikes {
  readonly #meant: ReadonlyMap<string, string>;
  /** Bounded: whoever fills it with other names only takes this away. */
  readonly #asked = new Map<string, boolean>();

  constructor(names: ReadonlySet<string>) {
    this.#meant = new Map([...names].map((name) => [fold(name), name]));
  }

  has(name: string): boolean {
    const known = this.#asked.get(name);
    if (known !== undefined) return known;
    const meant = this.#meant.has(fold(name));
    if (this.#asked.size < MOST_REMEMBERED && name.length <= LONGEST_REMEMBERED) this.#asked.set(name, meant);
    return meant;
  }

  /** @returns the name that `name` could be taken for */
  meantBy(name: string): string | undefined {
    return this.#meant.get(fold(name));
  }
}
