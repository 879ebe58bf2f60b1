/** Keeps the investigation of each person in the storage of their browser, where a reload and other tabs find it. */
import { emptyInvestigation, parseInvestigation, type Investigation } from './investigation.ts';

interface Slots {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const prefix = 'auditkeep.investigation.';

/** @param person who is signed in, as the console names them: others who use the same browser have their own */
export function createInvestigationStore(storage: Slots, person: () => string) {
  const slot = () => `${prefix}${person()}`;
  const read = () => parseInvestigation(storage.getItem(slot()));
  return {
    read,
    isIn: (name: string | null) => name === null || name === slot(),
    /** Reads first, so that what another tab has added stays. @throws when the browser does not store it */
    change: (apply: (now: Investigation) => Investigation): Investigation => {
      const next = apply(read());
      if (next === emptyInvestigation) storage.removeItem(slot());
      else storage.setItem(slot(), JSON.stringify(next));
      return next;
    },
  };
}
