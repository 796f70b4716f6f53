/**
 * Emitted on a listener's server when the deadline of its drain has come: what still runs can say why it ends,
 * before its connection is cut.
 */
export const OVERDUE = 'overdue';

/** How long what was said then may take to leave. */
export const LAST_WORDS_MS = 100;
