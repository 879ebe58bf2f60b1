/** The sign-in service: metadata, keys, app-only tokens as used by `@azure/identity`, and those of the partner's user. */

import type { Cell } from './cell.ts';
import { refusalOf, type AppRegistration } from './client-assertions.ts';
import { entraErrorReply } from './entra-errors.ts';
import { jsonReply, type HttpRequest, type Reply, type Router } from './http.ts';
import { answerRefreshToken } from './partner/refresh-token-grant.ts';
import type { Partner } from './partner/relationships.ts';
import { resourceOfScope, rolesAt } from './resources.ts';
import type { Settings } from './settings.ts';
import type { TenantState, TenantStates } from './tenant-states.ts';
import type { Tokens } from './tokens.ts';

export interface SignInOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly app: AppRegistration;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
  readonly partner: Partner;
  /** ID of the partner's own tenant. */
  readonly homeTenantId: string;
}

const paths = {
  metadata: /^\/(?<tenant>[^/]+)\/(?:v2\.0\/)?\.well-known\/openid-configuration$/,
  keys: /^\/(?<tenant>[^/]+)\/discovery\/(?:v2\.0\/)?keys$/,
  token: /^\/(?<tenant>[^/]+)\/oauth2\/(?:v2\.0\/)?token$/,
} as const;

export const createSignInRouter =
  (options: SignInOptions): Router =>
  (request) => {
    const tenantOf = (pattern: RegExp): string | undefined =>
      pattern.exec(request.url.pathname)?.groups?.['tenant'];
    const metadataTenant = tenantOf(paths.metadata);
    if (metadataTenant !== undefined) {
      return {
        call: { operation: 'metadata', tenantId: metadataTenant },
        answer: () => answerMetadata(options, metadataTenant),
      };
    }
    if (tenantOf(paths.keys) !== undefined) {
      return { call: { operation: 'metadata' }, answer: () => jsonReply(200, keySet(options)) };
    }
    const tenantId = tenantOf(paths.token);
    if (tenantId === undefined || request.method !== 'POST') return undefined;
    return { call: { operation: 'token', tenantId }, answer: () => answerToken(options, request, tenantId) };
  };

/** Each key names the issuer that it is for. */
const keySet = ({ baseUrl, tokens }: SignInOptions) => ({
  keys: tokens.keySet().keys.map((key) => ({ ...key, issuer: `${baseUrl()}/{tenantid}/v2.0` })),
});

const answerMetadata = ({ baseUrl, tenants }: SignInOptions, idOrDomain: string): Reply => {
  const state = tenants.find(idOrDomain);
  if (state === undefined) return entraErrorReply(90002, 'invalid_tenant');
  const root = `${baseUrl()}/${state.tenant.tenantId}`;
  return jsonReply(200, {
    issuer: `${root}/v2.0`,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    token_endpoint: `${root}/oauth2/v2.0/token`,
    jwks_uri: `${root}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(root).host,
  });
};

const answerToken = async (
  options: SignInOptions,
  request: HttpRequest,
  idOrDomain: string,
): Promise<Reply> => {
  const form = new URLSearchParams(request.body.toString());
  if (form.get('grant_type') === 'refresh_token') return answerPartner(options, form, idOrDomain);
  const state = options.tenants.find(idOrDomain);
  if (state === undefined) return entraErrorReply(90002);
  const refusal =
    refusalOfApp(form, state, options.app) ?? (await refusalOfProof(options, form, state.tenant.tenantId));
  if (refusal !== undefined) return entraErrorReply(refusal);
  return mintFor(options, form, state);
};

const answerPartner = async (
  options: SignInOptions,
  form: URLSearchParams,
  tenantId: string,
): Promise<Reply> => {
  const { app, settings } = options;
  const refusal =
    form.get('client_id') === app.clientId ? await refusalOfProof(options, form, tenantId) : 700016;
  if (refusal !== undefined) return entraErrorReply(refusal);
  const { tokenLifetimeSeconds: lifetimeSeconds } = settings.get();
  return answerRefreshToken({ ...options, clientId: app.clientId, lifetimeSeconds }, form, tenantId);
};

const refusalOfApp = (
  form: URLSearchParams,
  state: TenantState,
  app: AppRegistration,
): number | undefined => {
  if (form.get('grant_type') !== 'client_credentials') return 70003;
  if (form.get('client_id') !== app.clientId) return 700016;
  return state.policy.get().consented ? undefined : 7000229;
};

const refusalOfProof = (
  { baseUrl, app, tokens }: SignInOptions,
  form: URLSearchParams,
  tenantId: string,
): Promise<number | undefined> => {
  const root = `${baseUrl()}/${tenantId}`;
  const audiences = [`${root}/oauth2/v2.0/token`, `${root}/oauth2/token`, `${root}/v2.0`];
  return refusalOf(form, app, { tokens, audiences });
};

/** Version 2 requests a scope, version 1 a resource. */
const mintFor = async (options: SignInOptions, form: URLSearchParams, state: TenantState): Promise<Reply> => {
  const resource = form.get('resource')?.replace(/\/$/, '') ?? resourceOfScope(form.get('scope') ?? '');
  if (resource === undefined) return entraErrorReply(70011);
  const roles = rolesAt(resource, state.policy.get().grantedRoles);
  if (roles === undefined) return entraErrorReply(500011);
  const { tenantId } = state.tenant;
  const objectId = state.servicePrincipalId;
  const lifetimeSeconds = options.settings.get().tokenLifetimeSeconds;
  const claims = { appid: options.app.clientId, appidacr: '1', idtyp: 'app', oid: objectId, ver: '1.0' };
  const issuer = `https://sts.windows.net/${tenantId}/`;
  const token = { tenantId, audience: resource, issuer, subject: objectId, roles, claims };
  return jsonReply(200, {
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    ext_expires_in: lifetimeSeconds,
    access_token: await options.tokens.mint(token, lifetimeSeconds),
  });
};
