/** The simulated search of the audit log over plain HTTP, and the adapter that calls it. */
import { createServer } from 'node:http';
import { createAuditSearch } from '../../shared/adapters/graph/audit-search.ts';
import { createAuditSearchRouter } from '../simulator/audit-search/routes.ts';
import { createCell } from '../simulator/cell.ts';
import { readRequest, sendReply } from '../simulator/http.ts';
import { graphAudience } from '../simulator/resources.ts';
import { defaultSettings, type Settings, type SettingsChange } from '../simulator/settings.ts';
import { createTenantStates } from '../simulator/tenant-states.ts';
import type { SimulatedTenant } from '../simulator/tenant.ts';
import { createTokens } from '../simulator/tokens.ts';
import { closeServer, listenLocally } from './local-server.ts';

export interface ServedAuditSearchOptions {
  readonly tenant: SimulatedTenant;
  /** The clock by which queries run. */
  readonly now: () => Date;
  readonly settings?: SettingsChange;
  /** Application roles of the tokens. */
  readonly roles?: readonly string[];
}

export async function serveAuditSearch({
  tenant,
  now,
  settings: changes = {},
  roles = ['AuditLogsQuery.Read.All'],
}: ServedAuditSearchOptions) {
  const [tokens, tenants, settings] = [
    await createTokens(),
    createTenantStates(now),
    createCell<Settings>(defaultSettings),
  ];
  settings.patch(changes);
  tenants.add(tenant);
  const { tenantId } = tenant;
  const address = { root: '' };
  const router = createAuditSearchRouter({ baseUrl: () => address.root, tenants, tokens, settings, now });
  const counts = { requests: 0, created: 0 };
  const stopping = new AbortController();
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await readRequest(incoming, address.root);
      const reply = await router(request)?.answer();
      counts.requests += 1;
      if (reply?.status === 201) counts.created += 1;
      if (reply === undefined) response.writeHead(404).end();
      else await sendReply(response, reply, { kind: 'whole' }, stopping.signal);
    })();
  });
  address.root = `http://127.0.0.1:${await listenLocally(server)}`;
  const claims = {
    tenantId,
    audience: graphAudience,
    issuer: 'simulator',
    subject: 'app',
    roles,
    claims: {},
  };
  const minted = await tokens.mint(claims, 3600);
  const provider = {
    token: () => Promise.resolve(minted),
    freshToken: () => Promise.resolve(minted),
    renew: () => undefined,
  };
  return {
    search: createAuditSearch({ tokens: provider, retryBaseMs: 1, graphUrl: address.root }),
    root: address.root,
    settings,
    counts,
    stop: async () => {
      stopping.abort();
      await closeServer(server);
    },
  };
}
