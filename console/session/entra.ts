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
import { whyNotSignedIn } from './why-not.ts';

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
  sessionStorage.setItem(slot, path);
  // Ends an earlier attempt from which no one came back, which the library would wait for.
  await entra.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  await entra.loginRedirect({ scopes: scopesOf(settings), prompt: 'select_account' });
}

type Returned = {
  /** Where its user was. */
  readonly path: string;
} & ({ readonly credential: Credential } | ReturnType<typeof whyNotSignedIn>);

/**
 * Takes the answer out of the address.
 * @param onEnd when its user has to sign in again
 */
export async function returnFromSignIn(settings: EntraSettings, onEnd: OnEnd): Promise<Returned> {
  const path = takePath();
  const entra = await clientOf(settings);
  try {
    const result = await entra.handleRedirectPromise({ navigateToLoginRequestUrl: false });
    if (result === null) return { path, why: 'notFinished' };
    entra.setActiveAccount(result.account);
    return { path, credential: credentialOf({ settings, entra, onEnd }, result.account) };
  } catch (thrown) {
    // It would throw this for each later attempt as well.
    client = undefined;
    return { path, ...whyNotSignedIn(thrown) };
  }
}

/** Only of this console, whatever was stored; where there is none, the page stays as it was opened. */
function takePath(): string {
  const path = sessionStorage.getItem(slot) ?? '';
  sessionStorage.removeItem(slot);
  const isOwn = path === root || path.startsWith(`${root}/`) || path.startsWith(`${root}?`);
  return isOwn ? path : location.pathname + location.search;
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
