/** Reads blocks, and the rows that thin blocks refer to. */
import { positionOfKey } from '../keys.ts';
import type { IndexRow } from '../record-index.ts';
import { decodeBlock, decodeTexts, type Block, type ThinRow } from './block.ts';
import type { CachedReads, FileRange } from './cached-reads.ts';
import type { DirectoryEntry } from './directory.ts';
import { textsName, type Piece } from './manifest.ts';

export interface PlacedBlock {
  readonly piece: Piece;
  readonly entry: DirectoryEntry;
}

interface KeyRange {
  /** Row keys greater than this … */
  readonly after: string;
  /** … and less than this. */
  readonly before: string;
  /** The first ones. */
  readonly most: number;
}

export interface BlockReader {
  /** Rows of `time` get their texts only if these are wanted. */
  read(placed: readonly PlacedBlock[], withTexts: boolean): Promise<readonly Block[]>;
  rowsBetween(block: Block, range: KeyRange): Promise<readonly IndexRow[]>;
  rowIn(block: Block, rowKey: string): Promise<IndexRow | undefined>;
}

/** @param pieces of the segment, in the order to which thin blocks refer */
export function createBlockReader(reads: CachedReads, pieces: readonly Piece[]): BlockReader {
  const rowsOf = async (block: Block, select: (row: { readonly rowKey: string }) => boolean, most: number) =>
    block.kind === 'full'
      ? block.rows.filter(select).slice(0, most)
      : await resolve(block.rows.filter(select).slice(0, most));

  /** Under the keys of the thin rows, what the rows of the same records in `time` hold. */
  async function resolve(thin: readonly ThinRow[]): Promise<readonly IndexRow[]> {
    const places = [...new Map(thin.map(({ at }) => [`${at.piece} ${at.offset}`, at])).values()];
    const ranges = places.map(({ piece, offset, length }): FileRange => ({
      name: pieces[piece]?.name ?? '',
      offset,
      length,
    }));
    const wanted = new Set(thin.map(({ rowKey }) => positionOfKey(rowKey)));
    const rows = new Map<string, IndexRow>();
    for (const bytes of await reads.readAll(ranges)) {
      const block = await decodeBlock(bytes);
      for (const row of block.kind === 'full' ? block.rows : [])
        if (wanted.has(row.rowKey)) rows.set(row.rowKey, row);
    }
    return thin.map(({ rowKey }) => {
      const row = rows.get(positionOfKey(rowKey));
      if (row === undefined)
        throw new Error('A segment is damaged: it lacks the row that a thin block names.');
      return { rowKey, match: row.match, summary: row.summary };
    });
  }

  return {
    async read(placed, withTexts) {
      const ranges = placed.flatMap((one) => [blockRange(one), ...(withTexts ? [textRange(one)] : [])]);
      const bytes = await reads.readAll(ranges);
      const step = withTexts ? 2 : 1;
      return await Promise.all(
        placed.map(async (_, at) =>
          withTextsOf(
            await decodeBlock(bytes[at * step] ?? Buffer.alloc(0)),
            withTexts ? bytes[at * 2 + 1] : undefined,
          ),
        ),
      );
    },
    rowsBetween: (block, { after, before, most }) =>
      rowsOf(block, ({ rowKey }) => rowKey > after && rowKey < before, most),
    rowIn: async (block, wanted) => (await rowsOf(block, ({ rowKey }) => rowKey === wanted, 1))[0],
  };
}

function blockRange({ piece: { name }, entry: { offset, length } }: PlacedBlock): FileRange {
  return { name, offset, length };
}

/** Of length 0 in dimensions without texts: then nothing is read. */
function textRange({ piece, entry: { textOffset: offset, textLength: length } }: PlacedBlock): FileRange {
  return { name: textsName(piece), offset, length };
}

async function withTextsOf(block: Block, encoded: Buffer | undefined): Promise<Block> {
  if (encoded === undefined || encoded.length === 0 || block.kind === 'thin') return block;
  const texts = await decodeTexts(encoded);
  const rows = block.rows.map((row, at) => {
    const text = texts.get(at);
    return text === undefined ? row : { ...row, text };
  });
  return { kind: 'full', rows };
}
