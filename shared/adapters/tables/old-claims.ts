/** Deletes claims of old records from the table `audit{tenant}claims`. */
import { odata } from '@azure/data-tables';
import { claimTableName, invertedTime } from '../../index/keys.ts';
import type { OldClaims } from '../../retention/old-data.ts';
import { deleteEntities, keyColumns } from './delete-rows.ts';
import { claimPartition } from './record-index.ts';
import type { Tables } from './tables.ts';

/** The time is in a column, so storage reads the whole table: a page of what it found may be empty. */
export function createOldClaims(tables: Tables): OldClaims {
  return {
    async removeClaims(tenantId, before, next) {
      const table = claimTableName(tenantId);
      const filter = `${odata`PartitionKey eq ${claimPartition}`} and n gt ${Number(invertedTime(before))}L`;
      const { entities, token } = await tables.page(table, { filter, token: next, select: [...keyColumns] });
      await deleteEntities(tables, table, entities);
      return { rows: entities.length, next: token };
    },
  };
}
