/** Table `Tenants`, partition `policy`: the one row of the partner's policy. */
import * as z from 'zod';
import { policySchema, type PolicyStore } from '../../tenants/policy.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const key = { partitionKey: 'policy', rowKey: 'policy' };

export function createPolicyStore(tables: Tables): PolicyStore {
  const rows = openRows(tables, {
    table: 'Tenants',
    columns: z.object({ policy: jsonColumn(policySchema) }),
    toRow: ({ policy }) => policy,
  });
  return {
    get: async () => (await rows.get(key)) ?? {},
    put: async (policy) => {
      await rows.put(key, { policy });
    },
  };
}
