/**
 * Records as rows of a table in Log Analytics, which Microsoft Sentinel reads, by the Logs Ingestion API.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import type { OutgoingRecord } from '../outgoing.ts';
import { jsonOf } from './record-json.ts';
import { membersOf } from './record-members.ts';
import { certificateAuthority, httpsOrigin } from './settings.ts';

/** Of Azure alone: the token that is sent there opens other rules, too. */
const ingestionHost = /^[0-9a-z.-]+\.ingest\.monitor\.azure\.(com|us|cn)$/;

export const logAnalyticsSettings = z.strictObject({
  endpoint: httpsOrigin
    // As it will be connected to: a text may look like another host than it leads to.
    .refine((text) => URL.canParse(text) && ingestionHost.test(new URL(text).host), {
      error: 'must be an endpoint of Azure Monitor, such as https://….ingest.monitor.azure.com',
    })
    .meta({ description: 'Endpoint of the data collection rule, or of a data collection endpoint.' }),
  immutableId: z
    .string()
    .regex(/^dcr-[0-9a-f]{32}$/, 'must be dcr- and 32 hexadecimal digits')
    .meta({ description: 'Immutable ID of the data collection rule.' }),
  stream: z
    .string()
    .regex(/^Custom-\w{1,100}$/, 'must be Custom- and letters, digits, or underscores')
    .default('Custom-AuditkeepRecords')
    .meta({ description: 'Stream of the data collection rule.' }),
  certificateAuthority: certificateAuthority.optional(),
});
export type LogAnalyticsSettings = z.output<typeof logAnalyticsSettings>;

/** Scope of the access token: Azure Monitor of the cloud that the endpoint is in. */
export function scopeOf(endpoint: string): string {
  const cloud = ingestionHost.exec(new URL(endpoint).host)?.[1] ?? 'com';
  return `https://monitor.azure.${cloud}/.default`;
}

/**
 * The service takes a megabyte. Microsoft's documents leave open whether it counts before or after compression; before
 * is right in both cases.
 * @see https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
 */
const maxRequestBytes = 1_000_000;
const maxRecords = 2000;

/** The service cuts longer values at 64 KB and says nothing, which would leave half a JSON object. */
const maxFieldBytes = 64_000;

export const logAnalytics: DestinationKind<'logAnalytics', LogAnalyticsSettings> = {
  name: 'logAnalytics',
  title: 'Microsoft Sentinel, Log Analytics',
  settings: logAnalyticsSettings,
  keepsDuplicates: true,
  // Bodies are counted without brackets and commas.
  limits: () => ({ records: maxRecords, bytes: maxRequestBytes - maxRecords - 1 }),
  encode: (record) => {
    const whole = record.text.toString('utf8');
    const fits = !record.truncated && Buffer.byteLength(whole) <= maxFieldBytes;
    const head = JSON.stringify({ ...columnsOf(record), ...(fits ? {} : { RecordTruncated: true }) });
    const value = fits ? jsonOf(record) : Buffer.from(JSON.stringify(beginningOf(whole)));
    return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"Record":`), value, Buffer.from('}')]);
  },
};

/**
 * All but the record itself, as infra/destinations/log-analytics.bicep declares them. `Id` and `TenantId` are reserved:
 * the latter is the workspace.
 */
function columnsOf(record: OutgoingRecord): Readonly<Record<string, unknown>> {
  return {
    // Azure Monitor replaces it by the time of receipt if it is older than two days.
    TimeGenerated: record.createdDateTime,
    CreationTime: record.createdDateTime,
    RecordId: record.id,
    OrganizationId: record.tenantId,
    ...membersOf(record, beginningOf),
  };
}

/** As much of the text as a column holds, in whole characters, and with U+FFFD for lone surrogates, which readers in .NET refuse. */
function beginningOf(text: string): string {
  const bytes = Buffer.from(text);
  let end = Math.min(maxFieldBytes, bytes.length);
  while (isContinuation(bytes[end])) end--;
  return bytes.toString('utf8', 0, end);
}

/** Of a character that began before. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
