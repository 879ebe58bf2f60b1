/** How the application proves to sign-in who it is, where the library of Azure has no such grant. */
import { ManagedIdentityCredential } from '@azure/identity';
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Cloud } from '../../activity/clouds.ts';
import type { CredentialSettings } from '../../config.ts';
import { exchangeScopes } from './token-provider.ts';

export interface ProofFor {
  /** Address of the token endpoint, which is the audience of an assertion. */
  readonly endpoint: string;
  readonly cloud: Cloud;
}

/**
 * Members of the form that a token endpoint takes. For one request: an assertion is valid for minutes.
 * @throws what the managed identity's endpoint throws
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
export async function clientProof(
  credential: CredentialSettings,
  { endpoint, cloud }: ProofFor,
): Promise<Readonly<Record<string, string>>> {
  switch (credential.kind) {
    case 'secret':
      return { client_secret: credential.clientSecret };
    case 'certificate':
      return asserting(await signAssertion(credential, endpoint));
    case 'managedIdentity': {
      const { identityClientId: clientId } = credential;
      // The one retry loop is ours: it knows the budget.
      const identity = new ManagedIdentityCredential({ clientId, retryOptions: { maxRetries: 0 } });
      return asserting((await identity.getToken(exchangeScopes[cloud])).token);
    }
  }
}

const asserting = (assertion: string) => ({
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});

/** @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
async function signAssertion(
  { clientId, pem }: Extract<CredentialSettings, { kind: 'certificate' }>,
  audience: string,
): Promise<string> {
  const fingerprint = new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  const thumbprint = Buffer.from(fingerprint, 'hex').toString('base64url');
  return await new SignJWT()
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('10m')
    .sign(createPrivateKey(pem));
}
