/** A tenant with any number of invented records, written straight into the index in order of time. */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import type { RecordIndex } from '../../shared/index/record-index.ts';
import { monthOf } from '../../shared/index/keys.ts';
import { recordRows } from '../../shared/index/rows.ts';
import { parseRecord } from '../../shared/records/audit-record.ts';
import { guidOf } from '../integration/pipeline/invented-records.ts';

/** The emulator reads all rows of a table for every page, so no month gets too many. */
const recordsAMonth = 2000;
const everyMs = 1_200_000;
const newest = { year: 2026, month: 2 };
const landedAt = new Date('2026-03-05T00:00:00Z');
const transactionsAtOnce = 8;

/** The records of a tenant, newest first. */
export function* inventedTexts(count: number): Generator<string> {
  for (let at = 0; at < count; at++) yield textAt(at);
}

function timeAt(at: number): Date {
  const monthsBack = Math.floor(at / recordsAMonth);
  const monthEnd = Date.UTC(newest.year, newest.month - monthsBack, 1);
  return new Date(monthEnd - ((at % recordsAMonth) + 1) * everyMs);
}

function textAt(at: number): string {
  const site = `https://contoso.example/sites/team${at % 97}/`;
  return JSON.stringify({
    ...{
      AppAccessContext: { AADSessionId: guidOf(`session ${at % 999}`), CorrelationId: guidOf(`c ${at}`) },
    },
    ...{ CreationTime: timeAt(at).toISOString().slice(0, 19), Id: guidOf(`load ${at}`), RecordType: 6 },
    ...{ Operation: at % 3 === 0 ? 'FileModified' : 'FileAccessed', OrganizationId: guidOf('organization') },
    ...{ UserType: 0, UserKey: `i:0h.f|membership|${at % 500}@contoso.example`, Version: 1 },
    ...{ Workload: 'SharePoint', ClientIP: `192.0.2.${at % 250}`, UserId: `user${at % 500}@contoso.example` },
    ...{ EventSource: 'SharePoint', ItemType: 'File', ListId: guidOf(`list ${at % 97}`), SiteUrl: site },
    ...{ ObjectId: `${site}Shared Documents/=report, "${at}".docx`, SourceFileExtension: 'docx' },
    ...{ UserAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Invented/1.0', Platform: 'WinDesktop' },
    ...{ DeviceDisplayName: `203.0.113.${at % 250}`, GeoLocation: 'EUR', IsManagedDevice: at % 2 === 0 },
    ...{
      WebId: guidOf(`web ${at % 97}`),
      ListItemUniqueId: guidOf(`item ${at}`),
      HighPriorityMediaProcessing: false,
    },
  });
}

/** Writes the rows that records are read from; @returns the tenant's id */
export async function fillTenant(index: RecordIndex, count: number): Promise<string> {
  const tenantId = randomUUID();
  await pMap(batches(count), (batch) => writeBatch(index, tenantId, batch), {
    concurrency: transactionsAtOnce,
  });
  return tenantId;
}

function* batches(count: number): Generator<readonly number[]> {
  for (let from = 0; from < count; from += 100) {
    yield Array.from({ length: Math.min(100, count - from) }, (_, at) => from + at);
  }
}

async function writeBatch(index: RecordIndex, tenantId: string, batch: readonly number[]): Promise<void> {
  const rows = batch.flatMap((at) => {
    const record = parseRecord(Buffer.from(textAt(at)));
    const origin = { contentType: 'Audit.SharePoint', source: 'feed' } as const;
    const delivery = { ...origin, contentCreated: landedAt, landedAt };
    const placed = {
      record,
      delivery,
      createdSource: 'record',
      id: record.id,
      time: timeAt(at),
      line: at,
    } as const;
    return recordRows(placed, { tenantId, blobName: 'none' });
  });
  const byTime = rows.filter(({ dimension }) => dimension === 'time').map(({ row }) => row);
  await index.writeRows(tenantId, monthOf(timeAt(batch[0] ?? 0)), 'time', byTime);
}
