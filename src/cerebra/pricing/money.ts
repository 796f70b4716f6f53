declare const nanoBrand: unique symbol;
declare const picoBrand: unique symbol;

/** 10⁻⁹ USD in a double; exact up to 2⁵³, which is 9.0 million dollars. Budgets count in it. */
export type NanoUsd = number & { readonly [nanoBrand]: true };
/** 10⁻¹² USD. Unit prices lie below a nano-dollar per token, so costs are exact in this unit. */
export type PicoUsd = bigint & { readonly [picoBrand]: true };

// The two places where the brands are given.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const nanoUsd = (amount: number): NanoUsd => amount as NanoUsd;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const picoUsd = (amount: bigint): PicoUsd => amount as PicoUsd;

/** The largest amount that a budget can hold: beyond it a double no longer counts single nano-dollars. */
export const MAX_NANO_USD = nanoUsd(Number.MAX_SAFE_INTEGER);

const PICO_PER_NANO = 1_000n;

/** Rounded up: a budget's counter may say a nano-dollar too much, never too little. */
export const toNanoUsd = (cost: PicoUsd): NanoUsd => nanoUsd(Number((cost + PICO_PER_NANO - 1n) / PICO_PER_NANO));

/** Of whole nano-dollars. */
export const toPicoUsd = (amount: NanoUsd): PicoUsd => picoUsd(BigInt(amount) * PICO_PER_NANO);

/** Exact decimal with twelve places, as `cost_usd_exact` shows it. */
export function toExactUsd(cost: PicoUsd): string {
  const digits = cost.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}
