/** Landings of one tenant that are indexed while watches are applied, by hosts that may end at any step. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FindingStore } from '../../../shared/detection/finding.ts';
import type { NotificationQueue } from '../../../shared/detection/messages.ts';
import type { WatchSource } from '../../../shared/detection/watch.ts';
import { createLandingWatcher } from '../../../shared/detection/watch-landing.ts';
import { createWatchedRules } from '../../../shared/detection/watched-rules.ts';
import { ownRuleSchema, ruleOf } from '../../../shared/detection/own-rule.ts';
import { deliveredRecords, type DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { watchOf } from './watches.ts';
import {
  createFakeFindingStore,
  createFakeGroupStates,
  createFakeNotificationQueue,
  createFakeWatchStore,
} from '../fakes/detection.ts';
import { createFakeLandingStore } from '../fakes/landing-store.ts';
import { createFakeRawStore } from '../fakes/raw-store.ts';
import { createFakeRecordIndex } from '../fakes/record-index.ts';
import { createRecordingTelemetry } from '../fakes/telemetry.ts';
import { createFakeTenantStore } from '../fakes/tenant-store.ts';
import { createFaults, Crash, type Faults } from '../faults.ts';
import { fabrikamId, tenantNamed } from '../tenants.ts';

export const start = Date.UTC(2026, 2, 2, 8);
export const now = new Date(start + 24 * 60 * 60_000);

/** A record, by the minute of its creation. */
export interface Told {
  readonly minute: number;
  readonly user?: string;
  readonly ip?: string;
  readonly operation?: string;
}

export function recordOf({ minute, user = 'anna', ip = '192.0.2.1', operation = 'New-InboxRule' }: Told) {
  const text = [minute, user, ip, operation].join();
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    Id: id,
    CreationTime: new Date(start + minute * 60_000).toISOString().slice(0, 19),
    Operation: operation,
    UserId: `${user}@fabrikam.example`,
    ClientIP: ip,
    Workload: 'Exchange',
    RecordType: 1,
  };
}

/** @param rules as users write them; each is a watch of its own */
export async function createWatchWorld(rules: readonly object[], more: Parameters<typeof watchOf>[0] = {}) {
  const [raw, landings, index] = [createFakeRawStore(), createFakeLandingStore(), createFakeRecordIndex()];
  const [watches, groupStates] = [createFakeWatchStore(), createFakeGroupStates()];
  const [findings, queue] = [createFakeFindingStore(), createFakeNotificationQueue()];
  const recording = createRecordingTelemetry();
  const { telemetry } = recording;
  const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]);
  for (const rule of rules) {
    const source: WatchSource = { kind: 'rule', rule: { ...rule } };
    await watches.create(watchOf({ source, suppressions: [], createdDateTime: new Date(0), ...more }));
  }
  const clock = { ms: 0 };
  const rulesWith = (faults: Faults) =>
    createWatchedRules({
      watches: faults.inject('watches', watches),
      tenants: faults.inject('tenants', tenants),
      rulesOfWatch: async ({ watchId, source }) =>
        await Promise.resolve(
          source.kind === 'rule' ? [ruleOf(watchId, ownRuleSchema.parse(source.rule))] : [],
        ),
      telemetry,
      now: () => now,
      elapsed: () => clock.ms,
    });
  /** A host of its own: what it remembers ends with it. */
  const hostWith = (faults: Faults, queues: NotificationQueue = queue) => {
    const watching = createLandingWatcher({
      rulesOfTenant: rulesWith(faults),
      groupStates: faults.inject('groupStates', groupStates),
      findings: faults.inject('findings', findings),
      queues: faults.inject('queues', queues),
      telemetry,
      now: () => now,
    });
    const stores = {
      raw,
      landings: faults.inject('landings', landings),
      index: faults.inject('index', index),
    };
    const deps = { ...stores, telemetry, concurrency: 2, watching };
    return (landingId: string) =>
      indexLanding(deps, { version: 1, tenantId: fabrikamId, landingId, blobName: landingId });
  };
  let landed = 0;
  const land = async (told: readonly Told[], metadata: Readonly<Record<string, string>> = {}) => {
    const landingId = `landing-${landed++}`;
    const lines = told.map((one) => JSON.stringify(recordOf(one)));
    const landedat = now.toISOString();
    await raw.put(landingId, gzipSync(lines.map((line) => `${line}\n`).join('')), { landedat, ...metadata });
    return landingId;
  };
  return {
    ...{ watches, tenants, findings, groupStates, queue, land, hostWith, clock, recording },
    rulesOf: rulesWith(createFaults()),
    /** The records of a landing, as the indexer delivers them. */
    async deliveredOf(told: readonly Told[]) {
      const blob = await raw.read(await land(told));
      const all: DeliveredRecord[] = [];
      if (blob !== undefined) for await (const one of deliveredRecords(blob)) all.push(one);
      return all;
    },
    /** Indexes a landing, by as many hosts as it takes. */
    async index(landingId: string, faultsOf: () => Faults = createFaults) {
      for (;;) {
        const ended = await hostWith(faultsOf())(landingId).catch((error: unknown) => error);
        if (!(ended instanceof Error)) return;
        if (!(ended instanceof Crash)) throw ended;
      }
    },
  };
}

const withdrawn = 'Late records showed that this belongs to another finding.';

/** Findings as their records make them, whatever their IDs and however often they changed. */
export async function standing(findings: FindingStore) {
  const all = await findings.list(undefined, {}, 1000);
  return all
    .filter(({ reason }) => reason !== withdrawn)
    .map(({ rule, group, severity, sentence, firstDateTime, lastDateTime, count, records }) => ({
      ...{ title: rule.title, group, severity, sentence, firstDateTime, lastDateTime, count, records },
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
