import { entraSettings, isAnswer } from './entra-settings.ts';
import type { Credential, Session } from './session.ts';
import { whyNotSignedIn } from './why-not.ts';

/** Whether the page was opened by the service that its user signed in to. */
export function isReturning(): boolean {
  return entraSettings() !== undefined && isAnswer(location.hash);
}

/** Whether someone signed in with it in this tab, and did not sign out: its library has entries then. */
export function isResuming(session: Session): boolean {
  const settings = entraSettings();
  if (settings === undefined || session.current() !== undefined) return false;
  return Object.keys(sessionStorage).some((name) => name.includes('active-account'));
}

export async function resumeSignIn(session: Session): Promise<void> {
  const settings = entraSettings();
  if (settings === undefined) return;
  const credential = await import('./entra.ts')
    .then(({ resume }) => resume(settings, endingOf(session)))
    .catch(() => undefined);
  if (credential !== undefined) session.signIn(credential);
}

/** Begins the session of who comes back from signing in. An answer that this tab did not ask for changes nothing. */
export async function finishSignIn(session: Session): Promise<void> {
  const settings = entraSettings();
  if (settings === undefined) return;
  const here = location.pathname + location.search;
  const returned = await import('./entra.ts')
    .then(({ returnFromSignIn }) => returnFromSignIn(settings, endingOf(session)))
    .catch((thrown: unknown) => ({ path: here, ...whyNotSignedIn(thrown) }));
  history.replaceState(null, '', returned.path);
  if ('credential' in returned) session.signIn(returned.credential);
  else session.fail(returned.why, returned.code);
}

/** Ends the session of a credential, and not one that has begun since. */
function endingOf(session: Session) {
  return (credential: Credential) => {
    if (session.current() === credential) session.signOut('ended');
  };
}
