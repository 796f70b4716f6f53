// Bounds on what a provider can make us keep. The real ones' heads have 1 to 4 kB and some 30 fields.

/** A head or a trailer, whole. */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_FIELDS = 128;
/** The line in front of a chunk: size and extensions. */
export const MAX_CHUNK_LINE_BYTES = 1024;
/** 1xx replies in front of the real one. */
export const MAX_INTERIM_REPLIES = 32;
