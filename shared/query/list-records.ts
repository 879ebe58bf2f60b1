/** Reads one page of filtered records, in either order of time. */
import type { FoundRecord } from './found-record.ts';
import { readAscending } from './read-ascending.ts';
import { executeQuery, openReader, type QueryDeps, type QueryExecution } from './reading/execute-query.ts';
import type { ListOptions, ReadPage, RecordPage } from './record-page.ts';

/**
 * A page ends at `top`, at its budget, or with the last record. One that ends at its budget may hold fewer records,
 * even none; following `next` reaches the end in any case.
 * @throws when storage fails
 */
export async function listRecords(deps: QueryDeps, options: ListOptions): Promise<RecordPage> {
  const { position, ...query } = options;
  const snapshot = position.snapshot ?? deps.now();
  // The first page is not limited to the snapshot: clocks of machines differ.
  const { completeThrough } = position;
  const execution = executeQuery(deps, { ...query, snapshot: position.snapshot, completeThrough });
  const read = options.order === 'asc' ? readAscending : readDescending;
  const { records, next } = await read(execution, options);
  const page = { records, ...execution.budget.cost };
  return next === undefined ? page : { ...page, next: { ...next, snapshot } };
}

async function readDescending(
  execution: QueryExecution,
  { top, position, room }: ListOptions,
): Promise<ReadPage> {
  const records: FoundRecord[] = [];
  const reader = await openReader(execution, {
    range: execution.range,
    cursors: position.cursors ?? {},
    // One more shows whether there is a next page.
    wanted: () => top + 1 - records.length,
  });
  for (;;) {
    const state = await reader.advance();
    if (state === 'end') return { records };
    if (state === 'blocked' || records.length === top)
      return { records, next: { cursors: reader.cursors() } };
    const before = room && reader.cursors();
    const record = reader.take();
    if (record === undefined) continue;
    if (before !== undefined && room !== undefined && !(await room.take(record, execution.budget)))
      return { records, next: { cursors: before } };
    records.push(record);
  }
}
