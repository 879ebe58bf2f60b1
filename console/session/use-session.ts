import { useEffect, useReducer } from 'preact/hooks';
import { session } from './current.ts';

/** The session, as it changes. */
export function useSession(): typeof session {
  const [, update] = useReducer<number, undefined>((count) => count + 1, 0);
  useEffect(() => {
    const stop = session.subscribe(() => {
      update(undefined);
    });
    return () => void stop();
  }, []);
  return session;
}
