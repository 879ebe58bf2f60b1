/**
 * The Microsoft 365 simulator: sign-in, Activity API, Graph, Exchange, Partner Center, and Key Vault over real HTTPS, and a
 * managed identity.
 */

import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { closeServer, listenLocally } from '../support/local-server.ts';
import { addedContentSchema, type AddedContent } from './activity/added-content.ts';
import { createRequestBudget } from './activity/request-budget.ts';
import { createActivityRouter } from './activity/routes.ts';
import { createAuditSearchRouter } from './audit-search/routes.ts';
import { createAdminConsentRouter } from './admin-consent.ts';
import { createApplicationsRouter } from './applications.ts';
import { createRegistrationsByTenant, type Registrations } from './applications-state.ts';
import { createServerCertificate } from './ca.ts';
import { createCell, type Cell } from './cell.ts';
import type { AppRegistration } from './client-assertions.ts';
import { createControlServer } from './control.ts';
import { createControls, type Controls, type FeedOptions } from './controls.ts';
import { createCounters } from './counters.ts';
import { createExchangeRouter } from './exchange/routes.ts';
import { createFaults } from './faults.ts';
import { createFrontDoor } from './front-door.ts';
import { createGraphRouter } from './graph.ts';
import type { Router } from './http.ts';
import { createManagedIdentityServer, issuerOf, type ManagedIdentity } from './managed-identity.ts';
import { defaultSettings, settingsChangeSchema, type Settings, type SettingsChange } from './settings.ts';
import { createDelegatedGraphRouter } from './partner/delegated-graph.ts';
import { createPartnerCenterRouter } from './partner/partner-center.ts';
import { createPartner, type Partner } from './partner/relationships.ts';
import { createSignInRouter } from './sign-in.ts';
import { createUserSignInRouter } from './user-sign-in.ts';
import { createTenantStates } from './tenant-states.ts';
import type { SimulatedTenant } from './tenant.ts';
import { createTokens } from './tokens.ts';
import { createVault, createVaultRouter, type Vault } from './vault.ts';

export interface SimulatorOptions extends SettingsChange, FeedOptions {
  readonly tenants: readonly SimulatedTenant[];
  /** Where the authority's certificate is written, for NODE_EXTRA_CA_CERTS or an agent's `ca`. */
  readonly caFile: string;
  /** Port of the HTTPS server. @default a free port */
  readonly port?: number | undefined;
  /** Port of the control server. @default a free port */
  readonly controlPort?: number | undefined;
  /** The vendor's application. @default a generated one */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Secrets that are refused with AADSTS7000222. */
  readonly expiredClientSecrets?: readonly string[] | undefined;
  /** Allowed redirect URIs after consent. @default any */
  readonly redirectUris?: readonly string[] | undefined;
  /** The application's public certificate, for signed assertions. */
  readonly certificatePem?: string | undefined;
  /** The vendor tenant's id; other PublisherIdentifiers count as missing. @default any is accepted */
  readonly publisherId?: string | undefined;
  /** The user-assigned identity behind the managed identity endpoint. @default a generated one */
  readonly managedIdentity?: ManagedIdentity | undefined;
  /** Values of secrets in the vault, by name. @default none */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** The feed's clock; tokens always use the machine's own. */
  readonly now?: (() => Date) | undefined;
}

export interface Simulator extends Controls {
  /** Sign-in authority, Activity API, Graph, Exchange, and the vault, for example `https://localhost:40001`. */
  readonly baseUrl: string;
  readonly controlUrl: string;
  /** Value for IDENTITY_ENDPOINT. */
  readonly identityEndpoint: string;
  /** Value for IDENTITY_HEADER. */
  readonly identityHeader: string;
  readonly caFile: string;
  /** The authority's certificate. */
  readonly caPem: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly managedIdentity: ManagedIdentity;
  readonly vault: Vault;
  /** The partner's user, and its relationships: there are none in the beginning. */
  readonly partner: Partner;
  /** App registrations of a tenant and their objects. */
  registrations(tenantId: string): Registrations;
  /** @throws ZodError for invalid content */
  addContent(tenantId: string, content: AddedContent): readonly string[];
  /** Closes all servers and their open connections. */
  stop(): Promise<void>;
}

const inventedClientId = '5f0c1d3a-77b4-4c5e-9a26-1f9f6a0c7b11';
const inventedClientSecret = 'simulated~client.secret';
/** Unless another one is given. */
export const inventedIdentity: ManagedIdentity = {
  clientId: '8b1de6f2-3f0a-4f63-9f4e-2d7c5b90aa21',
  principalId: '0c6f6e1b-52d9-4b38-8d0e-7a4e3c1f9d32',
  homeTenantId: 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43',
};
const federatedAudience = 'api://AzureADTokenExchange';

/** @throws Error if a port is in use or two tenants have the same ID */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const certificate = await createServerCertificate();
  await writeFile(options.caFile, certificate.caPem);
  const address = { baseUrl: '' };
  const parts = await createParts(options, () => address.baseUrl);
  const { app, controls, managedIdentity } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const routers = createRouters(parts);
  const identityHeader = randomUUID();
  const { tokens, faults, counters, settings } = parts;
  const servers = {
    front: createFrontDoor({ certificate, routers, faults, counters, settings, signal }),
    control: createControlServer(controls, signal),
    identity: createManagedIdentityServer({
      identity: managedIdentity,
      header: identityHeader,
      tokens,
      signal,
    }),
  };
  address.baseUrl = `https://localhost:${await listenLocally(servers.front, options.port)}`;
  return {
    ...controls,
    ...address,
    controlUrl: `http://127.0.0.1:${await listenLocally(servers.control, options.controlPort)}`,
    identityEndpoint: `http://127.0.0.1:${await listenLocally(servers.identity)}/msi/token`,
    identityHeader,
    caFile: options.caFile,
    caPem: certificate.caPem,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    managedIdentity,
    partner: parts.partner,
    vault: parts.vault,
    registrations: parts.registrations,
    addContent: (tenantId, content) => controls.publish(tenantId, addedContentSchema.parse(content)),
    stop: () => stopAll(stopping, Object.values(servers)),
  };
};

const createParts = async (options: SimulatorOptions, baseUrl: () => string) => {
  const settings: Cell<Settings> = createCell(defaultSettings);
  settings.patch(settingsChangeSchema.strip().parse(options));
  const clock = createCell({ offsetMs: 0 });
  const now = (): Date => new Date((options.now?.() ?? new Date()).getTime() + clock.get().offsetMs);
  const [tenants, tokens, faults] = [createTenantStates(now), await createTokens(), createFaults()];
  const counters = createCounters(options.publisherId);
  const managedIdentity = options.managedIdentity ?? inventedIdentity;
  const app = registrationOf(options, managedIdentity);
  const controls = createControls({
    ...{ tenants, tokens, faults, counters, settings, clock, now, baseUrl },
    clientId: app.clientId,
    feed: options,
  });
  for (const tenant of options.tenants) controls.addTenant(tenant);
  const registrations = createRegistrationsByTenant(managedIdentity);
  return {
    ...{ app, baseUrl, controls, counters, faults, managedIdentity, now, registrations, settings },
    ...{ tenants, tokens, partner: createPartner(), vault: createVault(options.secrets) },
    homeTenantId: options.publisherId ?? managedIdentity.homeTenantId,
  };
};

const registrationOf = (options: SimulatorOptions, identity: ManagedIdentity): AppRegistration => ({
  clientId: options.clientId ?? inventedClientId,
  clientSecret: options.clientSecret ?? inventedClientSecret,
  expiredClientSecrets: options.expiredClientSecrets ?? [],
  redirectUris: options.redirectUris,
  certificatePem: options.certificatePem,
  federatedIdentity: {
    issuer: issuerOf(identity),
    subject: identity.principalId,
    audience: federatedAudience,
  },
});

const createRouters = (parts: Awaited<ReturnType<typeof createParts>>): readonly Router[] => [
  createActivityRouter({ ...parts, clientId: parts.app.clientId, budget: createRequestBudget() }),
  createExchangeRouter(parts),
  createAdminConsentRouter(parts),
  createUserSignInRouter(parts),
  createSignInRouter(parts),
  createPartnerCenterRouter(parts),
  createVaultRouter(parts),
  createDelegatedGraphRouter(parts),
  createApplicationsRouter(parts),
  createAuditSearchRouter(parts),
  createGraphRouter(parts),
];

const stopAll = async (stopping: AbortController, servers: readonly Server[]): Promise<void> => {
  stopping.abort();
  await Promise.all(servers.map(closeServer));
};
