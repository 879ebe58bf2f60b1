/** Table `LegalHolds`: a row for each time that a hold was placed or lifted, newest first. Rows are never changed. */
import { randomUUID } from 'node:crypto';
import { invertedTime } from '../../index/keys.ts';
import { legalHoldEventSchema, type LegalHolds } from '../../offboarding/legal-hold.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

export function createLegalHoldStore(tables: Tables): LegalHolds {
  const rows = openRows(tables, {
    table: 'LegalHolds',
    columns: legalHoldEventSchema,
    toRow: (event) => event,
  });
  return {
    events: (tenantId) => rows.partition(tenantId),
    async append(tenantId, event) {
      const rowKey = `${invertedTime(event.at)}_${randomUUID()}`;
      if (!(await rows.createOwn({ partitionKey: tenantId, rowKey }, event)))
        throw new Error('Another legal hold has this key.');
    },
  };
}
