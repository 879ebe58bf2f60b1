/** Answers scans from the pieces of a segment, as a table of the same rows would. */
import { inBatches } from '../../in-batches.ts';
import type { Dimension } from '../keys.ts';
import { meetsTerms } from '../match-columns.ts';
import type { IndexRow, Scan } from '../record-index.ts';
import { createBlockReader, type PlacedBlock } from './block-reader.ts';
import type { CachedReads } from './cached-reads.ts';
import { firstWithLast, type Directories } from './directory.ts';
import type { Manifest } from './manifest.ts';
import { isStoredColumn } from './match-section.ts';
import { blockRows } from './write-piece.ts';

export type SegmentScan = Omit<Scan, 'month' | 'token'>;

export interface SegmentPage {
  readonly rows: readonly IndexRow[];
  /** All rows up to this key were examined, and there may be others; undefined: all rows were. */
  readonly through: string | undefined;
}

export interface Segment {
  /** Examines at least one row, if there is one. */
  scan(scan: SegmentScan): Promise<SegmentPage>;
  getRow(dimension: Dimension, rowKey: string): Promise<IndexRow | undefined>;
}

/** Rows that a scan examines at most: storage's own pages end as well where few rows match. */
const maxExamined = 16_384;
/** Blocks read at once where few rows may match. */
const blocksAtOnce = 16;

type Range = Pick<Scan, 'dimension' | 'after' | 'before'>;

export function openSegment(reads: CachedReads, directories: Directories, { pieces }: Manifest): Segment {
  const blocks = createBlockReader(reads, pieces);

  /** Blocks that may hold rows of the range, in order. */
  async function* blocksOf({ dimension, after, before }: Range): AsyncGenerator<PlacedBlock> {
    for (const piece of pieces) {
      if (piece.dimension !== dimension || piece.last <= after) continue;
      if (piece.after >= before) return;
      let previous = piece.after;
      for (const entry of await directories(piece)) {
        if (previous >= before) return;
        if (entry.last > after) yield { piece, entry };
        previous = entry.last;
      }
    }
  }

  return {
    async scan(scan) {
      const { after, before, pageSize, withTexts } = scan;
      const where = scan.where.filter(({ column }) => isStoredColumn(column));
      const found: IndexRow[] = [];
      let examined = 0;
      const most = () => (where.length > 0 ? Infinity : pageSize - found.length);
      for await (const group of inBatches(blocksOf(scan), groupSize(pageSize, where.length > 0))) {
        for (const block of await blocks.read(group, withTexts)) {
          for (const row of await blocks.rowsBetween(block, { after, before, most: most() })) {
            examined++;
            if (meetsTerms(row.match, where)) found.push(row);
            if (found.length >= pageSize || examined >= maxExamined)
              return { rows: found, through: row.rowKey };
          }
        }
      }
      return { rows: found, through: undefined };
    },
    async getRow(dimension, rowKey) {
      const piece = pieces.find(
        (one) => one.dimension === dimension && one.after < rowKey && one.last >= rowKey,
      );
      const entries = piece === undefined ? [] : await directories(piece);
      const entry = entries[firstWithLast(entries, rowKey)];
      if (piece === undefined || entry === undefined) return undefined;
      const [block] = await blocks.read([{ piece, entry }], true);
      return block && (await blocks.rowIn(block, rowKey));
    },
  };
}

/** As many blocks as a page needs, most often. */
function groupSize(pageSize: number, isFiltered: boolean): number {
  return isFiltered ? blocksAtOnce : Math.min(blocksAtOnce, 1 + Math.ceil(pageSize / blockRows));
}
