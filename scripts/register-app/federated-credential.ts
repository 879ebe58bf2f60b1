/** Makes the app's managed identity good for signing in as the application. */
import { cloudEndpoints, type Cloud } from '../../shared/activity/clouds.ts';
import {
  federatedCredentialSchema,
  servicePrincipalSchema,
  type Application,
  type FederatedCredential,
} from './graph-objects.ts';
import type { GraphClient } from './graph-client.ts';
import { Failure } from './usage.ts';

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
const audiences: Readonly<Record<Cloud, string>> = {
  enterprise: 'api://AzureADTokenExchange',
  gcc: 'api://AzureADTokenExchange',
  gccHigh: 'api://AzureADTokenExchangeUSGov',
  dod: 'api://AzureADTokenExchangeUSGov',
};

export interface Trust {
  readonly cloud: Cloud;
  /** The publisher's tenant, which the identity must be in, too. */
  readonly tenantId: string;
  /** The identity's principal id. */
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
 * Entra takes any id here and refuses only at sign-in, so it is looked at first.
 * @throws Failure when there is no such managed identity
 */
export async function checkIdentity(graph: GraphClient, identity: string): Promise<void> {
  const members = '$select=id,appId,displayName,servicePrincipalType';
  const found = await graph.find(`servicePrincipals/${identity}?${members}`, servicePrincipalSchema);
  if (found?.servicePrincipalType === 'ManagedIdentity') return;
  if (found !== undefined) throw new Failure(`--identity ${identity} is no managed identity.`);
  const byClientId = await graph.find(
    `servicePrincipals(appId='${identity}')?${members}`,
    servicePrincipalSchema,
  );
  throw new Failure(
    byClientId === undefined
      ? `There is no managed identity with the principal id ${identity} in this tenant. One that was made a moment ` +
          'ago can take a minute to be seen.'
      : `${identity} is the client id of the identity; its principal id is wanted: --identity ${byClientId.id}`,
  );
}
