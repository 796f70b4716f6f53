/** So many a minute, refilled at once when the minute is over. */
export class Allowance {
  private left: number;
  private minute = Number.NEGATIVE_INFINITY;
  private passedOver = 0;

  constructor(
    private readonly perMinute: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.left = perMinute;
  }

  /** @returns false when there is none left */
  take(): boolean {
    const minute = Math.floor(this.nowMs() / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.left = this.perMinute;
    }
    if (this.left === 0) {
      this.passedOver += 1;
      return false;
    }
    this.left -= 1;
    return true;
  }

  /** @returns how many were refused since this was last asked */
  takePassedOver(): number {
    const count = this.passedOver;
    this.passedOver = 0;
    return count;
  }
}
