/** Tokens for customers' tenants, one credential per tenant, as the configuration says. */
import {
  AuthenticationError,
  AuthenticationRequiredError,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  CredentialUnavailableError,
  ManagedIdentityCredential,
  type AccessToken,
  type GetTokenOptions,
  type TokenCredential,
} from '@azure/identity';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints, type Cloud } from '../../activity/clouds.ts';
import type { Budget } from '../../budget.ts';
import type { CredentialSettings } from '../../config.ts';
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import { resources, type Resource } from '../../tenants/sign-in.ts';
import { findTenantId } from './find-tenant-id.ts';
import { classifySignInError, tenantMissing, type SignInRefusal } from './sign-in-errors.ts';

export interface TokenProvider {
  /** Makes one attempt. @throws UpstreamError with the AADSTS number and what to do about it */
  token(tenant: TenantRef, resource: Resource, budget?: Budget): Promise<string>;
  /** A token minted now, which later calls of {@link TokenProvider.token} return as well. @throws as it does */
  freshToken(tenant: TenantRef, resource: Resource, budget?: Budget): Promise<string>;
  /**
   * Forgets a token that was refused: roles are frozen into it when it is minted. A token that has been replaced since
   * stays, so that many refused requests lead to one new token.
   */
  renew(tenant: TenantRef, refused: string): void;
}

export interface TokenProviderOptions {
  readonly credential: CredentialSettings;
  /** Instead of the cloud's own sign-in root. */
  readonly authorityUrl: string | undefined;
  readonly meter?: Meter | undefined;
}

/**
 * Audience of the assertion that a managed identity exchanges for a token.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const exchangeScopes: Readonly<Record<Cloud, string>> = {
  enterprise: 'api://AzureADTokenExchange/.default',
  gcc: 'api://AzureADTokenExchange/.default',
  gccHigh: 'api://AzureADTokenExchangeUSGov/.default',
  dod: 'api://AzureADTokenExchangeUSGov/.default',
};

/** A token that is about to expire would expire in flight. */
export const renewBeforeMs = 5 * 60_000;

export function createTokenProvider(options: TokenProviderOptions): TokenProvider {
  const credentials = new Map<string, TokenCredential>();
  const cached = new Map<string, AccessToken>();
  const credentialOf = (tenant: TenantRef): TokenCredential => {
    const key = keyOf(tenant);
    const credential = credentials.get(key) ?? createCredential(options, tenant);
    credentials.set(key, credential);
    return credential;
  };
  const mint = async (tenant: TenantRef, resource: Resource, budget?: Budget): Promise<string> => {
    try {
      const scope = scopeOf(tenant.cloud, resource);
      const issued = await credentialOf(tenant).getToken(scope, abortedBy(budget));
      if (issued === null)
        throw new UpstreamError('fail', 'NoToken', 'Microsoft Entra sign-in returned no token.');
      cached.set(`${keyOf(tenant)}/${resource}`, issued);
      return issued.token;
    } catch (error) {
      const refusal = toUpstreamError(await reasonOf(error, options, tenant, budget));
      if (isThrottled(refusal)) {
        options.meter?.('auditkeep.throttles', 1, { api: 'signIn', tenantId: tenant.tenantId });
      }
      throw refusal;
    }
  };
  return {
    async token(tenant, resource, budget) {
      const last = cached.get(`${keyOf(tenant)}/${resource}`);
      // The library caches tokens as well, but a look-up there costs more than parsing a whole request.
      const isFresh = last !== undefined && last.expiresOnTimestamp - renewBeforeMs > Date.now();
      return isFresh ? last.token : await mint(tenant, resource, budget);
    },
    async freshToken(tenant, resource, budget) {
      // The library would return its cached token: only a new credential requests a new one.
      credentials.delete(keyOf(tenant));
      return await mint(tenant, resource, budget);
    },
    renew(tenant, refused) {
      const key = keyOf(tenant);
      const newest = resources.find((resource) => cached.get(`${key}/${resource}`)?.token === refused);
      if (newest === undefined) return;
      credentials.delete(key);
      cached.delete(`${key}/${newest}`);
    },
  };
}

/** The library hides the status: only the AADSTS number shows that there were too many requests. */
function isThrottled({ code }: UpstreamError): boolean {
  return code === 'AADSTS90055';
}

function abortedBy(budget: Budget | undefined): GetTokenOptions {
  return budget === undefined ? {} : { abortSignal: budget.cutoff };
}

function keyOf({ cloud, tenantId }: TenantRef): string {
  return `${cloud}/${tenantId}`;
}

/** Everything that was granted for an API. */
export function scopeOf(cloud: Cloud, resource: Resource): string {
  const { activityApiUrl: activityApi, graphUrl: graph, ...others } = cloudEndpoints[cloud];
  const { exchangeUrl: exchange, partnerCenterUrl: partnerCenter } = others;
  const roots = { activityApi, graph, exchange, partnerCenter };
  return `${roots[resource]}/.default`;
}

function createCredential(
  { credential, authorityUrl }: TokenProviderOptions,
  tenant: TenantRef,
): TokenCredential {
  const { clientId } = credential;
  const { tenantId, cloud } = tenant;
  const authorityHost = authorityRoot(authorityUrl, cloud);
  // Instance discovery knows only Microsoft's own sign-in roots; another root is trusted because it is configured.
  const settings = {
    authorityHost,
    disableInstanceDiscovery: authorityUrl !== undefined,
    // The one retry loop is ours: it knows the budget.
    retryOptions: { maxRetries: 0 },
  };
  switch (credential.kind) {
    case 'secret':
      return new ClientSecretCredential(tenantId, clientId, credential.clientSecret, settings);
    case 'certificate':
      return new ClientCertificateCredential(tenantId, clientId, { certificate: credential.pem }, settings);
    case 'managedIdentity': {
      const identity = new ManagedIdentityCredential({ clientId: credential.identityClientId });
      const assertion = async () => (await identity.getToken(exchangeScopes[cloud])).token;
      return new ClientAssertionCredential(tenantId, clientId, assertion, settings);
    }
  }
}

/** Instead of the cloud's own sign-in root, the configured one. */
function authorityRoot(authorityUrl: string | undefined, cloud: Cloud): string {
  return authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
}

/**
 * The library reads the endpoints of a tenant first where it does not know the sign-in root, and then hides why that
 * failed: an outage, or a tenant that does not exist.
 */
async function reasonOf(
  error: unknown,
  { authorityUrl }: TokenProviderOptions,
  { tenantId, cloud }: TenantRef,
  budget: Budget | undefined,
): Promise<unknown> {
  if (!(error instanceof CredentialUnavailableError)) return error;
  const found = findTenantId(authorityRoot(authorityUrl, cloud), tenantId, budget);
  return await found.then(
    (id) => (id === undefined ? tenantMissing(error) : error),
    () => error,
  );
}

function toUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof AuthenticationError) return classifySignInError(error.errorResponse, error);
  if (error instanceof AuthenticationRequiredError)
    return classifySignInError(refusalIn(error.message), error);
  return new UpstreamError('retry', 'SignInUnavailable', 'Could not reach Microsoft Entra sign-in.', {
    cause: error,
  });
}

/** The library wraps a refusal so that only its message has the number: `unauthorized_client: Error(s): 7000229 - …`. */
function refusalIn(message: string): SignInRefusal {
  const number = /Error\(s\): (\d+)|AADSTS(\d+)/.exec(message);
  const code = number?.[1] ?? number?.[2];
  const error = /^([a-z_]+):/.exec(message)?.[1] ?? 'unknown';
  return { error, errorCodes: code === undefined ? [] : [Number(code)] };
}
