/** What a file may ask of us, whatever it holds. */
export interface ReadingLimits {
  /** Bytes of one unpacked file. */
  readonly unpackedBytes: number;
}

/** FOCUS has 57 columns, the widest report of a provider some hundreds. */
export const MOST_COLUMNS = 4_096;
/** Bytes. The longest that bills hold are tags, some kilobytes. */
export const LONGEST_CELL = 1024 ** 2;
/** Bytes of a record, or of the heading. */
export const LONGEST_RECORD = 4 * 1024 ** 2;

/** Cost reports shrink by 10 to 40 times; a file that was made to fill memory, by 1,000. */
export const HIGHEST_RATIO = 100;
/** Unpacked bytes until which any ratio goes. */
export const RATIO_COUNTS_FROM = 64 * 1024 ** 2;
