/**
 * On every reply. Always made here (UUID v7), never taken from the caller: rows are named by it, and a caller
 * that could choose it could overwrite, or hide, one of them.
 */
export const REQUEST_ID_HEADER = 'x-oco-request-id';
