/** A simulator, a storage account and a process that onboards, shared by the tests of one file. */
import axios from 'axios';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createRoleHolderStore } from '../../../shared/adapters/tables/role-holder-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { removalKind } from '../../../shared/offboarding/removal.ts';
import { checksOf } from '../../../shared/tenants/tenant-checks.ts';
import { defaultSettings } from '../../simulator/settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { SimulatedTenant } from '../../simulator/tenant.ts';
import { startAskedProcess } from '../../support/asked-process.ts';
import { openStorage } from '../../support/run/storage.ts';
import {
  onboarderAnswerSchema,
  type OnboarderAnswer,
  type OnboarderSettings,
  type OnboarderWork,
} from './onboarder-messages.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';
export const callbackUrl = 'https://audit.example/api/consent/callback';

type Resources = Awaited<ReturnType<typeof startResources>>;
export type OnboardedTenant = ReturnType<typeof createTenant>;

async function startResources() {
  const folder = await mkdtemp(join(tmpdir(), 'onboarding-test-'));
  const storage = await openStorage();
  const caFile = join(folder, 'ca.pem');
  const simulator = await startSimulator({ tenants: [], caFile, publisherId, redirectUris: [callbackUrl] });
  const { connectionString } = storage;
  const { baseUrl, clientId, clientSecret } = simulator;
  const { refreshToken } = simulator.partner.user.get();
  const settings = { connectionString, baseUrl, clientId, clientSecret, publisherId, refreshToken };
  const onboarder = await startOnboarder(caFile, settings);
  const tables = createTables({ kind: 'connectionString', connectionString });
  const agent = new Agent({ ca: simulator.caPem });
  return {
    ...{ simulator, connectionString, onboarder, agent, clock: { offsetMs: 0 } },
    tenants: createTenantStore(tables),
    roleHolders: createRoleHolderStore(tables),
    removals: createOperationStore(tables, removalKind),
    stop: async () => {
      agent.destroy();
      await onboarder.stop();
      await simulator.stop();
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Starts all before the file's tests. After each test the simulator is itself again.
 * @returns a way to make a tenant of Microsoft 365 that no other test knows
 */
export function useOnboarding(): (changes?: Partial<SimulatedTenant>) => OnboardedTenant {
  let resources: Resources | undefined;
  beforeAll(async () => {
    resources = await startResources();
  });
  afterEach(() => {
    resources?.simulator.faults.clear();
    resources?.simulator.partner.user.patch({ signIn: 'accepted' });
    resources?.simulator.changeSettings(defaultSettings);
  });
  afterAll(() => resources?.stop());
  return (changes = {}) => {
    if (resources === undefined) throw new Error('Tenants are there only while tests run.');
    return createTenant(resources, changes);
  };
}

function createTenant(resources: Resources, changes: Partial<SimulatedTenant>) {
  const { simulator, onboarder, tenants, roleHolders, removals, connectionString, clock, agent } = resources;
  const tenantId = randomUUID();
  const domain = `${randomUUID()}.fabrikam.example`;
  simulator.addTenant({
    ...{ tenantId, domain, displayName: 'Fabrikam', auditingEnabled: true, consented: false, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    ...changes,
  });
  simulator.counters.reset();
  const work = (wanted: OnboarderWork): Promise<OnboarderAnswer> => onboarder.work(wanted, clock.offsetMs);
  const stored = async () => {
    const tenant = await tenants.get(tenantId);
    if (tenant === undefined) throw new Error('The tenant is not managed.');
    return tenant;
  };
  return {
    ...{ tenantId, domain, simulator, tenants, roleHolders, removals, connectionString, stored, work },
    /** Moves both clocks, the simulator's and the product's. */
    advance: (ms: number) => {
      clock.offsetMs += ms;
      simulator.moveClock(clock.offsetMs);
    },
    /** Opens a link as the administrator, and returns the parameters of the callback. */
    openLink: (url: string) => openLink(url, agent),
    /** State and cure of each check that has not passed. */
    missing: async () =>
      new Map(
        checksOf(await stored())
          .filter(({ state }) => state !== 'Passed')
          .map(({ name, state, code }) => [name, `${state} ${code ?? ''}`.trim()]),
      ),
  };
}

async function openLink(url: string, httpsAgent: Agent): Promise<Readonly<Record<string, string>>> {
  const { status, headers } = await axios.get<unknown>(url, {
    ...{ httpsAgent, proxy: false, maxRedirects: 0, validateStatus: () => true },
  });
  const address = new URL(String(headers['location']));
  if (status !== 302 || address.href.split('?')[0] !== callbackUrl)
    throw new Error(`The consent page was answered ${status}.`);
  return Object.fromEntries(address.searchParams);
}

/** @param caFile a certificate to trust in addition to the usual ones */
async function startOnboarder(caFile: string, settings: OnboarderSettings) {
  const { ask, stop } = await startAskedProcess({
    script: new URL('onboarder.ts', import.meta.url),
    answerSchema: onboarderAnswerSchema,
    env: { NODE_EXTRA_CA_CERTS: caFile, ONBOARDER_SETTINGS: JSON.stringify(settings) },
  });
  return {
    work: (work: OnboarderWork, clockOffsetMs: number): Promise<OnboarderAnswer> =>
      ask({ clockOffsetMs, work }),
    stop,
  };
}
