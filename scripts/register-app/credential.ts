/** Signs in the user or pipeline that runs the command, and finds out its tenant. */
import {
  AggregateAuthenticationError,
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  CredentialUnavailableError,
  EnvironmentCredential,
  type TokenCredential,
} from '@azure/identity';
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { cloudEndpoints, type Cloud } from '../../shared/activity/clouds.ts';
import { Failure } from '../command-line/failure.ts';

export interface CredentialOptions {
  readonly cloud: Cloud;
  readonly tenantId: string | undefined;
  /** Replaces the cloud's own sign-in address. */
  readonly authorityUrl: string | undefined;
}

/** A pipeline's environment, then what people use; no managed identity, which would be searched for on this machine. */
export function createCredential({ cloud, tenantId, authorityUrl }: CredentialOptions): TokenCredential {
  const tenant = tenantId === undefined ? {} : { tenantId };
  const authorityHost = authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
  return new ChainedTokenCredential(
    new EnvironmentCredential({ authorityHost, disableInstanceDiscovery: authorityUrl !== undefined }),
    new AzureCliCredential(tenant),
    new AzurePowerShellCredential(tenant),
    new AzureDeveloperCliCredential(tenant),
  );
}

export interface SignedIn {
  readonly token: string;
  /** The publisher's tenant. */
  readonly tenantId: string;
}

const claims = z.object({ tid: z.guid().transform((id) => id.toLowerCase()) });

const notSignedIn = 'You are not signed in';

/** @throws Failure when no one is signed in, or in another tenant than the requested one */
export async function signIn(
  credential: TokenCredential,
  { cloud, tenantId: wanted }: CredentialOptions,
): Promise<SignedIn> {
  const login = `az login --tenant ${wanted ?? 'YOUR-TENANT'} --allow-no-subscriptions`;
  const scope = `${cloudEndpoints[cloud].graphUrl}/.default`;
  const given = await credential.getToken(scope).catch((cause: unknown) => {
    throw new Failure(`${reasonOf(cause)}: ${login}`, { cause });
  });
  if (given === null) throw new Failure(`${notSignedIn}: ${login}`);
  const tenantId = tenantOf(given.token);
  if (wanted !== undefined && wanted !== tenantId) {
    throw new Failure(
      `You are signed in to tenant ${tenantId}, not to ${wanted}: az login --tenant ${wanted}`,
    );
  }
  return { token: given.token, tenantId };
}

const longestReason = 200;

/** The library's messages are pages long; the error number, or else the first line, is what can be looked up. */
function reasonOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateAuthenticationError ? error.errors : [error];
  const refused = errors.find((one) => !(one instanceof CredentialUnavailableError));
  if (refused === undefined) return notSignedIn;
  const message = refused instanceof Error ? refused.message : '';
  const number = /AADSTS\d+/.exec(message)?.[0];
  const reason = number ?? (message.split('\n')[0] ?? '').slice(0, longestReason);
  return `The sign-in failed (${reason}). Check the network and the AZURE_… variables, or sign in`;
}

/** Not verified: Graph decides what the token permits; here only its tenant matters. */
function tenantOf(token: string): string {
  try {
    return claims.parse(decodeJwt(token)).tid;
  } catch (cause) {
    throw new Failure('The sign-in returned a token without a tenant.', { cause });
  }
}
