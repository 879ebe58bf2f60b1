/** Tokens for customers' tenants, one credential per tenant, as the configuration says. */
import {
  AuthenticationError,
  AuthenticationRequiredError,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints, type Cloud } from '../../activity/clouds.ts';
import type { CredentialSettings } from '../../config.ts';
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import { resources, type Resource } from '../../tenants/sign-in.ts';
import { judgeSignIn, type SignInRefusal } from './sign-in-errors.ts';

export interface TokenProvider {
  /** @throws UpstreamError with the AADSTS number and what to do about it */
  token(tenant: TenantRef, resource: Resource): Promise<string>;
  /** A token minted now, which later calls of {@link TokenProvider.token} give too. @throws as it does */
  freshToken(tenant: TenantRef, resource: Resource): Promise<string>;
  /**
   * Forgets a token that was refused: roles are frozen into it when it is minted. One that has been replaced
   * meanwhile stays, so that many refused requests ask for one new token.
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
 * Audience of the assertion that a managed identity trades in.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
const exchangeScopes: Readonly<Record<Cloud, string>> = {
  enterprise: 'api://AzureADTokenExchange/.default',
  gcc: 'api://AzureADTokenExchange/.default',
  gccHigh: 'api://AzureADTokenExchangeUSGov/.default',
  dod: 'api://AzureADTokenExchangeUSGov/.default',
};

interface GivenToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly renewAfter: number;
}

/** A token that is about to expire would do so on the way. */
const renewBeforeMs = 5 * 60_000;

export function createTokenProvider(options: TokenProviderOptions): TokenProvider {
  const credentials = new Map<string, TokenCredential>();
  const given = new Map<string, GivenToken>();
  const credentialOf = (tenant: TenantRef): TokenCredential => {
    const key = keyOf(tenant);
    const credential = credentials.get(key) ?? createCredential(options, tenant);
    credentials.set(key, credential);
    return credential;
  };
  const mint = async (tenant: TenantRef, resource: Resource): Promise<string> => {
    try {
      const token = await credentialOf(tenant).getToken(scopeOf(tenant.cloud, resource));
      if (token === null) throw new UpstreamError('fail', 'NoToken', 'Sign-in gave no token.');
      const renewAfter = token.expiresOnTimestamp - renewBeforeMs;
      given.set(`${keyOf(tenant)}/${resource}`, { token: token.token, renewAfter });
      return token.token;
    } catch (error) {
      const refusal = toUpstreamError(error);
      if (isThrottled(refusal)) {
        options.meter?.('auditkeep.throttles', 1, { api: 'signIn', tenantId: tenant.tenantId });
      }
      throw refusal;
    }
  };
  return {
    async token(tenant, resource) {
      const last = given.get(`${keyOf(tenant)}/${resource}`);
      // The library keeps tokens, too, but asking it costs more than a request's worth of parsing.
      return last !== undefined && last.renewAfter > Date.now() ? last.token : await mint(tenant, resource);
    },
    async freshToken(tenant, resource) {
      // The library would give what it keeps: only a new credential asks anew.
      credentials.delete(keyOf(tenant));
      return await mint(tenant, resource);
    },
    renew(tenant, refused) {
      const key = keyOf(tenant);
      const newest = resources.find((resource) => given.get(`${key}/${resource}`)?.token === refused);
      if (newest === undefined) return;
      credentials.delete(key);
      given.delete(`${key}/${newest}`);
    },
  };
}

/** The library says less than it was told: only the number of the refusal shows that there were too many. */
function isThrottled({ code }: UpstreamError): boolean {
  return code === 'AADSTS90055';
}

function keyOf({ cloud, tenantId }: TenantRef): string {
  return `${cloud}/${tenantId}`;
}

function scopeOf(cloud: Cloud, resource: Resource): string {
  const { activityApiUrl, graphUrl, exchangeUrl } = cloudEndpoints[cloud];
  const roots = { activityApi: activityApiUrl, graph: graphUrl, exchange: exchangeUrl };
  return `${roots[resource]}/.default`;
}

function createCredential(
  { credential, authorityUrl }: TokenProviderOptions,
  tenant: TenantRef,
): TokenCredential {
  const { clientId } = credential;
  const { tenantId, cloud } = tenant;
  const authorityHost = authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
  // Microsoft vouches only for its own sign-in roots; another one is trusted because it is configured.
  const settings = { authorityHost, disableInstanceDiscovery: authorityUrl !== undefined };
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

function toUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (error instanceof AuthenticationError) return judgeSignIn(error.errorResponse, error);
  if (error instanceof AuthenticationRequiredError) return judgeSignIn(refusalIn(error.message), error);
  return new UpstreamError('retry', 'SignInUnavailable', 'Sign-in could not be reached.', { cause: error });
}

/** The library wraps a refusal so that only its message tells: `unauthorized_client: Error(s): 7000229 - …`. */
function refusalIn(message: string): SignInRefusal {
  const number = /Error\(s\): (\d+)|AADSTS(\d+)/.exec(message);
  const code = number?.[1] ?? number?.[2];
  const error = /^([a-z_]+):/.exec(message)?.[1] ?? 'unknown';
  return { error, errorCodes: code === undefined ? [] : [Number(code)] };
}
