/** Records named by their ids: one claim and one row each, in any month. */
import pMap from 'p-map';
import type { RecordIndex } from '../../index/record-index.ts';
import type { StartTurn } from '../../turns.ts';
import { positionOf } from '../found-record.ts';
import type { ReadBudget } from './budget.ts';
import type { Cursor } from './cursor.ts';
import type { RecordStream } from './record-stream.ts';
import { filterRows } from './filter-rows.ts';
import type { Candidate, RowFilter } from './row-filter.ts';
import { readTimeRow } from './time-row.ts';

const readsAtOnce = 16;

/** A GUID, or an id derived from the record's content. */
export const recordIdPattern = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|x-[0-9a-f]{32})$/;

export interface IdStreamOptions {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly ids: readonly string[];
  readonly rowFilter: RowFilter;
  readonly budget: ReadBudget;
  readonly startTurn: StartTurn;
  readonly resume?: Cursor | undefined;
}

/** There are at most 100 ids, so all are read in one go and the budget only counts them. */
export function createIdStream(options: IdStreamOptions): RecordStream {
  const { budget, resume } = options;
  let found: readonly Candidate[] | undefined;
  let at = 0;
  let past = resume !== undefined && 'past' in resume ? resume.past : '';
  return {
    async advance() {
      found ??= (await readAll(options)).filter(({ record }) => positionOf(record) > past);
      return at < found.length ? 'record' : 'end';
    },
    peek: () => found?.[at]?.record,
    take() {
      budget.markProgress();
      const record = found?.[at++]?.record;
      if (record !== undefined) past = positionOf(record);
      return record;
    },
    cursor: () => (past === '' ? undefined : { past }),
  };
}

/** So few rows are all filtered. */
const unlimited = { isExhausted: () => false, isLate: () => false };

async function readAll(options: IdStreamOptions): Promise<readonly Candidate[]> {
  const { index, tenantId, budget, rowFilter, startTurn } = options;
  const wanted = options.ids.map((id) => id.trim().toLowerCase()).filter((id) => recordIdPattern.test(id));
  const ids = [...new Set(wanted)];
  budget.charge('point', ids.length);
  const claims = await index.readClaims(tenantId, ids);
  const positions = [...claims.values()].map(({ inverted, id }) => `${inverted}_${id}`).sort();
  budget.charge('point', positions.length);
  budget.countRows(positions.length);
  const rows = await pMap(positions, (position) => readTimeRow(index, tenantId, position), {
    concurrency: readsAtOnce,
  });
  const { candidates } = await filterRows(
    { rowFilter, startTurn, budget: unlimited },
    rows.flatMap((row) => row ?? []),
  );
  const decided = await pMap(candidates, (one) => rowFilter.decide(one), { concurrency: readsAtOnce });
  return decided.flatMap((candidate) => candidate ?? []);
}
