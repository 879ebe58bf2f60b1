import { entraSettings, isAnswer } from './entra-settings.ts';
import type { Session } from './session.ts';

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
  const { resume } = await import('./entra.ts');
  const credential = await resume(settings, () => {
    session.signOut('ended');
  }).catch(() => undefined);
  if (credential !== undefined) session.signIn(credential);
}

/** Begins the session of who comes back from signing in. An answer that this tab did not ask for changes nothing. */
export async function finishSignIn(session: Session): Promise<void> {
  const settings = entraSettings();
  if (settings === undefined) return;
  const { returnFromSignIn } = await import('./entra.ts');
  const returned = await returnFromSignIn(settings, () => {
    session.signOut('ended');
  }).catch(() => undefined);
  history.replaceState(null, '', returned?.path ?? location.pathname + location.search);
  if (returned === undefined) session.fail('notFinished');
  else session.signIn(returned.credential);
}
