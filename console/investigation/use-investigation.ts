import { useEffect, useState } from 'preact/hooks';
import { session } from '../session/current.ts';
import type { Investigation } from './investigation.ts';
import { createInvestigationStore, type Kept } from './store.ts';

const store = createInvestigationStore(localStorage, () => session.current()?.label ?? '');
const listeners = new Set<(kept: Kept) => void>();

/** @returns whether the browser keeps it; what it does not keep is shown until the page is left */
export type ChangeInvestigation = (apply: (now: Investigation) => Investigation) => boolean;

interface Used extends Kept {
  readonly change: ChangeInvestigation;
}

/** The investigation of the person who is signed in, as this tab and others change it. */
export function useInvestigation(): Used {
  const [kept, setKept] = useState<Kept>(() => ({ investigation: store.read(), isKept: true }));
  useEffect(() => {
    const readIfOurs = ({ key }: StorageEvent) => {
      if (store.isIn(key)) setKept({ investigation: store.read(), isKept: true });
    };
    addEventListener('storage', readIfOurs);
    listeners.add(setKept);
    return () => {
      removeEventListener('storage', readIfOurs);
      listeners.delete(setKept);
    };
  }, []);
  return { ...kept, change };
}

function change(apply: (now: Investigation) => Investigation): boolean {
  const kept = store.change(apply);
  for (const listener of listeners) listener(kept);
  return kept.isKept;
}
