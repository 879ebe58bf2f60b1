/** Partner Center, and Graph in the tenants of its customers, as a user of the partner. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { onRefusal } from '../../errors.ts';
import type { Customer, Granting, PartnerCenter } from '../../partner-center/partner-center.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import {
  createMicrosoftApi,
  type Answer,
  type MicrosoftApi,
  type MicrosoftConnection,
  type MicrosoftRequest,
} from '../microsoft/api.ts';
import { alreadyOrThrow } from './already.ts';
import { createCustomerDirectory, delegatedScopes } from './customer-directory.ts';
import { classifyPartnerCenterError } from './refusals.ts';

export interface PartnerCenterOptions extends MicrosoftConnection {
  /** Of the partner's user. */
  readonly tokens: TokenProvider;
  /** Client ID of the app registration. */
  readonly clientId: string;
  readonly partnerTenantId: string;
  /** Instead of the clouds' own root. */
  readonly partnerCenterUrl: string | undefined;
  /** Instead of the cloud's own root. */
  readonly graphUrl: string | undefined;
}

const maxAnswerBytes = 16 * 1024 * 1024;
const pageSize = 500;
const graphAppId = '00000003-0000-0000-c000-000000000000';

export function createPartnerCenter(options: PartnerCenterOptions): PartnerCenter {
  const { clientId, partnerTenantId, partnerCenterUrl, graphUrl, ...connection } = options;
  const open = createMicrosoftApi({
    ...connection,
    resource: 'partnerCenter',
    rootUrl: partnerCenterUrl,
    maxSockets: 8,
    maxAnswerBytes,
    classifyError: classifyPartnerCenterError,
  });
  const directory = createCustomerDirectory({ ...connection, graphUrl, clientId });
  const home = { tenantId: partnerTenantId, cloud: 'enterprise' } as const;
  return {
    ...directory,
    customers: (budget) => listCustomers(open(home, budget)),
    consent: (tenant, budget) => consent(open(home, budget), tenant.tenantId, clientId),
  };
}

/** Partner Center writes null where nothing is known. */
const orAbsent = z.string().min(1).optional().catch(undefined);

const customer = z
  .object({
    companyProfile: z.object({
      tenantId: z.guid().transform((id) => id.toLowerCase()),
      domain: orAbsent,
      companyName: orAbsent,
    }),
  })
  .transform(({ companyProfile: { tenantId, domain, companyName } }): Customer => {
    return { tenantId, domain, displayName: companyName ?? domain ?? tenantId };
  });

const page = z.object({
  items: z.array(customer),
  links: z
    .object({
      next: z
        .object({
          uri: z.string(),
          headers: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** @see https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers */
async function* listCustomers(api: MicrosoftApi): AsyncGenerator<readonly Customer[]> {
  const root = `${api.root}/v1`;
  const next = ({ data: { links } }: Answer<z.output<typeof page>>) => {
    if (links?.next === undefined || links.next === null) return undefined;
    const { uri, headers } = links.next;
    const url = uri.startsWith('/') ? `${root}${uri}` : uri;
    return { url, headers: Object.fromEntries((headers ?? []).map(({ key, value }) => [key, value])) };
  };
  const list = {
    schema: page,
    first: { url: `${root}/customers?size=${pageSize}` },
    next,
    items: ({ items }: z.output<typeof page>) => items,
    // The address is the same for all pages but the first: a header says which one.
    keyOf: ({ url, headers }: MicrosoftRequest) => JSON.stringify([url, headers]),
  };
  for await (const { data } of api.pages(list)) yield data.items;
}

/**
 * Delegated permissions only: Partner Center cannot grant application permissions.
 * @see https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis
 */
async function consent(api: MicrosoftApi, tenantId: string, clientId: string): Promise<Granting> {
  const url = `${api.root}/v1/customers/${encodeURIComponent(tenantId)}/applicationconsents`;
  const grants = [{ enterpriseApplicationId: graphAppId, scope: delegatedScopes.join(', ') }];
  const data = { applicationId: clientId, displayName: 'Auditkeep', applicationGrants: grants };
  // The same for all attempts, so that a repeated one is not carried out twice.
  const headers = { 'ms-requestid': randomUUID(), ValidateMfa: 'true' };
  return await api
    .send({ method: 'POST', url, data, headers })
    .then(() => 'Granted' as const, onRefusal(alreadyOrThrow));
}
