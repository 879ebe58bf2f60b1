/** How this deployment lets people sign in with Microsoft Entra ID, as its page says. */

export interface EntraSettings {
  readonly clientId: string;
  /** With the audience: `https://login.microsoftonline.com/organizations`. */
  readonly authority: string;
}

/** Undefined where it is not configured: people need a key. */
export function entraSettings(): EntraSettings | undefined {
  const [clientId, authority] = [metaNamed('entra-client'), metaNamed('entra-authority')];
  return clientId === undefined || authority === undefined ? undefined : { clientId, authority };
}

function metaNamed(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
}

/** Whether the address is the answer of a sign-in, which is in its fragment. */
export function isAnswer(fragment: string): boolean {
  const members = new URLSearchParams(fragment.slice(1));
  return members.has('state') && (members.has('code') || members.has('error'));
}
