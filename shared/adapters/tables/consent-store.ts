/** Table `Consents`: hashes of the states of consent links that are still open. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import type { ConsentStore } from '../../tenants/consent.ts';
import { dateColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

export const consentTable = 'Consents';
const partitionKey = 'state';

const columns = z.object({ tenantId: z.string(), expiresAt: dateColumn });

export function createConsentStore(tables: Tables): ConsentStore {
  const rows = openRows(tables, {
    table: consentTable,
    columns,
    toRow: (awaited, { etag }) => ({ awaited, etag }),
  });
  return {
    async create(stateHash, consent) {
      if (!(await rows.createOwn(keyOf(stateHash), consent)))
        throw new Error('A consent link has this state.');
    },
    async take(stateHash) {
      const found = await rows.get(keyOf(stateHash));
      if (found === undefined) return undefined;
      const isTaken = await isWritten(() => rows.remove(keyOf(stateHash), found.etag));
      return isTaken ? found.awaited : undefined;
    },
  };
}

function keyOf(rowKey: string) {
  return { partitionKey, rowKey };
}

/** Links of one tenant. */
export function consentsOf(tenantId: string): string {
  return odata`PartitionKey eq ${partitionKey} and tenantId eq ${tenantId}`;
}
