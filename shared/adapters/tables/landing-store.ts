/**
 * Table `Landings`: a row per landing, a marker row while it is not indexed, and a number and a link of the chain once it
 * is. One partition a tenant, so that these are written together or not at all.
 */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import type { LandingChain } from '../../evidence/chain.ts';
import type { LandingSequence } from '../../feed/landing-sequence.ts';
import type { LandingStore } from '../../landing/landing.ts';
import type { CurrentTrace } from '../../telemetry/invocation-scope.ts';
import { closeOnce, readLastSequence, readRecorded } from './close-landing.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { createLandingChain } from './landing-chain.ts';
import {
  landingColumns,
  landingTable as table,
  markerKey,
  markerPrefix,
  maxAttempts,
  sequenceKey,
  sequencePrefix,
} from './landing-keys.ts';
import { openMarkers, waitingLandings } from './landing-markers.ts';
import { sumOfFeed, sumOfImport } from './landing-totals.ts';
import { entityOf, openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

export interface LandingStoreOptions {
  /** Of the running code: a landing's row keeps the trace in which it was first written. @default none */
  readonly trace?: CurrentTrace;
  /** @default the clock of this machine */
  readonly now?: () => Date;
}

export function createLandingStore(
  tables: Tables,
  { trace = () => undefined, now = () => new Date() }: LandingStoreOptions = {},
): LandingStore & LandingSequence & LandingChain {
  const markers = openMarkers(tables);
  const numbered = openRows(tables, {
    table,
    columns: z.object({
      landingId: z.string(),
      blobName: z.string(),
      indexed: z.number(),
      allOwn: z.boolean().optional(),
      oldestContent: dateColumn.optional(),
    }),
    toRow: (landing, { rowKey }) => ({ ...landing, sequence: Number(rowKey.slice(sequencePrefix.length)) }),
  });
  const traceId = () => trace()?.traceId;
  return {
    async open(tenantId, landing, contentHashes) {
      const { landingId } = landing;
      const marker = entityOf(landingColumns, markerKey(tenantId, landingId), landing);
      const contents = contentHashes === undefined ? {} : { contents: packHashes(contentHashes) };
      const row = { ...marker, rowKey: landingId, ...contents, traceId: traceId(), state: 'landed' };
      // If it exists, an earlier attempt wrote it, or the indexer was faster and needs no marker.
      await ifUnchanged(() =>
        tables.transact(table, [
          ['create', row],
          ['upsert', marker, 'Replace'],
        ]),
      );
    },
    async close(tenantId, landing, counts, recorded) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const known = attempt === 0 ? recorded : undefined;
        const closing = { landing, counts, known, traceId: traceId(), now: now() };
        const closed = await closeOnce(tables, tenantId, closing);
        if (closed !== undefined) return closed.sequence;
      }
      throw new Error('Could not number a landing: other landings were faster each time.');
    },
    async progress(tenantId, landingId, processed) {
      // Only the marker, which the end of indexing deletes: a late report cannot change the final counts.
      await ifUnchanged(() => markers.merge(markerKey(tenantId, landingId), { processed }));
    },
    recorded: (tenantId, landingId) => readRecorded(tables, tenantId, landingId),
    contentHashes: (tenantId, landingId) => readContentHashes(tables, tenantId, landingId),
    ...waitingLandings(markers),
    totals: (tenantId, since) => sumOfFeed(tables, tenantId, since),
    importTotals: (tenantId, importId, since) => sumOfImport(tables, { tenantId, importId, since }),
    sequenced: (tenantId, from, limit) =>
      numbered.all(
        odata`PartitionKey eq ${tenantId} and RowKey ge ${sequenceKey(from)} and RowKey lt ${markerPrefix}`,
        limit,
      ),
    lastSequence: (tenantId) => readLastSequence(tables, tenantId),
    ...createLandingChain(tables),
  };
}

/** 32 bytes a content blob: up to 16 KB a landing, in its row only. */
const contentsRow = z.object({ contents: binaryColumn.optional() });

function packHashes(hashes: readonly string[]): Uint8Array {
  return Buffer.from(hashes.join(''), 'hex');
}

async function readContentHashes(
  tables: Tables,
  tenantId: string,
  landingId: string,
): Promise<readonly string[] | undefined> {
  const { contents } = contentsRow.parse((await tables.get(table, tenantId, landingId)) ?? {});
  return contents && (Buffer.from(contents).toString('hex').match(/.{64}/g) ?? []);
}
