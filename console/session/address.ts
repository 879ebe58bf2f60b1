import { keyIn } from './link.ts';
import { keyCredential, type Session } from './session.ts';

type Linked = NonNullable<ReturnType<typeof keyIn>>;

/**
 * Takes a key out of the address at once, also a malformed one. What stays is what browsers note before any script runs: their
 * list of visited addresses may have the link as it was opened.
 */
function takeKey(): Linked | undefined {
  const linked = keyIn(location.hash);
  // In place of the entry in the history of this tab, so that Back does not return to the key.
  if (linked !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return linked;
}

/**
 * For the page as it was opened, and for links that are opened in it: these change only the fragment, and load nothing.
 * @returns begins to offer the keys to the session: when it is known whether someone is signed in, because a link must not
 *   replace them
 */
export function receiveKeys(): (session: Session) => void {
  let offer: ((linked: Linked) => void) | undefined;
  let waiting = takeKey();
  const receive = () => {
    const linked = takeKey();
    if (linked === undefined) return;
    if (offer === undefined) waiting = linked;
    else offer(linked);
  };
  for (const event of ['popstate', 'hashchange']) addEventListener(event, receive);
  return (session) => {
    offer = (linked) => {
      if (linked === 'malformed') session.fail('malformedLink');
      else session.offer(keyCredential(linked.key));
    };
    if (waiting !== undefined) offer(waiting);
  };
}
