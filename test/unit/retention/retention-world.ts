/** Two tenants with a year of records, of which one keeps a few months. */
import { indexKeptFrom } from '../../../shared/retention/retention.ts';
import { applyRetention, type ApplyRetentionDeps } from '../../../shared/retention/apply-retention.ts';
import type { Budget } from '../../../shared/budget.ts';
import { invertedTime, monthOf, positionKey } from '../../../shared/index/keys.ts';
import { landingIdOf, rawBlobName } from '../../../shared/landing/landing-names.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeLegalHolds } from '../../support/fakes/legal-hold-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

export const retention = { indexMonths: 3, rawDays: 124 };
/** On the 15th of each: from 15 months before the clock's March 2026. */
export const times = Array.from({ length: 15 }, (_, at) => new Date(Date.UTC(2025, at, 15, 9)));
/** What `retention` keeps in March 2026. */
export const keptFrom = new Date('2025-12-01T00:00:00.000Z');

export type RetentionWorld = Awaited<ReturnType<typeof createRetentionWorld>>;

export async function createRetentionWorld(changes: Partial<Tenant> = { retention }) {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const [index, raw, legalHolds] = [createFakeRecordIndex(), createFakeRawStore(), createFakeLegalHolds()];
  const ledger = createFakeLedger();
  await ledger.advance(fabrikamId, { contentType: 'Audit.Exchange', listedThrough: clock.now() });
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId, ...changes }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  for (const tenantId of [fabrikamId, adatumId]) {
    for (const [at, time] of times.entries()) {
      const [id, landingId] = [`id-${String(at % 4)}-${at}`, landingIdOf(time, [{ contentId: String(at) }])];
      await index.createClaims(tenantId, [
        { id, inverted: invertedTime(time), landing: 1n, line: at, content: 1n },
      ]);
      const row = { rowKey: positionKey(time, id), match: {}, summary: Buffer.from(id) };
      await index.writeRows(tenantId, monthOf(time), 'time', [row]);
      await raw.put(rawBlobName(tenantId, time, landingId), Buffer.from(id), {});
    }
  }
  const depsOf = (
    faults: Faults = createFaults(),
    defaults: ApplyRetentionDeps['retention'] = {},
  ): ApplyRetentionDeps => ({
    tenants: faults.inject('tenants', tenants),
    ledger: faults.inject('ledger', ledger),
    legalHolds: faults.inject('legalHolds', legalHolds),
    index: faults.inject('index', index),
    oldClaims: faults.inject('oldClaims', index),
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
    const claims = [...(await index.readClaims(tenantId, ids)).keys()];
    return {
      months: [...(await index.months(tenantId))].reverse(),
      claims: claims.toSorted(),
      days: await raw.listed.days(tenantId),
    };
  };
  const retained = async (tenantId = fabrikamId) => (await tenants.get(tenantId))?.retained;
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
    index,
    depsOf,
    run,
    runTwice,
    left,
    retained,
    hold,
    lift,
    all,
  };
}

/** Of a world in which everything that is not kept is deleted. */
export function keptOf({ all, clock }: Pick<RetentionWorld, 'all' | 'clock'>) {
  const from = indexKeptFrom(retention, clock.now()) ?? new Date(0);
  const kept = times.filter((time) => time >= from);
  const rawFrom = new Date(clock.now().getTime() - retention.rawDays * dayMs - 12 * hourMs);
  return {
    months: kept.map(monthOf),
    claims: all.claims.filter((id) => (times[Number(id.split('-')[2])] ?? from) >= from),
    days: times.filter((time) => time >= rawFrom).map((time) => time.toISOString().slice(0, 10)),
  };
}
