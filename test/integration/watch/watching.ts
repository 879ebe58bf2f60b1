/** The product as its timers drive it: polls in memory, and the watch over real storage. */
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { CredentialSettings, StorageSettings } from '../../../shared/config.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import { watchCollection } from '../../../shared/watch/watch-collection.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createPollWorld } from '../../support/poll-world.ts';

/** Polls one tenant as its timer does. */
export function createPolling() {
  const world = createPollWorld();
  const tenants = createFakeTenantStore([world.tenant]);
  const settings = { tenantConcurrency: 1, ceilingMs: hourMs };
  const pollNext = async () => {
    world.clock.advance(hourMs);
    const deps = { ...world.depsOf({ steps: [], inject: (_name, port) => port }), tenants, ...settings };
    await pollDueTenants(deps, world.clock.startBudget(10 * minuteMs));
  };
  return { ...world, tenants, pollNext };
}

const identity: CredentialSettings = {
  kind: 'managedIdentity',
  clientId: 'app',
  identityClientId: 'identity',
};

interface WatchedCredentials {
  readonly credential?: CredentialSettings;
  readonly partnerTokenExpires?: Date | undefined;
}

/** The watch over real storage, at six in the morning. */
export function createWatch(
  settings: StorageSettings,
  { credential = identity, partnerTokenExpires }: WatchedCredentials = {},
) {
  const clock = createClock('2026-03-10T06:00:01Z');
  const [telemetry, meter, tables] = [
    createRecordingTelemetry(),
    createRecordingMeter(),
    createTables(settings),
  ];
  const [tenants, ledger, landings] = [
    createTenantStore(tables),
    createLedger(tables),
    createLandingStore(tables),
  ];
  const deps = {
    ...{ tenants, ledger, landings, credential, queues: createWorkQueues(settings), now: clock.now },
    partnerTokenExpires,
    ...{ telemetry: telemetry.telemetry, meter: meter.meter, retention: {} },
  };
  const watchOnce = async (changes: Partial<typeof deps> = {}) => {
    await watchCollection({ ...deps, ...changes });
  };
  return { ...deps, clock, telemetry, meter, watchOnce, run: () => watchOnce() };
}
