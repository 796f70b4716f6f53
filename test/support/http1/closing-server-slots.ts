// What the two threads of closing-server.ts share: 32-bit numbers, by their places.

export const PORT = 0;
/** To close the connection of the latest reply: 0 no order, else how. */
export const ORDER = 1;
/** 1: it has closed. */
export const CLOSED = 2;
/** 1: it closes after each reply by itself. */
export const EACH = 3;
/** From here on: how often each path, a number, has been asked for. */
export const SEEN = 4;
export const PATHS = 1_000;

export const CLOSE = 1;
export const RESET = 2;
