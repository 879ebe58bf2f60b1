/** Filters a page of rows in turns, as far as the budget allows. */
import type { IndexRow } from '../../index/record-index.ts';
import type { StartTurn } from '../../turns.ts';
import type { ReadBudget } from './budget.ts';
import type { Candidate, RowFilter } from './row-filter.ts';

export interface FilterRowsOptions {
  readonly rowFilter: Pick<RowFilter, 'selectRow'>;
  readonly budget: Pick<ReadBudget, 'isExhausted' | 'isLate'>;
  readonly startTurn: StartTurn;
}

export interface FilteredRows {
  readonly candidates: readonly Candidate[];
  /** How many of the rows were filtered: all, or as many as the budget allowed. */
  readonly filtered: number;
}

/** Rows that are filtered in any case, so that every page makes progress, however long a row takes … */
const minExhausted = 1;
/** … or however slow storage is: it may have taken all of the time. */
const minLate = 100;

export async function filterRows(
  { rowFilter, budget, startTurn }: FilterRowsOptions,
  rows: readonly IndexRow[],
): Promise<FilteredRows> {
  const candidates: Candidate[] = [];
  const turn = startTurn();
  let filtered = 0;
  for (const row of rows) {
    if (filtered >= minExhausted && budget.isExhausted()) break;
    if (filtered >= minLate && budget.isLate()) break;
    if (turn.isOver()) await turn.next();
    const candidate = rowFilter.selectRow(row);
    if (candidate !== undefined) candidates.push(candidate);
    filtered++;
  }
  return { candidates, filtered };
}
