declare const brand: unique symbol;

/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number & { readonly [brand]: true };

/** Injected where time decides something, so that tests can set it. */
export interface Clock {
  now(): Instant;
}

/** @param milliseconds since the Unix epoch */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where the brand is given
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

export const systemClock: Clock = { now: () => instant(Date.now()) };

export const toIso = (time: Instant): string => new Date(time).toISOString();
