/** Finds the rows that must exist, with as few requests as their keys allow. */
import pMap from 'p-map';
import { groupBy } from '../group-by.ts';
import type { Dimension, Month } from '../index/keys.ts';
import type { IndexRow, WholeRows } from '../index/record-index.ts';

/** A row that must exist. */
export interface ExpectedRow {
  readonly month: Month;
  readonly dimension: Dimension;
  readonly rowKey: string;
  /** Gets the row, or undefined if there is none. */
  readonly check: (stored: IndexRow | undefined) => void;
}

export interface ReadExpectedDeps {
  readonly index: WholeRows;
  readonly tenantId: string;
  /** Requests in flight. */
  readonly concurrency: number;
}

/** Rows of one value that were written for the same stretch of time are neighbors: one request finds all of them. */
export async function readExpected(deps: ReadExpectedDeps, expected: readonly ExpectedRow[]): Promise<void> {
  await pMap(neighbors(expected), (group) => readGroup(deps, group), { concurrency: deps.concurrency });
}

/** Hash of a value, as row keys of all dimensions but `time` begin. */
const valueDigits = 16;

function neighbors(expected: readonly ExpectedRow[]): readonly (readonly ExpectedRow[])[] {
  const groups = groupBy(expected, ({ month, dimension, rowKey }) => {
    const value = dimension === 'time' ? '' : rowKey.slice(0, valueDigits);
    return `${month} ${dimension} ${value}`;
  });
  return [...groups.values()].map((group) => group.toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1)));
}

const maxPageRows = 1000;
/** Rows of other landings in between. */
const spareRows = 8;

/** From one key to the next: a page that is full ends somewhere before the last key, and what is between is skipped. */
async function readGroup(
  { index, tenantId }: ReadExpectedDeps,
  group: readonly ExpectedRow[],
): Promise<void> {
  let rest = group;
  for (let [first] = rest; first !== undefined; [first] = rest) {
    const through = rest.at(-1)?.rowKey ?? first.rowKey;
    const limit = Math.min(maxPageRows, 2 * rest.length + spareRows);
    const { month, dimension, rowKey: from } = first;
    const rows = await index.wholeRows(tenantId, { month, dimension, from, through, limit });
    const found = new Map(rows.map((row) => [row.rowKey, row]));
    const readThrough = rows.length < limit ? through : (rows.at(-1)?.rowKey ?? through);
    for (const row of rest) if (row.rowKey <= readThrough) row.check(found.get(row.rowKey));
    rest = rest.filter(({ rowKey }) => rowKey > readThrough);
  }
}
