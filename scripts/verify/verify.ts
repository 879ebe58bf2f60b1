/** Verifies a tenant on storage itself. */
import { randomUUID } from 'node:crypto';
import { createRawNames } from '../../shared/adapters/blobs/raw-names.ts';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createSegmentFiles } from '../../shared/adapters/blobs/segment-files.ts';
import { createLandingRows } from '../../shared/adapters/tables/landing-rows.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createMonthLayoutStore } from '../../shared/adapters/tables/month-layout-store.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { createSegmentedIndex } from '../../shared/index/segments/segmented-index.ts';
import type { Difference } from '../../shared/verification/difference.ts';
import { totalOf } from '../../shared/verification/findings.ts';
import { summaryOf } from '../../shared/verification/public-verification.ts';
import { lastOf } from '../../shared/verification/start-verification.ts';
import {
  nothingVerified,
  type VerificationMode,
  type VerificationProgress,
} from '../../shared/verification/verification.ts';
import { verifyTenant, type VerifyTenantDeps } from '../../shared/verification/verify-tenant.ts';
import { onChange, type Context, type Outcome } from '../command-line/context.ts';
import { counted } from '../command-line/terminal-text.ts';

export interface WantedVerification {
  readonly tenantId: string;
  readonly mode: VerificationMode | undefined;
  readonly sampleSize: number | undefined;
  readonly seed: string | undefined;
  /** Days of landing, half-open. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Exit code 1 when something differs, or when there is nothing to compare: most likely the tenant is wrong. */
export async function verify(
  settings: StorageSettings,
  { tenantId, mode, sampleSize, seed = randomUUID(), ...days }: WantedVerification,
  { now, progress: show }: Pick<Context, 'now' | 'progress'>,
): Promise<Outcome> {
  const [from, to] = [dayOf(days.from), lastOf(dayOf(days.to), now())];
  const request = { mode, sampleSize, seed, from, to };
  const showOnce = onChange(show);
  let progress = nothingVerified;
  const tables = createTables(settings);
  const { retained } = (await createTenantStore(tables).get(tenantId)) ?? {};
  const verifying = { tenantId, request, seed, retained };
  for await (progress of verifyTenant(depsOf(settings, tables, now), verifying, nothingVerified))
    showOnce(describe(progress));
  return outcomeOf(tenantId, seed, progress);
}

function dayOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/** Requests in flight. */
const concurrency = 16;

function depsOf(settings: StorageSettings, tables: Tables, now: () => Date): VerifyTenantDeps {
  const landings = createLandingStore(tables);
  return {
    landings,
    chain: landings,
    landingRows: createLandingRows(tables),
    rawNames: createRawNames(settings),
    raw: createRawStore(settings),
    ledger: createLedger(tables),
    index: createSegmentedIndex({
      tables: createRecordIndex(tables),
      layouts: createMonthLayoutStore(tables),
      files: createSegmentFiles(settings),
      now,
    }),
    concurrency,
  };
}

/** A line for each day. */
function describe({ phase, after = '' }: VerificationProgress): string {
  return phase === 'landings' && after !== '' ? `landings of ${after.slice(0, 8)}` : '';
}

function outcomeOf(tenantId: string, seed: string, progress: VerificationProgress): Outcome {
  const { landings, compared, pending, records, rows, explained = 0, listed, share = 1 } = progress;
  const differences = totalOf(progress);
  const sample = share < 1 ? { seed } : {};
  const answer = {
    tenantId,
    ...sample,
    landings,
    compared,
    pending,
    records,
    indexRows: rows,
    checkedRows: explained,
    links: progress.link?.number ?? 0,
    differenceCount: differences,
    differenceKinds: summaryOf(progress),
    differences: listed,
  };
  const exitCode = differences > 0 || landings === 0 ? 1 : 0;
  return { exitCode, answer, text: [...namesOf(progress), summaryText(tenantId, answer)].join('\n') };
}

function namesOf(progress: VerificationProgress): readonly string[] {
  const kinds = summaryOf(progress).map(
    ({ kind, count, message, cure }) => `${count} × ${kind}: ${message} ${cure}`,
  );
  return [...progress.listed.map(nameOf), ...kinds];
}

function nameOf({
  kind,
  blobName,
  landingId,
  contentId,
  recordId,
  line,
  table,
  link,
  detail,
}: Difference): string {
  const places = [
    ...(blobName === undefined ? (landingId === undefined ? [] : [`landing ${landingId}`]) : [blobName]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(recordId === undefined ? [] : [`record ${recordId}`]),
    ...(contentId === undefined ? [] : [`content blob ${contentId}`]),
    ...(table === undefined ? [] : [`index ${table}`]),
    ...(link === undefined ? [] : [`link ${link}`]),
    ...(detail === undefined ? [] : [detail]),
  ];
  return `${kind}: ${places.join(', ')}`;
}

interface Counts {
  readonly landings: number;
  readonly compared: number;
  readonly records: number;
  readonly indexRows: number;
  readonly links: number;
  readonly differenceCount: number;
  readonly seed?: string;
}

function summaryText(tenantId: string, counts: Counts): string {
  if (counts.landings === 0) return `Tenant ${tenantId} has no landing in this range: nothing was compared.`;
  const compared =
    `Compared ${counts.compared} of ${counted(counts.landings, 'landing')} of tenant ${tenantId}: ` +
    `${counted(counts.records, 'record')}, ${counted(counts.indexRows, 'index row')}, and ${counted(counts.links, 'link')} of the chain.`;
  const seed = counts.seed === undefined ? '' : ` This sample again: --seed ${counts.seed}.`;
  const result =
    counts.differenceCount === 0 ? 'Nothing differs.' : `${counted(counts.differenceCount, 'difference')}.`;
  return `${compared}${seed} ${result}`;
}
