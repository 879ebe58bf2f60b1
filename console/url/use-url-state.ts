import { useLocation } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import { readState, writeState, type ChangeState, type Schema, type StateOf } from './codecs.ts';

/**
 * The state of a view. It is in the address and nowhere else, so that reloading, going back, and sending a link keep it.
 * @param schema a constant, by the names in the address
 */
export function useUrlState<S extends Schema>(schema: S): readonly [StateOf<S>, ChangeState<S>] {
  const { url, path, route } = useLocation();
  const state = useMemo(() => readState(schema, new URL(url, location.origin).search), [schema, url]);
  const change: ChangeState<S> = (changes, { push = false } = {}) => {
    // The newest address: two changes in one handler must not undo each other.
    route(`${path}${writeState(schema, location.search, changes)}`, !push);
  };
  return [state, change];
}
