import type { MessagePort } from 'node:worker_threads';
import { isOrder, type Order } from './messages.js';

/** What the loader says, one message after the other. */
export class Inbox {
  /** Never more than one: the loader only answers. */
  readonly #waiting: Order[] = [];
  #arrived: (order: Order) => void = (order) => void this.#waiting.push(order);

  constructor(port: MessagePort) {
    port.on('message', (message: unknown) => {
      if (isOrder(message)) this.#arrived(message);
    });
  }

  async next(): Promise<Order> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const keep = this.#arrived;
    const order = await new Promise<Order>((resolve) => (this.#arrived = resolve));
    this.#arrived = keep;
    return order;
  }
}
