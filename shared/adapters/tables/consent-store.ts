/** Table `Consents`: hashes of the states of consent links that are still open. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import type { ConsentStore } from '../../tenants/consent.ts';
import { dateColumn } from './columns.ts';
import { ifUnchanged, type Tables } from './tables.ts';

export const consentTable = 'Consents';
const partitionKey = 'state';

const row = z.object({ etag: z.string(), tenantId: z.string(), expiresAt: dateColumn });

export function createConsentStore(tables: Tables): ConsentStore {
  return {
    async create(stateHash, { tenantId, expiresAt }) {
      const entity = { partitionKey, rowKey: stateHash, tenantId, expiresAt: expiresAt.toISOString() };
      await tables.write(consentTable, (client) => client.createEntity(entity));
    },
    async take(stateHash) {
      const entity = await tables.get(consentTable, partitionKey, stateHash);
      if (entity === undefined) return undefined;
      const { etag, ...awaited } = row.parse(entity);
      const taken = await ifUnchanged(() =>
        tables.write(consentTable, (client) => client.deleteEntity(partitionKey, stateHash, { etag })),
      );
      return taken && awaited;
    },
  };
}

/** Links of one tenant. */
export function consentsOf(tenantId: string): string {
  return odata`PartitionKey eq ${partitionKey} and tenantId eq ${tenantId}`;
}
