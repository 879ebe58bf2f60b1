/** The subset of the Partner Center API that lists customers and consents for applications in their tenants. */

import * as z from 'zod';
import type { Cell } from '../cell.ts';
import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from '../http.ts';
import { changePolicyOf } from '../policy-change.ts';
import { partnerCenterAudience } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { TenantStates } from '../tenant-states.ts';
import { bearerOf, type AccessToken, type Tokens } from '../tokens.ts';
import { managesApplications, type Partner } from './relationships.ts';

export interface PartnerCenterOptions {
  readonly partner: Partner;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly app: { readonly clientId: string };
  readonly settings: Cell<Settings>;
}

const paths = {
  customers: /^\/v1\/customers$/,
  consents: /^\/v1\/customers\/(?<tenantId>[^/]+)\/applicationconsents$/,
};

/** Errors of Partner Center carry a code of their own. */
export const partnerCenterError = (
  status: number,
  code: number,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => jsonReply(status, { code, description, data: [], source: 'PartnerFD' }, headers);

export const createPartnerCenterRouter =
  (options: PartnerCenterOptions): Router =>
  (request) => {
    const { pathname } = request.url;
    if (request.method === 'GET' && paths.customers.test(pathname)) {
      return { call: { operation: 'partner-center' }, answer: () => answerCustomers(options, request) };
    }
    const tenantId = paths.consents.exec(pathname)?.groups?.['tenantId'];
    if (tenantId === undefined || request.method !== 'POST') return undefined;
    return {
      call: { operation: 'partner-center', tenantId },
      answer: () => answerConsent(options, request, tenantId),
    };
  };

/** App-only tokens are not accepted, and neither are those without multifactor authentication. */
const refusalOf = ({ tokens }: PartnerCenterOptions, request: HttpRequest): Reply | undefined => {
  const token = tokens.read(bearerOf(request.headers.authorization) ?? '');
  if (token?.audience !== partnerCenterAudience || token.claims['idtyp'] !== 'user') {
    return partnerCenterError(401, 900401, 'The request was not authenticated.');
  }
  return hasMfa(token) ? undefined : partnerCenterError(401, 900421, 'MFA is required for this request.');
};

const hasMfa = ({ claims: { amr } }: AccessToken): boolean => Array.isArray(amr) && amr.includes('mfa');

const continuation = 'ms-continuationtoken';

const answerCustomers = (options: PartnerCenterOptions, request: HttpRequest): Reply => {
  const refusal = refusalOf(options, request);
  if (refusal !== undefined) return refusal;
  const size = Number(queryOf(request.url).get('size') ?? '40');
  const from = Number(request.headers[continuation] ?? '0');
  const all = options.partner.customers().map((tenantId) => customerOf(options, tenantId));
  const self = { uri: `/customers?size=${size}`, method: 'GET', headers: [] };
  const next = {
    ...{ uri: `/customers?size=${size}&seekOperation=Next`, method: 'GET' },
    headers: [{ key: 'MS-ContinuationToken', value: String(from + size) }],
  };
  return jsonReply(200, {
    totalCount: all.length,
    items: all.slice(from, from + size),
    links: { self, ...(from + size < all.length ? { next } : {}) },
    attributes: { objectType: 'Collection' },
  });
};

const customerOf = ({ tenants }: PartnerCenterOptions, tenantId: string) => {
  const tenant = tenants.find(tenantId)?.tenant;
  return {
    id: tenantId,
    companyProfile: { tenantId, domain: tenant?.domain, companyName: tenant?.displayName },
    relationshipToPartner: 'reseller',
    attributes: { objectType: 'Customer' },
  };
};

const consentSchema = z.object({
  applicationId: z.guid(),
  displayName: z.string().optional(),
  applicationGrants: z
    .array(
      z.object({
        enterpriseApplicationId: z.literal('00000003-0000-0000-c000-000000000000'),
        scope: z.string(),
      }),
    )
    .min(1),
});

const answerConsent = (options: PartnerCenterOptions, request: HttpRequest, tenantId: string): Reply => {
  const refusal = refusalOf(options, request);
  if (refusal !== undefined) return refusal;
  const relationship = options.partner.find(tenantId);
  if (relationship === undefined) return partnerCenterError(404, 900404, 'The customer was not found.');
  if (!managesApplications(relationship)) {
    return partnerCenterError(403, 900403, 'The caller may not consent in the tenant of the customer.');
  }
  const body = consentSchema.safeParse(JSON.parse(request.body.toString()));
  if (!body.success || body.data.applicationId !== options.app.clientId) {
    return partnerCenterError(400, 900400, 'The application or its grants are not valid.');
  }
  if (relationship.scopes.length > 0) {
    return partnerCenterError(409, 900409, 'Permission entry already exists.');
  }
  const scopes = body.data.applicationGrants.flatMap(({ scope }) => scope.split(/,\s*/));
  options.partner.relate(tenantId, { scopes });
  changePolicyOf(options.tenants.get(tenantId), { consented: true }, options.settings.get());
  return jsonReply(201, body.data);
};
