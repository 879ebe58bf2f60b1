/** Lets the app's managed identity sign in as the application. */
import { cloudEndpoints, type Cloud } from '../../shared/activity/clouds.ts';
import {
  federatedCredentialSchema,
  servicePrincipalSchema,
  type Application,
  type FederatedCredential,
} from './graph-objects.ts';
import type { GraphClient } from './graph-client.ts';
import { Failure } from '../command-line/failure.ts';

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
const audiences: Readonly<Record<Cloud, string>> = {
  enterprise: 'api://AzureADTokenExchange',
  gcc: 'api://AzureADTokenExchange',
  gccHigh: 'api://AzureADTokenExchangeUSGov',
  dod: 'api://AzureADTokenExchangeUSGov',
};

export interface Trust {
  readonly cloud: Cloud;
  /** The publisher's tenant, which the identity must be in as well. */
  readonly tenantId: string;
  /** The identity's principal ID. */
  readonly identity: string;
}

/** The credential as it should be. */
export function wantedCredential({ cloud, tenantId, identity }: Trust): Omit<FederatedCredential, 'id'> {
  return {
    name: `managed-identity-${identity}`,
    issuer: `${cloudEndpoints[cloud].authorityUrl}/${tenantId}/v2.0`,
    subject: identity,
    audiences: [audiences[cloud]],
  };
}

export function listCredentials(
  graph: GraphClient,
  application: Pick<Application, 'id'>,
): Promise<readonly FederatedCredential[]> {
  return graph.list(`applications/${application.id}/federatedIdentityCredentials`, federatedCredentialSchema);
}

/**
 * Entra accepts any ID here and refuses only at sign-in, so it is checked first.
 * @throws Failure when the managed identity does not exist
 */
export async function checkIdentity(graph: GraphClient, identity: string): Promise<void> {
  const members = '$select=id,appId,displayName,servicePrincipalType';
  const found = await graph.find(`servicePrincipals/${identity}?${members}`, servicePrincipalSchema);
  if (found?.servicePrincipalType === 'ManagedIdentity') return;
  if (found !== undefined) throw new Failure(`--identity ${identity} is not a managed identity.`);
  const byClientId = await graph.find(
    `servicePrincipals(appId='${identity}')?${members}`,
    servicePrincipalSchema,
  );
  throw new Failure(
    byClientId === undefined
      ? `A managed identity with the principal ID ${identity} does not exist in this tenant. A new one can take a ` +
          'minute to appear.'
      : `${identity} is the client ID of the identity; use its principal ID: --identity ${byClientId.id}`,
  );
}
