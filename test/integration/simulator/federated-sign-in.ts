/** A process that signs in with the managed identity's token and prints the access token. */

import { ClientAssertionCredential, ManagedIdentityCredential } from '@azure/identity';
import * as z from 'zod';

const environment = z
  .object({
    AUTHORITY_HOST: z.string(),
    IDENTITY_CLIENT_ID: z.string(),
    APP_CLIENT_ID: z.string(),
    TENANT_ID: z.string(),
  })
  .parse(process.env);

const identity = new ManagedIdentityCredential({ clientId: environment.IDENTITY_CLIENT_ID });
const credential = new ClientAssertionCredential(
  environment.TENANT_ID,
  environment.APP_CLIENT_ID,
  async () => (await identity.getToken('api://AzureADTokenExchange/.default')).token,
  { authorityHost: environment.AUTHORITY_HOST, disableInstanceDiscovery: true },
);
console.log((await credential.getToken('https://manage.office.com/.default')).token);
