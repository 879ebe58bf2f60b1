/** Answers a filtered question: one page of records, in either order of time. */
import type { FoundRecord } from './found-record.ts';
import { readAscending } from './read-ascending.ts';
import { ask, openReader, type AskDeps, type Asking } from './reading/ask.ts';
import type { ListOptions, ReadPage, RecordPage } from './record-page.ts';

/**
 * A page ends at `top`, at its budget, or with the last record. One that ends at its budget may hold fewer records,
 * even none, and following `next` comes to the end all the same.
 * @throws when storage fails
 */
export async function listRecords(deps: AskDeps, options: ListOptions): Promise<RecordPage> {
  const { position, ...question } = options;
  const snapshot = position.snapshot ?? deps.now();
  // The first page is whole: clocks of machines differ.
  const asking = ask(deps, { ...question, snapshot: position.snapshot });
  const read = options.order === 'asc' ? readAscending : readDescending;
  const { records, next } = await read(asking, options);
  const page = { records, ...asking.budget.cost };
  return next === undefined ? page : { ...page, next: { ...next, snapshot } };
}

async function readDescending(asking: Asking, { top, position }: ListOptions): Promise<ReadPage> {
  const records: FoundRecord[] = [];
  const reader = await openReader(asking, {
    range: asking.range,
    places: position.places ?? {},
    // One more tells whether there is a next page.
    wanted: () => top + 1 - records.length,
  });
  for (;;) {
    const state = await reader.advance();
    if (state === 'end') return { records };
    if (state === 'blocked' || records.length === top) return { records, next: { places: reader.places() } };
    const record = reader.take();
    if (record !== undefined) records.push(record);
  }
}
