/** What goes wrong with one call. */
export type Fault =
  /** Answered here; the server never sees it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: object;
    }
  /** The connection breaks before an answer; with `after`, once the server has done what was asked. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** The answer ends in the middle, after so many bytes of its body. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The answer comes in pieces of so many bytes, with a pause after each. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Nothing comes any more after so many bytes of the body, on a connection that stays open. */
  | { readonly kind: 'stall'; readonly bytes: number };

/** Answers as the API server words them. */
export const statusAnswer = (code: number, reason: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status: code,
  headers,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `test: ${reason}`, reason, code },
});
