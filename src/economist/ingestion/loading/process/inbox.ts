import { isOrder, type Order } from './messages.js';

/** What the parent says, one message after the other. */
export class Inbox {
  /** Never more than one: the parent only answers. */
  readonly #waiting: Order[] = [];
  #wanted: ((order: Order) => void) | null = null;

  constructor() {
    process.on('message', (message: unknown) => {
      if (!isOrder(message)) return;
      if (this.#wanted === null) this.#waiting.push(message);
      else this.#wanted(message);
      this.#wanted = null;
    });
  }

  async next(): Promise<Order> {
    return this.#waiting.shift() ?? new Promise((resolve) => (this.#wanted = resolve));
  }
}
