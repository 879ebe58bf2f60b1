/** Table `RoleHolders`: one snapshot a tenant and day, packed into one column. */
import { odata } from '@azure/data-tables';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import {
  roleHolderSchema,
  type RoleHolderSnapshot,
  type RoleHolderStore,
} from '../../tenants/role-holders.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import type { StoredEntity, Tables } from './tables.ts';

const table = 'RoleHolders';

const row = z.object({ takenAt: dateColumn, holders: binaryColumn });

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  return {
    async save(tenantId, { takenAt, holders }) {
      const packed = gzipSync(JSON.stringify(holders));
      const entity = {
        partitionKey: tenantId,
        rowKey: dayOf(takenAt),
        takenAt: takenAt.toISOString(),
        holders: packed,
      };
      await tables.write(table, (client) => client.upsertEntity(entity, 'Replace'));
    },
    async list(tenantId, from, to) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey le ${dayOf(new Date(to.getTime() - 1))}`;
      const entities = await tables.all(table, { filter });
      const newest = entities.at(-1);
      return entities.filter((entity) => entity.rowKey >= dayOf(from) || entity === newest).map(toSnapshot);
    },
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function toSnapshot(entity: StoredEntity): RoleHolderSnapshot {
  const { takenAt, holders } = row.parse(entity);
  const unpacked: unknown = JSON.parse(gunzipSync(holders).toString('utf8'));
  return { takenAt, holders: z.array(roleHolderSchema).parse(unpacked) };
}
