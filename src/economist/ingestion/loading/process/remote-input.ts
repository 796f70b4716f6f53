import type { FocusRow } from '../../../sources/cost-source.js';
import type { Inbox } from './inbox.js';
import type { Order, Report } from './messages.js';

/** What the parent reads, and is asked for from here. */
export class RemoteInput {
  constructor(
    private readonly inbox: Inbox,
    private readonly report: (report: Report) => void,
  ) {}

  /** From the first byte each time. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#pieces()) if (piece.kind === 'chunk') yield piece.bytes;
  }

  async *rows(): AsyncGenerator<readonly FocusRow[]> {
    for await (const piece of this.#pieces()) if (piece.kind === 'rows') yield piece.rows;
  }

  async *#pieces(): AsyncGenerator<Order> {
    for (let isFirst = true; ; isFirst = false) {
      this.report({ kind: 'next', isFirst });
      const order = await this.inbox.next();
      if (order.kind === 'end') return;
      yield order;
    }
  }
}
