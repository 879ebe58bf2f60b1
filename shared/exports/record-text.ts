/** Reads the exact texts of many records with few requests. */
import pMap from 'p-map';
import { exactText } from '../index/exact-text.ts';
import { monthOf, type Month } from '../index/keys.ts';
import type { MatchTerm } from '../index/match-columns.ts';
import type { IndexRow, RecordIndex } from '../index/record-index.ts';
import type { RawStore } from '../landing/landing.ts';
import { positionOf, positionOfRow, type FoundRecord } from '../query/found-record.ts';

export interface TextReaderDeps {
  readonly index: RecordIndex;
  readonly raw: RawStore;
}

/** The texts of one page of records; rows are held packed, so that only one text at a time is large. */
export interface TextReader {
  /**
   * Reads the rows that hold the texts.
   * @param where records stand together in order of time but for what this leaves out; undefined: they do not
   */
  prepare(records: readonly FoundRecord[], where: readonly MatchTerm[] | undefined): Promise<void>;
  /** @throws Error when the text is not where the index says */
  read(record: FoundRecord): Promise<Buffer>;
}

const pointReadsAtOnce = 16;
/** Where so many pages of rows do not hold all that are wanted, each of the others is worth a request of its own. */
const maxScans = 3;
const scanRows = 1000;

export function createTextReader({ index, raw }: TextReaderDeps, tenantId: string): TextReader {
  const rows = new Map<string, IndexRow>();

  async function scan(month: Month, records: readonly FoundRecord[], where: readonly MatchTerm[]) {
    const positions = records.map(positionOf);
    const wanted = new Set(positions);
    // Keys are greater than a position's moment, and `!` sorts before all that could follow an id.
    const range = { after: positions[0]?.slice(0, 13) ?? '', before: `${positions.at(-1) ?? ''}!` };
    let token: string | undefined;
    for (let scans = 0; scans < maxScans; scans++) {
      const query = { dimension: 'time', month, where, pageSize: scanRows, token, withTexts: true } as const;
      const page = await index.scan(tenantId, { ...range, ...query });
      for (const row of page.rows) if (wanted.has(positionOfRow(row))) rows.set(positionOfRow(row), row);
      token = page.token;
      if (token === undefined) return;
    }
  }

  async function rowOf(record: FoundRecord): Promise<IndexRow> {
    const position = positionOf(record);
    const found =
      rows.get(position) ?? (await index.getRow(tenantId, monthOf(record.createdDateTime), 'time', position));
    if (found === undefined) throw new Error('A record has no row that holds its text.');
    return found;
  }

  return {
    async prepare(records, where) {
      if (where !== undefined) for (const [month, some] of byMonth(records)) await scan(month, some, where);
      const missing = records.filter((record) => !rows.has(positionOf(record)));
      await pMap(missing, async (record) => rows.set(positionOf(record), await rowOf(record)), {
        concurrency: pointReadsAtOnce,
      });
    },
    async read(record) {
      return await exactText(raw, await rowOf(record));
    },
  };
}

function byMonth(records: readonly FoundRecord[]): ReadonlyMap<Month, readonly FoundRecord[]> {
  const months = new Map<Month, FoundRecord[]>();
  for (const record of records) {
    const month = monthOf(record.createdDateTime);
    months.set(month, [...(months.get(month) ?? []), record]);
  }
  return months;
}
