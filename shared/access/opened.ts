/** What calls open: the access log names the tenants. */
import type { Caller } from './caller.ts';

/** A file with records of several tenants, which may be read in parts, with a call for each. */
export interface FileOfTenants {
  readonly id: string;
  readonly createdDateTime: Date;
  readonly tenantIds: readonly string[];
}

/** What one call opened. */
export interface Opened {
  readonly tenantIds: readonly string[];
  readonly files: readonly FileOfTenants[];
}

/** Keeps what is opened for a caller object, which belongs to one call. */
export interface OpenedByCalls {
  /** Says that this call reads from the tenants, which the caller may see: the access log names them. */
  open(caller: Caller, tenantIds: readonly string[]): void;
  /**
   * Says that this call reads the file, and that the caller may see all tenants in it: the access log names them with the first
   * such call of the caller that is accepted.
   */
  openFile(caller: Caller, file: FileOfTenants): void;
  openedBy(caller: Caller): Opened;
}

export function createOpenedByCalls(): OpenedByCalls {
  const opened = new WeakMap<Caller, { readonly tenantIds: Set<string>; readonly files: FileOfTenants[] }>();
  const ofCall = (caller: Caller) => {
    const known = opened.get(caller) ?? { tenantIds: new Set<string>(), files: [] };
    opened.set(caller, known);
    return known;
  };
  return {
    open(caller, tenantIds) {
      const known = ofCall(caller).tenantIds;
      for (const tenantId of tenantIds) known.add(tenantId);
    },
    openFile(caller, file) {
      ofCall(caller).files.push(file);
    },
    openedBy(caller) {
      const { tenantIds, files } = ofCall(caller);
      return { tenantIds: [...tenantIds], files };
    },
  };
}
