import { Injectable } from '@nestjs/common';

/** What a run has changed in the ledger. */
export interface LedgerChange {
  readonly runId: string;
  readonly sourceId: string;
  /** Billing months of the slices that are new or other than before, `YYYY-MM`, in order. */
  readonly months: readonly string[];
}

/** Something that has to be done whenever the ledger has changed. */
export interface AfterSwap {
  /** For the log. */
  readonly name: string;
  /** May come again for the same change, and so must be safe to repeat. */
  run(change: LedgerChange, signal: AbortSignal): Promise<void>;
}

/** Those who want to be told; they add themselves while their modules are built. Called in the order of their coming. */
@Injectable()
export class AfterSwaps {
  private readonly listeners: AfterSwap[] = [];

  add(listener: AfterSwap): void {
    this.listeners.push(listener);
  }

  all(): readonly AfterSwap[] {
    return this.listeners;
  }
}
