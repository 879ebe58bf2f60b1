/** Signs in whoever runs the command, and tells in which tenant that is. */
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
import { Failure } from './usage.ts';

export interface CredentialOptions {
  readonly cloud: Cloud;
  readonly tenantId: string | undefined;
  /** Instead of the cloud's own sign-in root. */
  readonly authorityUrl: string | undefined;
}

/** A pipeline's environment, then what people use; no managed identity, which this machine would be searched for. */
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

/** @throws Failure when nobody is signed in, or in another tenant than the wanted one */
export async function signIn(credential: TokenCredential, options: CredentialOptions): Promise<SignedIn> {
  const token = await tokenOf(credential, options);
  const tenantId = tenantOf(token);
  if (options.tenantId !== undefined && options.tenantId !== tenantId) {
    throw new Failure(
      `You are signed in to tenant ${tenantId}, not to ${options.tenantId}: az login --tenant ${options.tenantId}`,
    );
  }
  return { token, tenantId };
}

async function tokenOf(credential: TokenCredential, { cloud, tenantId }: CredentialOptions): Promise<string> {
  const given = await credential
    .getToken(`${cloudEndpoints[cloud].graphUrl}/.default`)
    .catch((cause: unknown) => {
      throw new Failure(`${reasonOf(cause)}: ${loginLine(tenantId)}`, { cause });
    });
  if (given === null) throw new Failure(`${nobody}: ${loginLine(tenantId)}`);
  return given.token;
}

const nobody = 'Nobody is signed in';

function loginLine(tenantId: string | undefined): string {
  return `az login --tenant ${tenantId ?? 'YOUR-TENANT'} --allow-no-subscriptions`;
}

/** The library's messages are pages long; the number, or else what the first one says, is what can be looked up. */
function reasonOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateAuthenticationError ? error.errors : [error];
  const refused = errors.find((one) => !(one instanceof CredentialUnavailableError));
  if (refused === undefined) return nobody;
  const message = refused instanceof Error ? refused.message : '';
  const number = /AADSTS\d+/.exec(message)?.[0];
  const said = number ?? (message.split('\n')[0] ?? '').slice(0, longestReason);
  return `The sign-in failed (${said}). Check the network and the AZURE_… variables, or sign in`;
}

const longestReason = 200;

/** Not verified: Graph decides what the token opens, this is only about where. */
function tenantOf(token: string): string {
  try {
    return claims.parse(decodeJwt(token)).tid;
  } catch (cause) {
    throw new Failure('The sign-in gave a token that names no tenant.', { cause });
  }
}
