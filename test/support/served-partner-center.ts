/** The simulator's Partner Center, sign-in, and Graph for a partner, over HTTP, with the adapter that calls them. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createPartnerTokens } from '../../shared/adapters/entra/partner-tokens.ts';
import { createPartnerCenterLater } from '../../shared/adapters/partner-center/later.ts';
import type { CredentialSettings } from '../../shared/config.ts';
import { createCell } from '../simulator/cell.ts';
import { createFaults } from '../simulator/faults.ts';
import { outcomeOf } from '../simulator/fault-replies.ts';
import { readRequest, sendReply, type Reply, type Route } from '../simulator/http.ts';
import { createManagedIdentityServer, issuerOf } from '../simulator/managed-identity.ts';
import { createDelegatedGraphRouter } from '../simulator/partner/delegated-graph.ts';
import { createPartnerCenterRouter } from '../simulator/partner/partner-center.ts';
import { createPartner, type Relationship } from '../simulator/partner/relationships.ts';
import { defaultSettings, type Settings } from '../simulator/settings.ts';
import { createSignInRouter } from '../simulator/sign-in.ts';
import { createTenantStates } from '../simulator/tenant-states.ts';
import { createTokens } from '../simulator/tokens.ts';
import { closeServer, listenLocally } from './local-server.ts';
import { adatumId } from './tenants.ts';

/** Client ID of the application. */
export const servedClientId = '5f0c1d3a-77b4-4c5e-9a26-1f9f6a0c7b11';
const clientSecret = 'simulated~client.secret';
const identity = {
  clientId: '8b1de6f2-3f0a-4f63-9f4e-2d7c5b90aa21',
  principalId: '0c6f6e1b-52d9-4b38-8d0e-7a4e3c1f9d32',
  homeTenantId: adatumId,
};
const federatedIdentity = {
  issuer: issuerOf(identity),
  subject: identity.principalId,
  audience: 'api://AzureADTokenExchange',
};

export interface ServedPartnerCenterOptions {
  /** How the application proves who it is; by default with its secret. */
  readonly credential?: CredentialSettings;
  /** That signs assertions. */
  readonly certificatePem?: string;
}

export async function servePartnerCenter({ credential, certificatePem }: ServedPartnerCenterOptions = {}) {
  const now = () => new Date();
  const settings = createCell<Settings>(defaultSettings);
  const [tokens, tenants, faults, partner] = [
    await createTokens(),
    createTenantStates(now),
    createFaults(),
    createPartner(),
  ];
  const address = { root: '' };
  const app = {
    clientId: servedClientId,
    clientSecret,
    expiredClientSecrets: [],
    federatedIdentity,
    certificatePem,
  };
  const parts = {
    baseUrl: () => address.root,
    app,
    tenants,
    tokens,
    settings,
    partner,
    homeTenantId: adatumId,
  };
  const routers = [createSignInRouter, createPartnerCenterRouter, createDelegatedGraphRouter].map((create) =>
    create(parts),
  );
  const requests: string[] = [];
  const [lost, replaced] = [new Set<string>(), new Map<string, Reply>()];
  const stopping = new AbortController();
  const replyOf = (route: Route) => {
    const outcome = outcomeOf(faults.take(route.call), route.call);
    return outcome.kind === 'replace' ? outcome.reply : route.answer();
  };
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await readRequest(incoming, address.root);
      const line = `${request.method} ${request.url.pathname}`;
      requests.push(line);
      const route = routers.map((router) => router(request)).find((found) => found !== undefined);
      const reply = replaced.get(line) ?? (route && (await replyOf(route)));
      if (lost.delete(line)) response.destroy();
      else if (reply === undefined) response.writeHead(404).end();
      else await sendReply(response, reply, { kind: 'whole' }, stopping.signal);
    })();
  });
  const header = 'identity header';
  const identityServer = createManagedIdentityServer({ identity, header, tokens, signal: stopping.signal });
  address.root = `http://127.0.0.1:${await listenLocally(server)}`;
  const { root } = address;
  const partnerTokens = createPartnerTokens({
    credential: credential ?? { kind: 'secret', clientId: servedClientId, clientSecret },
    refreshToken: partner.user.get().refreshToken,
    authorityUrl: root,
  });
  return {
    partnerCenter: createPartnerCenterLater({
      ...{ tokens: partnerTokens, clientId: servedClientId, partnerTenantId: adatumId, retryBaseMs: 1 },
      ...{ partnerCenterUrl: root, graphUrl: root },
    }),
    ...{ partner, tenants, faults, requests },
    /** Requests such as `POST /path` that are carried out, and whose next answer does not arrive. */
    lost,
    /** Answers instead of the simulator's, by request. */
    replaced,
    /** Starts the endpoint of the app's managed identity. */
    serveIdentity: async () => {
      const port = await listenLocally(identityServer);
      return { header, endpoint: `http://127.0.0.1:${port}/msi/token` };
    },
    /** Adds a tenant of Microsoft 365 that has not consented, and is a customer. */
    addCustomer: (
      tenantId: string = randomUUID(),
      displayName = 'Fabrikam',
      change: Partial<Relationship> = {},
    ) => {
      const directory = { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] };
      const domain = `${displayName.toLowerCase()}.example`;
      const given = { auditingEnabled: true, consented: false, records: [], directory, exchange: {} };
      tenants.add({ tenantId, displayName, domain, ...given });
      partner.relate(tenantId, change);
      return tenantId;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([server, identityServer].filter(({ listening }) => listening).map(closeServer));
    },
  };
}
