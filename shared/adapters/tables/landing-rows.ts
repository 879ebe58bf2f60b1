/** The rows of landings, as a verification reads them. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { landingSchema, type LandingRow, type LandingRows } from '../../landing/landing.ts';
import { afterLandings } from '../../landing/landing-names.ts';
import { landingTable as table } from './landing-keys.ts';
import { pagesOf, type StoredEntity, type Tables } from './tables.ts';

const columns = landingSchema.omit({ landingId: true }).extend({
  rowKey: z.string(),
  state: z.string(),
  indexed: z.number().optional(),
  duplicates: z.number().optional(),
  pastRetention: z.number().optional(),
  link: z.number().optional(),
});

export function createLandingRows(tables: Tables): LandingRows {
  return {
    async rows(tenantId, { from, to, limit }) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${from} and RowKey lt ${to}`;
      return (await tables.all(table, { filter }, limit)).map(toRow);
    },
    async *ids(tenantId) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey lt ${afterLandings}`;
      for await (const page of pagesOf(tables, table, { filter, select: ['PartitionKey', 'RowKey'] }))
        yield page.map(({ rowKey }) => rowKey);
    },
  };
}

function toRow(entity: StoredEntity): LandingRow {
  const {
    rowKey: landingId,
    state,
    indexed = 0,
    duplicates = 0,
    pastRetention,
    ...landing
  } = columns.parse(entity);
  const counts = { indexed, duplicates, pastRetention };
  return { ...landing, landingId, counts: state === 'indexed' ? counts : undefined };
}
