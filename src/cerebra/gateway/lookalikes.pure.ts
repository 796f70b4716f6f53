/**
 * What some readers take for the same name: Go's ignores case, by Unicode's folding; protobuf's takes `max_tokens` for
 * `maxTokens`.
 */
const fold = (name: string): string =>
  name.toLowerCase().replaceAll('_', '').replaceAll('\u017f', 's').replaceAll('\u212a', 'k');

/** A set of names, and all that could be taken for one of them. */
export class Lookalikes {
  readonly #meant: ReadonlyMap<string, string>;

  constructor(names: ReadonlySet<string>) {
    this.#meant = new Map([...names].map((name) => [fold(name), name]));
  }

  has(name: string): boolean {
    return this.#meant.has(fold(name));
  }

  /** @returns the name that `name` could be taken for */
  meantBy(name: string): string | undefined {
    return this.#meant.get(fold(name));
  }
}
