/** Two tenants with a year of records, of which one keeps a few months. */
import { indexKeptFrom } from '../../../shared/retention/retention.ts';
import { applyRetention } from '../../../shared/retention/apply-retention.ts';
import type { ApplyRetentionDeps } from '../../../shared/retention/retention-turn.ts';
import type { Budget } from '../../../shared/budget.ts';
import { invertedTime, monthOf, positionKey } from '../../../shared/index/keys.ts';
import { createSegmentedIndex } from '../../../shared/index/segments/segmented-index.ts';
import { landingIdOf, rawBlobName } from '../../../shared/landing/landing-names.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { compactAll } from '../../support/compacted-index.ts';
import { createFakeFindingStore } from '../../support/fakes/detection.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeLegalHolds } from '../../support/fakes/legal-hold-store.ts';
import { createFakeMonthLayouts } from '../../support/fakes/month-layouts.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeSegmentFiles } from '../../support/fakes/segment-files.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { findingOf } from '../../support/detection/findings.ts';
import { newTimedId } from '../../../shared/timed-id.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

export const retention = { indexMonths: 3, rawDays: 124 };
/** On the 15th of each: from 15 months before the clock's March 2026. */
export const times = Array.from({ length: 15 }, (_, at) => new Date(Date.UTC(2025, at, 15, 9)));
/** What `retention` keeps in March 2026. */
export const keptFrom = new Date('2025-12-01T00:00:00.000Z');

export type RetentionWorld = Awaited<ReturnType<typeof createRetentionWorld>>;

/** One of each time, of both tenants. */
async function storedFindings() {
  const findings = createFakeFindingStore();
  for (const tenantId of [fabrikamId, adatumId])
    for (const time of times)
      await findings.create(findingOf({ tenantId, findingId: newTimedId(time), lastDateTime: time }));
  return findings;
}

/** Months that a compacted world has in segments, of one tenant. */
const inSegments = [9, 10];

/** @param compacted its index is that of segments, and each request of it is a step */
export async function createRetentionWorld(
  changes: Partial<Tenant> = { retention },
  { compacted = false }: { readonly compacted?: boolean } = {},
) {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const [tables, raw, legalHolds] = [createFakeRecordIndex(), createFakeRawStore(), createFakeLegalHolds()];
  const [layouts, files] = [createFakeMonthLayouts(), createFakeSegmentFiles()];
  const openIndex = (faults: Faults) =>
    createSegmentedIndex({
      tables: faults.inject('tables', tables),
      layouts: faults.inject('layouts', layouts),
      files: faults.inject('files', files),
      now: clock.now,
    });
  const ledger = createFakeLedger();
  const findings = await storedFindings();
  await ledger.advance(fabrikamId, { contentType: 'Audit.Exchange', listedThrough: clock.now() });
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId, ...changes }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const store = async (tenantId: string, at: number) => {
    const time = times[at] ?? clock.now();
    const [id, landingId] = [`id-${String(at % 4)}-${at}`, landingIdOf(time, [{ contentId: String(at) }])];
    await tables.createClaims(tenantId, [
      { id, inverted: invertedTime(time), landing: 1n, line: at, content: 1n },
    ]);
    const row = { rowKey: positionKey(time, id), match: {}, summary: Buffer.from(id) };
    await tables.writeRows(tenantId, monthOf(time), 'time', [row]);
    await raw.put(rawBlobName(tenantId, time, landingId), Buffer.from(id), {});
  };
  if (compacted) {
    for (const at of inSegments) await store(fabrikamId, at);
    await compactAll({ tables, layouts, files, clock: { ms: 0 } }, fabrikamId);
  }
  for (const tenantId of [fabrikamId, adatumId])
    for (const at of times.keys())
      if (!compacted || tenantId !== fabrikamId || !inSegments.includes(at)) await store(tenantId, at);
  const depsOf = (
    faults: Faults = createFaults(),
    defaults: ApplyRetentionDeps['retention'] = {},
  ): ApplyRetentionDeps => ({
    tenants: faults.inject('tenants', tenants),
    ledger: faults.inject('ledger', ledger),
    legalHolds: faults.inject('legalHolds', legalHolds),
    index: compacted ? openIndex(faults) : faults.inject('index', tables),
    oldClaims: faults.inject('oldClaims', tables),
    findings: faults.inject('findings', findings),
    rawNames: faults.inject('rawNames', raw.listed),
    rawRemoval: faults.inject('rawRemoval', raw.removal),
    telemetry: telemetry.telemetry,
    now: clock.now,
    retention: defaults,
  });
  const run = async (faults?: Faults, budget: Budget = clock.startBudget(4 * minuteMs)) => {
    await applyRetention(depsOf(faults), budget);
  };
  const left = async (tenantId = fabrikamId) => {
    const ids = times.map((_, at) => `id-${String(at % 4)}-${at}`);
    const claims = [...(await tables.readClaims(tenantId, ids)).keys()];
    return {
      months: [...(await openIndex(createFaults()).months(tenantId))].reverse(),
      files: new Set((await files.names('')).map((name) => name.split('/')[1])),
      findings: (await findings.list(tenantId, {}, 100)).map((one) => one.lastDateTime),
      claims: claims.toSorted(),
      days: await raw.listed.days(tenantId),
    };
  };
  const retained = async (tenantId = fabrikamId) => (await tenants.get(tenantId))?.retained;
  const progress = async (tenantId = fabrikamId) => (await tenants.get(tenantId))?.retentionProgress;
  const hold = (tenantId = fabrikamId) =>
    legalHolds.append(tenantId, { kind: 'placed', at: clock.now(), by: 'key-9', reason: 'A claim.' });
  const lift = async (tenantId = fabrikamId) => {
    const [placed] = await legalHolds.events(tenantId);
    clock.advance(1);
    const event = { kind: 'lifted', at: clock.now(), by: 'key-9', reason: 'Settled.' } as const;
    await legalHolds.append(tenantId, { ...event, lifts: placed?.at });
  };
  /** The run that decides, and one a day later that deletes. */
  const runTwice = async (faults?: Faults) => {
    await run();
    clock.advance(dayMs);
    await run(faults);
  };
  const all = await left();
  return {
    clock,
    telemetry,
    tenants,
    ledger,
    raw,
    index: tables,
    store,
    timeOf,
    depsOf,
    run,
    runTwice,
    left,
    retained,
    progress,
    hold,
    lift,
    all,
  };
}

/** When the record of a claim happened. */
function timeOf(id: string): Date {
  return times[Number(id.split('-')[2])] ?? new Date(0);
}

/** Of a world in which everything that is not kept is deleted. */
export function keptOf({ all, clock }: Pick<RetentionWorld, 'all' | 'clock'>) {
  const from = indexKeptFrom(retention, clock.now()) ?? new Date(0);
  const kept = times.filter((time) => time >= from);
  const rawFrom = new Date(clock.now().getTime() - retention.rawDays * dayMs - 12 * hourMs);
  return {
    months: kept.map(monthOf),
    files: new Set<string>(),
    findings: kept.toReversed(),
    claims: all.claims.filter((id) => timeOf(id) >= from),
    days: times.filter((time) => time >= rawFrom).map((time) => time.toISOString().slice(0, 10)),
  };
}
