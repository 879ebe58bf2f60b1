import { useEffect, useState } from 'preact/hooks';
import { session } from '../session/current.ts';
import { announce } from '../shell/announcer.tsx';
import type { Investigation } from './investigation.ts';
import { createInvestigationStore } from './store.ts';

const store = createInvestigationStore(localStorage, () => session.current()?.label ?? '');
const changed = new EventTarget();

export type ChangeInvestigation = (apply: (now: Investigation) => Investigation) => void;

/** The investigation of the person who is signed in, as this tab and others change it. */
export function useInvestigation(): readonly [Investigation, ChangeInvestigation] {
  const [investigation, setInvestigation] = useState(store.read);
  useEffect(() => {
    const read = () => {
      setInvestigation(store.read());
    };
    const readIfOurs = ({ key }: StorageEvent) => {
      if (store.isIn(key)) read();
    };
    addEventListener('storage', readIfOurs);
    changed.addEventListener('change', read);
    return () => {
      removeEventListener('storage', readIfOurs);
      changed.removeEventListener('change', read);
    };
  }, []);
  return [investigation, change];
}

function change(apply: (now: Investigation) => Investigation): void {
  try {
    store.change(apply);
  } catch {
    announce('The browser does not store the investigation: its storage is full or switched off');
  }
  changed.dispatchEvent(new Event('change'));
}
