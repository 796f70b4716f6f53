import { describe, expect, it } from '@jest/globals';
import { Cell } from './cell.js';
import { CsvTokenizer } from './csv-tokenizer.js';
import { MALFORMED, RecordBatch } from './record-batch.js';

interface ReadRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly isMalformed: boolean;
}

/** Reads a text that arrives in pieces, as the reader does it: what was not taken is shown again. */
function read(text: string, columns: number, separator = ',', pieceEnds: readonly number[] = []): ReadRecord[] {
  const bytes = Buffer.from(text);
  const tokenizer = new CsvTokenizer(separator.charCodeAt(0));
  const batch = new RecordBatch(columns, 2);
  const found: ReadRecord[] = [];
  let window = Buffer.alloc(0);
  let from = 0;
  for (const end of [...pieceEnds, bytes.length]) {
    window = Buffer.concat([window, bytes.subarray(from, end)]);
    from = end;
    for (let taken = -1; taken !== 0 && window.length > 0; window = window.subarray(taken)) {
      taken = tokenizer.read(window, window.length, end === bytes.length, batch);
      found.push(...recordsOf(batch));
    }
  }
  return found;
}

function recordsOf(batch: RecordBatch): ReadRecord[] {
  const cell = new Cell();
  return Array.from({ length: batch.records }, (_, record) => ({
    line: batch.lines[record] ?? 0,
    isMalformed: batch.states[record] === MALFORMED,
    cells: Array.from({ length: batch.columns }, (__, column) => {
      batch.place(cell, record, column);
      return cell.text();
    }),
  }));
}

const cellsOf = (text: string, columns: number, separator?: string): (readonly string[])[] =>
  read(text, columns, separator).map(({ cells }) => cells);

describe('the CSV tokenizer', () => {
  it.each([
    [
      'plain cells',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a last record without a line end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR alone',
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty cells',
      ',\n"",\n',
      [
        ['', ''],
        ['', ''],
      ],
    ],
    ['quoted separators and line ends', '"a,b","c\r\nd"\n', [['a,b', 'c\r\nd']]],
    ['pairs of quotes', '"{""k"":""v""}","""x"""\n', [['{"k":"v"}', '"x"']]],
    ['quotes within a cell that does not start with one', '5" disk,a"b\n', [['5" disk', 'a"b']]],
    ['letters beyond ASCII', 'ü,"日本"\n', [['ü', '日本']]],
    [
      'blank lines, skipped',
      '\na,b\n\n\r\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(cellsOf(text, 2)).toEqual(expected);
  });

  it.each([';', '\t', '|'])('reads cells that are parted by %j', (separator) => {
    expect(cellsOf(`a,1${separator}b\n`, 2, separator)).toEqual([['a,1', 'b']]);
  });

  it('tells the line on which a record starts, those within quotes counted', () => {
    const lines = read('h,i\r\n"a\nb","c\r\nd\re"\n\nf,g\n', 2).map(({ line }) => line);
    expect(lines).toEqual([1, 2, 7]);
  });

  it.each([
    ['too many cells', 'a,b,c\n'],
    ['too few cells', 'a\n'],
    ['a quote that was not doubled', '"a "b" c",d\n'],
    ['a quote that is never closed', '"a,b\nc,d\n'],
  ])('marks a record with %s', (_, text) => {
    expect(read(text, 2).map(({ isMalformed }) => isMalformed)).toEqual([true]);
  });

  it('goes on behind a malformed record', () => {
    expect(read('"a "b,c\nd,e\n', 2).map(({ isMalformed }) => isMalformed)).toEqual([true, false]);
  });

  it('gives the same records wherever the bytes are split', () => {
    const text = 'h,i\r\n"a ""q"" ü","x\r\ny"\r\n,""\n\n"{""k"":""v""}",5" \rlast,"日本"';
    const whole = read(text, 2);
    expect(whole).toHaveLength(5);
    const { length } = Buffer.from(text);
    for (let first = 1; first < length; first += 1) {
      for (let second = first; second < length; second += 3) {
        expect(read(text, 2, ',', [first, second])).toEqual(whole);
      }
    }
  });

  it('refuses a cell of many megabytes, and says where it is', () => {
    expect(() => read(`a,b\n"${'x'.repeat(1_100_000)}`, 2)).toThrow(/line 2 is longer than 1048576 bytes/);
  });
});
