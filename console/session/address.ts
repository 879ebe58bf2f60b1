import { keyIn } from './link.ts';
import { keyCredential, type Session } from './session.ts';

/**
 * Takes a key out of the address at once, also a malformed one, and offers it to the session. What stays is what browsers
 * note before any script runs: their list of visited addresses may have the link as it was opened.
 */
function receiveKey(session: Session): void {
  const linked = keyIn(location.hash);
  if (linked === undefined) return;
  // In place of the entry in the history of this tab, so that Back does not return to the key.
  history.replaceState(history.state, '', location.pathname + location.search);
  if (linked === 'malformed') session.fail('malformedLink');
  else session.offer(keyCredential(linked.key));
}

/** For the page as it was opened, and for links that are opened in it: these change only the fragment, and load nothing. */
export function receiveKeys(session: Session): void {
  const receive = () => {
    receiveKey(session);
  };
  receive();
  for (const event of ['popstate', 'hashchange']) addEventListener(event, receive);
}
