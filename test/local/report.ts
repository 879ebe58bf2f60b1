/** Reports the results of a local run, as text and tables. */
import type { AuditRecord } from './api.ts';
import type { Collected, Ending, Progress } from './collecting.ts';
import { countChanges } from './enablement-report.ts';
import type { LocalRun } from './local-run.ts';
import type { Enabled } from './onboarding.ts';
import type { Answer } from './questions.ts';
import type { Sent } from './sending.ts';
import type { Delivered } from './simulator-process.ts';
import { drawTable } from './table.ts';

const LATEST_ROWS = 15;
const MAX_OBJECT_LENGTH = 60;

/** Shorter times say nothing about the rate. */
const MIN_RATE_MS = 5000;

/**
 * Describes progress in one line each, with the rate of indexing and the time that is left once they are known.
 * @param now in milliseconds, of a clock that does not jump
 */
export function createProgressReport(
  offered: Delivered | undefined,
  now: () => number,
): (progress: Progress) => string {
  let first: { readonly at: number; readonly records: number } | undefined;
  let records = 0;
  return (progress) => {
    // The two are read one after the other: a landing that ends in between is in neither.
    records = Math.max(records, progress.recordsIndexed + progress.recordsIndexing);
    first ??= records === 0 ? undefined : { at: now(), records };
    const blobs = offered === undefined ? '' : ` of ${offered.contentBlobs}`;
    const wanted = offered === undefined ? '' : ` of ${offered.distinctRecords}`;
    const elapsedMs = first === undefined ? 0 : now() - first.at;
    const perSecond = elapsedMs < MIN_RATE_MS ? 0 : ((records - (first?.records ?? 0)) * 1000) / elapsedMs;
    return (
      `Collected ${progress.contentBlobs}${blobs} content blobs, indexed ${records}${wanted} records` +
      describeRate(perSecond, (offered?.distinctRecords ?? 0) - records)
    );
  };
}

function describeRate(perSecond: number, left: number): string {
  if (perSecond === 0) return '';
  const estimate = left > 0 ? `, about ${Math.ceil(left / perSecond)} s left` : '';
  return ` (${Math.round(perSecond)} a second${estimate})`;
}

const endings = {
  complete: 'Nothing was lost',
  lost: 'NOT everything arrived',
  unfinished:
    'Not finished: nothing has changed for two minutes, so it is unknown whether everything will arrive',
} as const satisfies Readonly<Record<Ending, string>>;

/** What was collected and, if it can be determined, whether that is everything. */
export function describeOutcome(collected: Collected, { tenants }: LocalRun, seconds: number): string {
  const { contentBlobs, recordsIndexed, recordsKept, rejected, gaps, delivered, ending } = collected;
  const kept = recordsKept === 0 ? '' : ` (${recordsKept} of them from an earlier run)`;
  const offered =
    delivered === undefined
      ? ''
      : ` The feeds offered ${delivered.records} records, ${delivered.distinctRecords} of which are distinct.`;
  return [
    `${tenants.map(({ displayName }) => displayName).join(', ')}: ${recordsIndexed} records${kept} from ` +
      `${contentBlobs} content blobs, ready after ${seconds} s.${offered}`,
    `${endings[ending]}: ${rejected} rejected, ${gaps} gaps.`,
  ].join('\n');
}

/** The answer as two tables: who did what and how often, and the latest records. */
export function describeAnswer({ question, records, ...completeness }: Answer): string {
  const partial = describeCompleteness(completeness);
  const heading = `${question}\n${records.length} ${records.length === 1 ? 'record' : 'records'}${partial}`;
  return records.length === 0
    ? heading
    : [heading, tableOfCounts(records), tableOfLatest(records)].join('\n');
}

function describeCompleteness({ isPending, hasGaps }: Pick<Answer, 'isPending' | 'hasGaps'>): string {
  const reasons = [
    ...(isPending ? ['not everything in this time range has been collected yet'] : []),
    ...(hasGaps ? ['this time range has gaps, or begins before collection did'] : []),
  ];
  return reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
}

function tableOfCounts(records: readonly AuditRecord[]): string {
  const counts = new Map<string, { readonly who: string; readonly what: string; count: number }>();
  for (const { userId, operation } of records) {
    const row = { who: userId ?? '', what: operation ?? '', count: 0 };
    const key = JSON.stringify([row.who, row.what]);
    const known = counts.get(key) ?? row;
    known.count += 1;
    counts.set(key, known);
  }
  const rows = [...counts.values()].sort((a, b) => a.who.localeCompare(b.who) || b.count - a.count);
  return drawTable(
    ['Person', 'Operation', 'Records'],
    rows.map(({ who, what, count }) => [who, what, String(count)]),
  );
}

function tableOfLatest(records: readonly AuditRecord[]): string {
  const rows = records
    .slice(0, LATEST_ROWS)
    .map(({ createdDateTime, userId, operation, objectId, clientIp }) => [
      createdDateTime.slice(0, 19).replace('T', ' '),
      userId ?? '',
      operation ?? '',
      shorten(objectId ?? ''),
      clientIp ?? '',
    ]);
  return `The latest ${rows.length}:\n${drawTable(['Time (UTC)', 'Person', 'Operation', 'Object', 'Address'], rows)}`;
}

/** The end of a path is more informative than its beginning. */
function shorten(text: string): string {
  return text.length <= MAX_OBJECT_LENGTH ? text : `…${text.slice(1 - MAX_OBJECT_LENGTH)}`;
}

/** What the database has, and how to connect to it. */
export function describeSent({ isCurrent, records, psql, problem }: Sent): string {
  const state = isCurrent
    ? `PostgreSQL has all of it: ${records} records.`
    : `NOT everything arrived in PostgreSQL (the destination is ${problem}).`;
  return `${state} docs/destinations/postgresql.md describes its tables. To connect:\n${psql.join(' ')}`;
}

interface Accessible {
  readonly api: Pick<LocalRun['api'], 'baseUrl' | 'apiKey'>;
  readonly tenants: LocalRun['tenants'];
  readonly connectionString: LocalRun['connectionString'];
}

/** Who is taken for an administrator, where records are all that is known of a tenant. */
export const rolesOfFile =
  'The file has no roles, so the person with the most records is taken as the Global Administrator.';

/** Where the console is, how to run more queries, and the commands that work on storage. */
export function describeAccess({ api, tenants, connectionString }: Accessible, url: URL | undefined): string {
  const example = url ?? new URL(`/api/tenants/${tenants[0]?.tenantId ?? ''}/ingestion`, api.baseUrl);
  return [
    `Console  ${new URL(`/console#key=${api.apiKey}`, api.baseUrl).href}`,
    `Address  ${api.baseUrl}`,
    `Key      ${api.apiKey}  (header x-api-key)`,
    `Docs     ${new URL('/api/docs', api.baseUrl).href}`,
    `Try      curl -H 'x-api-key: ${api.apiKey}' '${example.href}'`,
    ...commandsOfSets({ api, tenants }),
    '',
    'In another shell, npm run reindex, poison, and verify (of what landed 15 minutes ago) work on its storage:',
    `export AzureWebJobsStorage='${connectionString}'`,
    `npm run reindex -- ${tenants[0]?.tenantId ?? 'TENANT'} --dry-run`,
  ].join('\n');
}

/** Commands about all tenants; none where there is only one. */
function commandsOfSets({ api, tenants }: Pick<Accessible, 'api' | 'tenants'>): readonly string[] {
  if (tenants.length < 2) return [];
  return [
    '',
    'In another shell, npm run tenant works on all tenants at once:',
    `export AUDITKEEP_URL='${api.baseUrl}' AUDITKEEP_KEY='${api.apiKey}'`,
    'npm run tenant -- posture',
    "npm run tenant -- enable '*' --dry-run",
  ];
}

/** The result of a run. */
export interface Outcome {
  readonly enabled: readonly Enabled[];
  readonly collected: Collected;
  readonly seconds: number;
  /** Undefined without a database. */
  readonly sent: Sent | undefined;
}

interface Finished {
  readonly enabled: readonly Enabled[];
  readonly collected: Pick<Collected, 'ending'>;
  readonly sent: Pick<Sent, 'isCurrent'> | undefined;
}

/** 1 if auditing could not be turned on in a tenant, something was lost, or collection or sending did not finish. */
export function exitCodeOf({ enabled, collected, sent }: Finished): number {
  const isEnabled = enabled.every(({ enablement }) => enablement.status === 'Succeeded');
  const isSent = sent?.isCurrent ?? true;
  return isEnabled && isSent && collected.ending === 'complete' ? 0 : 1;
}

/** The result for programs: one line of JSON. */
export function toJsonLine(
  { enabled, collected, seconds, sent }: Outcome,
  { api, tenants }: LocalRun,
): string {
  const { contentBlobs, recordsLanded, recordsIndexed, rejected, gaps, delivered, ending } = collected;
  return JSON.stringify({
    baseUrl: api.baseUrl,
    apiKey: api.apiKey,
    tenants: tenants.map(({ tenantId, displayName }) => ({ tenantId, displayName })),
    enablements: enabled.map(({ tenant, enablement }) => ({
      tenantId: tenant.tenantId,
      status: enablement.status,
      changes: countChanges(enablement),
    })),
    contentBlobs,
    recordsDelivered: delivered?.records ?? null,
    recordsDistinct: delivered?.distinctRecords ?? null,
    recordsLanded,
    recordsIndexed,
    rejected,
    gaps,
    ending,
    destination: sent === undefined ? null : { isCurrent: sent.isCurrent, records: sent.records },
    seconds,
  });
}
