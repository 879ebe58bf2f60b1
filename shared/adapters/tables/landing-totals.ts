/** Sums over rows of landings. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { afterLandings, landingStamp } from '../../landing/landing-names.ts';
import type { ImportTotals, LandingTotals } from '../../landing/landing.ts';
import { landingTable as table } from './landing-keys.ts';
import type { Tables } from './tables.ts';

const counted = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  indexed: z.number().default(0),
  duplicates: z.number().default(0),
  notUnderstood: z.number().default(0),
  importId: z.string().optional(),
});

const ofImport = z.object({
  state: z.string(),
  indexed: z.number().default(0),
  pastRetention: z.number().default(0),
});

/** Over landings of the feed of this moment and later. */
export async function sumOfFeed(tables: Tables, tenantId: string, since: Date): Promise<LandingTotals> {
  const filter = landedSince(tenantId, since);
  const select = Object.keys(counted.shape);
  const rows = (await tables.all(table, { filter, select })).map((entity) => counted.parse(entity));
  const ofFeed = rows.filter(({ importId }) => importId === undefined);
  const sum = (name: Exclude<keyof z.infer<typeof counted>, 'importId'>) =>
    ofFeed.reduce((total, row) => total + row[name], 0);
  return {
    contentBlobs: sum('contentBlobs'),
    recordsLanded: sum('records'),
    recordsIndexed: sum('indexed'),
    duplicates: sum('duplicates'),
    notUnderstood: sum('notUnderstood'),
  };
}

export async function sumOfImport(
  tables: Tables,
  { tenantId, importId, since }: { tenantId: string; importId: string; since: Date },
): Promise<ImportTotals> {
  const filter = `${landedSince(tenantId, since)} and ${odata`importId eq ${importId}`}`;
  const select = Object.keys(ofImport.shape);
  const rows = (await tables.all(table, { filter, select })).map((entity) => ofImport.parse(entity));
  const indexed = rows.filter(({ state }) => state === 'indexed');
  const recordsIndexed = indexed.reduce((total, row) => total + row.indexed, 0);
  const pastRetention = indexed.reduce((total, row) => total + row.pastRetention, 0);
  return { landings: rows.length, indexedLandings: indexed.length, recordsIndexed, pastRetention };
}

function landedSince(tenantId: string, since: Date): string {
  return odata`PartitionKey eq ${tenantId} and RowKey ge ${landingStamp(since)} and RowKey lt ${afterLandings}`;
}
