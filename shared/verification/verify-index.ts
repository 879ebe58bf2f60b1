/** Reads all rows of the index, or a sample of them, in the order of months and dimensions. */
import { dimensions, type Month } from '../index/keys.ts';
import type { IndexRow, RecordIndex, WholeRows } from '../index/record-index.ts';
import type { Difference } from './difference.ts';
import { pageStart, placeAfter, placeOf, type IndexPlace } from './index-place.ts';

export interface VerifyIndexDeps {
  readonly index: Pick<RecordIndex, 'months'> & WholeRows;
}

export interface WantedIndex {
  readonly tenantId: string;
  /** The first month. */
  readonly from: Month;
  /** The last month; absent: the newest. */
  readonly through?: Month | undefined;
  /** Selects a page of each month and dimension; absent: all rows are read. */
  readonly sampleSeed?: string | undefined;
  /** Where an earlier run ended. */
  readonly after?: string | undefined;
  /** @returns what is wrong with rows of one month and dimension */
  readonly check: CheckRows;
}

export type CheckRows = (place: IndexPlace, rows: readonly IndexRow[]) => Promise<readonly Difference[]>;

/** Whether the rows of a month are read. */
export function isWanted(
  { from, through = '9' }: Pick<WantedIndex, 'from' | 'through'>,
  month: Month,
): boolean {
  return month >= from && month <= through;
}

export interface IndexPage {
  readonly differences: readonly Difference[];
  readonly rows: number;
  /** Where to continue after it. */
  readonly after: string;
}

const maxPageRows = 1000;

/** A page of at most a thousand rows at a time, in the order of months and dimensions. @throws Error when storage fails */
export async function* verifyIndex(deps: VerifyIndexDeps, wanted: WantedIndex): AsyncGenerator<IndexPage> {
  const { tenantId, sampleSeed, after, check } = wanted;
  const months = (await deps.index.months(tenantId)).filter((month) => isWanted(wanted, month));
  const begun = placeOf(after);
  for (const month of months.toSorted())
    for (const dimension of dimensions)
      for (let start = pageStart({ month, dimension }, begun, sampleSeed); start !== undefined;) {
        const range = { month, dimension, from: start, through: '~', limit: maxPageRows };
        const page = await deps.index.wholeRows(tenantId, range);
        const last = page.at(-1)?.rowKey ?? start;
        const isEnd = page.length < maxPageRows || sampleSeed !== undefined;
        start = isEnd ? undefined : `${last}!`;
        const differences = await check({ month, dimension }, page);
        yield {
          rows: page.length,
          differences,
          after: placeAfter({ month, dimension }, isEnd ? undefined : last),
        };
      }
}
