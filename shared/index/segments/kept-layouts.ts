/** The layouts of months, as a process knows them for a while. */
import { LRUCache } from 'lru-cache';
import type { Month } from '../keys.ts';
import { layoutKeptMs, type MonthLayout, type MonthLayouts } from './month-layout.ts';
import { SegmentMissingError } from './segment-files.ts';

/** Tenants whose layouts are kept. */
const keptTenants = 1000;

type Layouts = ReadonlyMap<Month, MonthLayout>;

export interface KeptLayouts {
  get(tenantId: string): Promise<Layouts>;
  forget(tenantId: string): void;
  /** Runs again with the layouts of now if the files of a segment are gone. */
  retrying<T>(tenantId: string, read: () => Promise<T>): Promise<T>;
}

export function keepingLayouts(layouts: MonthLayouts, now: () => Date): KeptLayouts {
  const kept = new LRUCache<string, { readonly since: number; readonly read: Promise<Layouts> }>({
    max: keptTenants,
  });
  const isUsed = (since: number): boolean => {
    const age = now().getTime() - since;
    // A clock that was set back does not say how old it is.
    return age >= 0 && age < layoutKeptMs;
  };
  const get = (tenantId: string): Promise<Layouts> => {
    const known = kept.get(tenantId);
    if (known !== undefined && isUsed(known.since)) return known.read;
    const read = layouts.list(tenantId).then((all) => new Map(all.map((one) => [one.month, one])));
    kept.set(tenantId, { since: now().getTime(), read });
    read.catch(() => kept.delete(tenantId));
    return read;
  };
  return {
    get,
    forget: (tenantId) => void kept.delete(tenantId),
    async retrying(tenantId, read) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof SegmentMissingError)) throw error;
        kept.delete(tenantId);
        return await read();
      }
    },
  };
}
