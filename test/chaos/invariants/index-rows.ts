/** The index is, row for row, that of a run in which nothing failed. */
import { tablePrefix } from '../../../shared/index/keys.ts';
import { unpackSummary } from '../../../shared/index/packing.ts';
import type { World } from '../world/world.ts';
import { differences, type Outcome } from './invariant.ts';

/**
 * What depends on when, and with what else, a record landed: the landing of a claim and the line there, the time at which
 * a record was ingested (in `d`), and where an oversized text is (`p`). docs/nothing-lost.md names them.
 */
const volatileColumns: ReadonlySet<string> = new Set(['etag', 'timestamp', 'l', 'k', 'p']);

export async function checkIndexRows(world: World, faultless: World): Promise<Outcome> {
  const problems: string[] = [];
  let rows = 0;
  for (const tenantId of world.tenantIds) {
    const [given, wanted] = [await rowsOf(world, tenantId), await rowsOf(faultless, tenantId)];
    rows += wanted.length;
    problems.push(...differences(wanted, given, (row) => row.slice(0, 300)));
  }
  return { name: 'index rows equal those of a faultless run', detail: `${rows} rows`, problems };
}

async function rowsOf({ stored }: World, tenantId: string): Promise<readonly string[]> {
  const prefix = tablePrefix(tenantId);
  const rows: string[] = [];
  for (const name of await stored.tables.names(prefix, `${prefix}zzzz`)) {
    for (const entity of await stored.tables.all(name, { filter: '' })) {
      const columns = Object.entries(entity).filter(([column]) => !volatileColumns.has(column));
      const plain = columns.map(([column, value]) => [column, printable(value, column, tenantId)]);
      rows.push(`${name.slice(prefix.length)} ${JSON.stringify(plain.sort())}`);
    }
  }
  return rows;
}

function printable(value: unknown, column: string, tenantId: string): unknown {
  if (!(value instanceof Uint8Array)) return String(value);
  if (column !== 'd') return Buffer.from(value).toString('base64');
  const { ingestedDateTime, ...summary } = unpackSummary(value, tenantId);
  return { ...summary, isIngested: ingestedDateTime.getTime() > 0 };
}
