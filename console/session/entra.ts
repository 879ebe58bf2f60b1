/**
 * Signing in with Microsoft Entra ID: authorization code with PKCE, by redirect. Loaded only when someone does. Tokens are in
 * the storage of this tab until its user signs out or closes it: the library redirects with no other storage.
 */
import {
  CacheLookupPolicy,
  createStandardPublicClientApplication,
  InteractionRequiredAuthError,
  type AccountInfo,
  type IPublicClientApplication,
} from '@azure/msal-browser';
import type { EntraSettings } from './entra-settings.ts';
import type { Credential } from './session.ts';

const root = '/console';

/** Of the own app registration, which is named by its ID: Entra refuses another name for an app that asks for itself. */
const scopesOf = ({ clientId }: EntraSettings) => [`${clientId}/access_as_user`];

/** When its user has to sign in again. */
type OnEnd = (credential: Credential) => void;

let client: Promise<IPublicClientApplication> | undefined;

function clientOf({ clientId, authority }: EntraSettings): Promise<IPublicClientApplication> {
  const redirectUri = location.origin + root;
  const knownAuthorities = [new URL(authority).host];
  client ??= createStandardPublicClientApplication({
    auth: { clientId, authority, knownAuthorities, redirectUri },
    cache: { cacheLocation: 'sessionStorage' },
  });
  return client;
}

/** Where to continue stays in the tab: it may name people and files, which the service need not know. */
const slot = 'auditkeep.return';

/** Leaves the page; it comes back with an answer in its address. @param path where to continue then */
export async function leaveToSignIn(settings: EntraSettings, path: string): Promise<void> {
  const entra = await clientOf(settings);
  // Ends an earlier attempt from which no one came back, which the library would wait for.
  await entra.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  sessionStorage.setItem(slot, path);
  await entra.loginRedirect({ scopes: scopesOf(settings), prompt: 'select_account' });
}

interface Returned {
  readonly credential: Credential;
  /** Where its user was. */
  readonly path: string;
}

/**
 * Takes the answer out of the address.
 * @param onEnd when its user has to sign in again
 * @throws for if it is not an answer to this tab, or says no
 */
export async function returnFromSignIn(settings: EntraSettings, onEnd: OnEnd): Promise<Returned | undefined> {
  const entra = await clientOf(settings);
  const result = await entra.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  if (result === null) return undefined;
  const path = sessionStorage.getItem(slot) ?? '';
  sessionStorage.removeItem(slot);
  entra.setActiveAccount(result.account);
  return {
    credential: credentialOf({ settings, entra, onEnd }, result.account),
    path: path === root || path.startsWith(`${root}/`) || path.startsWith(`${root}?`) ? path : root,
  };
}

/** After a reload of the tab. Undefined where no one has signed in. */
export async function resume(settings: EntraSettings, onEnd: OnEnd): Promise<Credential | undefined> {
  const entra = await clientOf(settings);
  const account = entra.getActiveAccount();
  return account === null ? undefined : credentialOf({ settings, entra, onEnd }, account);
}

interface SignedIn {
  readonly settings: EntraSettings;
  readonly entra: IPublicClientApplication;
  readonly onEnd: OnEnd;
}

function credentialOf({ settings, entra, onEnd }: SignedIn, account: AccountInfo): Credential {
  const credential: Credential = {
    label: account.username,
    forget: () => void entra.clearCache({ account }),
    headers: async () => {
      // No frame: the policy of the page allows none. When the refresh token has ended, its user signs in again.
      const cacheLookupPolicy = CacheLookupPolicy.AccessTokenAndRefreshToken;
      const request = { scopes: scopesOf(settings), account, cacheLookupPolicy };
      const { accessToken } = await entra.acquireTokenSilent(request).catch((error: unknown) => {
        if (error instanceof InteractionRequiredAuthError) onEnd(credential);
        throw error;
      });
      return { authorization: `Bearer ${accessToken}` };
    },
  };
  return credential;
}
