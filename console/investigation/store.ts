/** Keeps the investigation of each person in the storage of their browser, where a reload and other tabs find it. */
import { emptyInvestigation, parseInvestigation, type Investigation } from './investigation.ts';

interface Slots {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

export interface Kept {
  readonly investigation: Investigation;
  /** False: the browser did not store it, because its storage is full or switched off. */
  readonly isKept: boolean;
}

const prefix = 'auditkeep.investigation.';

/** @param person who is signed in, as the console names them: others who use the same browser have their own */
export function createInvestigationStore(storage: Slots, person: () => string) {
  const slot = () => `${prefix}${person()}`;
  const read = () => parseInvestigation(storage.getItem(slot()));
  return {
    read,
    isIn: (name: string | null) => name === null || name === slot(),
    /** Reads first, so that what another tab has added stays. */
    change: (apply: (now: Investigation) => Investigation): Kept => {
      const investigation = apply(read());
      try {
        if (investigation === emptyInvestigation) storage.removeItem(slot());
        else storage.setItem(slot(), JSON.stringify(investigation));
        return { investigation, isKept: true };
      } catch {
        return { investigation, isKept: false };
      }
    },
  };
}
