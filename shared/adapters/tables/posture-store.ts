/** Table `Postures`: the state of auditing, one row a tenant and day. */
import { odata } from '@azure/data-tables';
import { gunzipSync, gzipSync } from 'node:zlib';
import { postureSchema, type Posture, type PostureStore } from '../../enablement/posture.ts';
import { binaryColumn } from './columns.ts';
import { firstOf, type StoredEntity, type Tables } from './tables.ts';

const table = 'Postures';

export function createPostureStore(tables: Tables): PostureStore {
  return {
    async save(tenantId, posture) {
      const entity = {
        partitionKey: tenantId,
        rowKey: keyOf(posture),
        posture: gzipSync(JSON.stringify(posture)),
      };
      await tables.write(table, (client) => client.upsertEntity(entity, 'Replace'));
    },
    async list(tenantId, top) {
      const entities = await firstOf(tables, table, odata`PartitionKey eq ${tenantId}`, top);
      return entities.map(toPosture);
    },
  };
}

/** Days since the epoch, inverted: newest first. */
function keyOf({ takenAt }: Posture): string {
  return String(999_999 - Math.floor(Date.parse(takenAt) / 86_400_000)).padStart(6, '0');
}

function toPosture(entity: StoredEntity): Posture {
  const packed = binaryColumn.parse(entity['posture']);
  return postureSchema.parse(JSON.parse(gunzipSync(packed).toString('utf8')));
}
