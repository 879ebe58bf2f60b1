/** Lets the app's managed identity sign in as the application. */
import { cloudEndpoints, type Cloud } from '../../shared/activity/clouds.ts';
import { Failure } from '../command-line/failure.ts';
import type { GraphClient } from './graph-client.ts';
import {
  federatedCredentialSchema,
  servicePrincipalSchema,
  type Application,
  type FederatedCredential,
} from './graph-objects.ts';
import type { Work } from './work.ts';

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
const audiences: Readonly<Record<Cloud, string>> = {
  enterprise: 'api://AzureADTokenExchange',
  gcc: 'api://AzureADTokenExchange',
  gccHigh: 'api://AzureADTokenExchangeUSGov',
  dod: 'api://AzureADTokenExchangeUSGov',
};

/**
 * Entra accepts any ID here and refuses only at sign-in, so it is checked first.
 * @throws Failure when the managed identity does not exist
 */
export async function checkIdentity(graph: GraphClient, identity: string): Promise<void> {
  const found = await graph.find(`servicePrincipals/${identity}`, servicePrincipalSchema);
  if (found?.servicePrincipalType === 'ManagedIdentity') return;
  if (found !== undefined) throw new Failure(`--identity ${identity} is not a managed identity.`);
  const byClientId = await graph.find(`servicePrincipals(appId='${identity}')`, servicePrincipalSchema);
  throw new Failure(
    byClientId === undefined
      ? `A managed identity with the principal ID ${identity} does not exist in this tenant. A new one can take a ` +
          'minute to appear.'
      : `${identity} is the client ID of the identity; use its principal ID: --identity ${byClientId.id}`,
  );
}

/** Makes the application trust the managed identity, if that is known. Resolves with the other credentials. */
export async function completeCredential(
  { graph, wanted: { cloud, identity }, publisherId, change }: Work,
  application: Application | undefined,
): Promise<readonly FederatedCredential[]> {
  const path = `applications/${application?.id ?? ''}/federatedIdentityCredentials`;
  const credentials = application === undefined ? [] : await graph.list(path, federatedCredentialSchema);
  if (identity === undefined) return credentials;
  const trust = {
    issuer: `${cloudEndpoints[cloud].authorityUrl}/${publisherId}/v2.0`,
    subject: identity,
    audiences: [audiences[cloud]],
  };
  const name = `managed-identity-${identity}`;
  const same = credentials.find((one) => one.name === name || trusts(one, trust));
  if (same === undefined) {
    const body = { name, ...trust };
    await change([`trust the managed identity ${identity}`], { method: 'POST', path, body, isNew: true });
  } else if (!trusts(same, trust) || same.audiences.join() !== trust.audiences.join()) {
    const request = { method: 'PATCH', path: `${path}/${same.id}`, body: trust } as const;
    await change([`correct the trust in the managed identity ${identity} (${name})`], request);
  }
  return credentials.filter((one) => one !== same);
}

type Trust = Pick<FederatedCredential, 'issuer' | 'subject'>;

function trusts(one: Trust, { issuer, subject }: Trust): boolean {
  return one.issuer === issuer && one.subject === subject;
}
