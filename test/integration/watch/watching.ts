/** The product as its timers drive it: polls in memory, and the watch over real storage. */
import { InvocationContext } from '@azure/functions';
import { watchCollectionFunction } from '../../../functions/watch-collection.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { CredentialSettings, StorageSettings } from '../../../shared/config.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
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
    const deps = { ...world.depsOf({ steps: [], live: (_name, port) => port }), tenants, ...settings };
    await pollDueTenants(deps, world.clock.startBudget(10 * minuteMs));
  };
  return { ...world, tenants, pollNext };
}

const identity: CredentialSettings = {
  kind: 'managedIdentity',
  clientId: 'app',
  identityClientId: 'identity',
};
const timer = { isPastDue: false, schedule: { adjustForDST: false } };

/** The watch over real storage, at six in the morning. */
export function createWatch(
  settings: StorageSettings,
  { credential = identity }: { readonly credential?: CredentialSettings } = {},
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
    ...{ telemetry: telemetry.telemetry, meter: meter.meter },
  };
  const watchOnce = async (changes: Partial<typeof deps> = {}) => {
    const context = new InvocationContext({ logHandler: () => undefined });
    await watchCollectionFunction({ ...deps, ...changes }).handler(
      { ...timer, scheduleStatus: never },
      context,
    );
  };
  return { ...deps, clock, telemetry, meter, watchOnce, run: () => watchOnce() };
}

const never = { last: '', lastUpdated: '', next: '' };
