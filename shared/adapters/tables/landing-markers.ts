/** Landings that are not indexed: a marker row each, with progress and an operator's decision. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  givenUpLandingSchema,
  type GivenUpLanding,
  type LandingStore,
  type NotIndexed,
  type OpenLanding,
} from '../../landing/landing.ts';
import { jsonColumn, type EntityKey } from './columns.ts';
import { landingColumns, landingTable, markerKey, markerPrefix, maxAttempts } from './landing-keys.ts';
import { openRows, type Rows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const markerColumns = landingColumns.extend({
  processed: z.number().optional(),
  /** Absent unless it was given up. */
  givenUp: jsonColumn(givenUpLandingSchema).optional(),
});

interface Marker {
  readonly landing: OpenLanding;
  readonly etag: string;
}

export type Markers = Rows<typeof markerColumns, Marker>;

/** Landings that are not indexed, and what is decided about them. */
export function waitingLandings(
  markers: Markers,
): Pick<LandingStore, 'notIndexed' | 'unindexed' | 'giveUp' | 'takeBack'> {
  const notIndexed = async (tenantId: string): Promise<NotIndexed> => {
    const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${markerPrefix}`;
    const all = (await markers.all(filter)).map(({ landing }) => landing);
    return {
      unindexed: all.filter(({ givenUp }) => givenUp === undefined),
      givenUp: all.filter(({ givenUp }) => givenUp !== undefined),
    };
  };
  const decide = (tenantId: string, landingId: string, givenUp: GivenUpLanding | undefined) =>
    decideOn(markers, markerKey(tenantId, landingId), givenUp);
  return {
    notIndexed,
    unindexed: async (tenantId) => (await notIndexed(tenantId)).unindexed,
    giveUp: async (tenantId, landingId, givenUp) =>
      (await decide(tenantId, landingId, givenUp)) !== undefined,
    takeBack: (tenantId, landingId) => decide(tenantId, landingId, undefined),
  };
}

/** Undefined when there is no marker: the landing is indexed, or was not opened. */
async function decideOn(
  markers: Markers,
  key: EntityKey,
  givenUp: GivenUpLanding | undefined,
): Promise<OpenLanding | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await markers.get(key);
    if (found === undefined) return undefined;
    const landing = { ...found.landing, givenUp };
    if (found.landing.givenUp === givenUp) return landing;
    if (await isWritten(() => markers.replace(key, landing, found.etag))) return landing;
  }
  throw new Error('Could not record a decision on a landing: the indexer reported progress each time.');
}

export function openMarkers(tables: Tables): Markers {
  return openRows(tables, {
    table: landingTable,
    columns: markerColumns,
    toRow: (landing, { rowKey, etag }): Marker => ({
      landing: { ...landing, landingId: rowKey.slice(markerPrefix.length) },
      etag,
    }),
  });
}
