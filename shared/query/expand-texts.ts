/** Reads the exact texts of the records of a page, as far as there is room for them. */
import { exactText, textToSearch } from '../index/exact-text.ts';
import type { FoundRecord } from './found-record.ts';
import type { ReadBudget } from './reading/budget.ts';
import { whileHoldingLargeText } from './reading/held-texts.ts';
import type { TextDeps } from './reading/row-filter.ts';
import { timeRowOf } from './reading/time-row.ts';

/** The texts of a page, which is held in memory as a whole. */
const maxBytes = 4 * 1024 * 1024;
/** Most records of a page with texts: their rows are held as well. */
export const maxExpanded = 200;

/** Room for the texts of one page. */
export interface TextRoom {
  /**
   * Reads a record's text; false, and nothing taken, if the page is full or has spent its budget. The first record is
   * always taken, so that following next links ends.
   */
  take(record: FoundRecord, budget: ReadBudget): Promise<boolean>;
  /** Of a record that was taken; undefined if it alone is larger than a page may be, or is still being indexed. */
  textOf(record: FoundRecord): Buffer | undefined;
}

export function createTextRoom(deps: TextDeps): TextRoom {
  const texts = new Map<FoundRecord, Buffer | undefined>();
  let bytes = 0;
  return {
    async take(record, budget) {
      const isFirst = texts.size === 0;
      if (!isFirst && (bytes >= maxBytes || !isInHand(record, budget))) return false;
      const text = await readText(deps, record);
      if (text === undefined) {
        texts.set(record, undefined);
        return true;
      }
      const fits = text.length <= maxBytes;
      if (!isFirst && fits && bytes + text.length > maxBytes) return false;
      texts.set(record, fits ? text : undefined);
      bytes += fits ? text.length : 0;
      return true;
    },
    textOf: (record) => texts.get(record),
  };
}

/** Whether the budget allows the read that the text takes, if it takes one. */
function isInHand({ timeRow }: FoundRecord, budget: ReadBudget): boolean {
  if (budget.isLate()) return false;
  return timeRow?.text !== undefined || budget.spend('point');
}

/**
 * Undefined for a record that is still being indexed: the row that holds its text is written last.
 * @throws Error when the text is not where the index says
 */
async function readText(deps: TextDeps, record: FoundRecord): Promise<Buffer | undefined> {
  const row = await timeRowOf(deps.index, record);
  if (row === undefined) return undefined;
  if (row.text !== undefined) return await exactText(deps.raw, row);
  // One that is too large for a page is not shown, so its first 16 MiB are enough.
  return (await whileHoldingLargeText(() => textToSearch(deps.raw, row))).bytes;
}
