import type { Clock } from '../../platform/time.js';
import { allowancesOf, drained, released, shortageOf, taken, type Meter } from './meter.pure.js';
import type { Allowances, RateClaim, RateLimits, Shortage } from './rate-limits.js';

interface Metered {
  readonly limits: RateLimits;
  readonly meter: Meter;
}

/** The meters of a lone process: one for each key with limits that made calls within the last minute. */
export class MemoryLimits {
  private readonly byKey = new Map<string, Metered>();

  constructor(private readonly clock: Clock) {}

  /** @returns null where the call may be made */
  shortage(claim: RateClaim): Shortage | null {
    return shortageOf(this.meterOf(claim), claim);
  }

  /** @returns what is left */
  take(claim: RateClaim): Allowances {
    const meter = taken(this.meterOf(claim), claim);
    this.byKey.set(claim.keyId, { limits: claim.limits, meter });
    return allowancesOf(meter, claim.limits);
  }

  /** @param used tokens in the end; null: the call was never made */
  release(claim: RateClaim, used: number | null): void {
    const limits = this.byKey.get(claim.keyId)?.limits ?? claim.limits;
    this.byKey.set(claim.keyId, { limits, meter: released(this.meterOf(claim), claim, used) });
  }

  /** Forgets the keys whose limits are whole again. */
  sweep(): void {
    const now = this.clock.now();
    for (const [keyId, { limits, meter }] of this.byKey) {
      const { requests, tokens, parallel } = drained(meter, limits, now);
      if (requests === 0 && tokens === 0 && parallel === 0) this.byKey.delete(keyId);
    }
  }

  private meterOf({ keyId }: RateClaim): Meter {
    const now = this.clock.now();
    const known = this.byKey.get(keyId);
    return known === undefined
      ? { requests: 0, tokens: 0, parallel: 0, at: now }
      : drained(known.meter, known.limits, now);
  }
}
