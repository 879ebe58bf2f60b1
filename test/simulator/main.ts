/**
 * The simulator in its own process: prints one line of JSON to standard output when it is ready, and ends on
 * SIGTERM or SIGINT, when its parent disconnects, or when the pipe on its standard input closes.
 */

import { fstatSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTenants } from './demo/demo-tenants.ts';
import { partlyAudited } from './demo/partly-audited.ts';
import { readProcessOptions, type ProcessOptions } from './process-options.ts';
import { readReplayTenant } from './replay.ts';
import { startSimulator, type Simulator } from './simulator.ts';
import type { SimulatedTenant } from './tenant.ts';

const tenantsOf = async (options: ProcessOptions): Promise<readonly SimulatedTenant[]> => {
  const now = new Date();
  const { dlpContent } = options;
  const replayed =
    options.records === undefined ? [] : [await readReplayTenant(options.records, { now, dlpContent })];
  const given = [...options.tenants, ...demoOf(options, now), ...replayed];
  const known = new Set(given.map(({ tenantId }) => tenantId));
  const generated = new Map(
    options.generate.map(({ tenantId, domain }) => [tenantId, emptyTenant(tenantId, domain)]),
  );
  return [...given, ...[...generated.values()].filter(({ tenantId }) => !known.has(tenantId))];
};

const demoOf = (
  { demo, partlyAudited: isPartlyAudited, noConsent }: ProcessOptions,
  now: Date,
): readonly SimulatedTenant[] => {
  const tenants = demo ? demoTenants(now) : [];
  return (isPartlyAudited ? partlyAudited(tenants) : tenants).map((tenant) => ({
    ...tenant,
    consented: !noConsent,
  }));
};

const emptyTenant = (tenantId: string, domain: string): SimulatedTenant => {
  const id = `${tenantId.slice(0, -4)}0001`;
  const administrator = { id, userPrincipalName: `ada.abel@${domain}`, displayName: 'Ada Abel' };
  return {
    tenantId,
    domain,
    displayName: domain,
    auditingEnabled: true,
    records: [],
    directory: { users: [administrator], groups: [], servicePrincipals: [], globalAdministratorIds: [id] },
  };
};

const describe = (simulator: Simulator, tenants: readonly SimulatedTenant[]): string => {
  const { baseUrl, controlUrl, identityEndpoint, identityHeader, caFile } = simulator;
  const { clientId, clientSecret, managedIdentity } = simulator;
  return JSON.stringify({
    ...{
      baseUrl,
      controlUrl,
      identityEndpoint,
      identityHeader,
      caFile,
      clientId,
      clientSecret,
      managedIdentity,
    },
    tenants: tenants.map(({ tenantId, displayName, domain }) => ({ tenantId, displayName, domain })),
  });
};

/** Only a closing pipe means that the parent has gone; /dev/null ends immediately, and a terminal belongs to a person. */
const isPipe = (fileDescriptor: number): boolean => {
  const status = fstatSync(fileDescriptor);
  return status.isFIFO() || status.isSocket();
};

const whenAskedToEnd = (end: () => void): void => {
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', end);
  if (process.send !== undefined && !process.connected) end();
  if (isPipe(0)) process.stdin.once('end', end).once('error', end).resume();
};

const run = async (): Promise<void> => {
  const options = readProcessOptions(process.env, process.argv.slice(2));
  const folder = options.caFile === undefined ? await mkdtemp(join(tmpdir(), 'simulator-')) : undefined;
  const tenants = await tenantsOf(options);
  const caFile = options.caFile ?? join(folder ?? tmpdir(), 'ca.pem');
  const simulator = await startSimulator({ ...options, tenants, caFile });
  for (const content of options.generate) {
    simulator.publish(content.tenantId, { ...content, kind: 'generated' });
  }
  const end = async (): Promise<void> => {
    await simulator.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    process.exit(0);
  };
  whenAskedToEnd(() => void end());
  console.log(describe(simulator, tenants));
};

await run();
