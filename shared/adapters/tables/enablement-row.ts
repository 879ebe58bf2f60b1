/** How an enablement is packed into a row. */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import {
  enablementRequestSchema,
  enablementStatuses,
  stepSchema,
  type Enablement,
} from '../../enablement/enablement.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import type { StoredEntity } from './tables.ts';

const latest = 9_999_999_999_999;

/** Newest first. */
export function keyOf({
  createdDateTime,
  enablementId,
}: Pick<Enablement, 'createdDateTime' | 'enablementId'>): string {
  return `${String(latest - createdDateTime.getTime()).padStart(13, '0')}_${enablementId}`;
}

/** A binary column holds 64 KiB, an entity 1 MiB: what a dry run finds in many thousand mailboxes is spread. */
const columnBytes = 60 * 1024;
const maxColumns = 14;

export function toEntity(enablement: Enablement) {
  const { tenantId, enablementId, request, status, steps, createdDateTime, lastActionDateTime } = enablement;
  // Together, for a request can name many mailboxes.
  const packed = gzipSync(JSON.stringify({ request: serializeRequest(request), steps }));
  const parts = Math.ceil(packed.length / columnBytes);
  if (parts > maxColumns) throw new Error('The steps of this enablement have become too large to store.');
  const columns = Array.from({ length: parts }, (_, index): [string, Uint8Array] => [
    `packed${index}`,
    packed.subarray(index * columnBytes, (index + 1) * columnBytes),
  ]);
  return {
    partitionKey: tenantId,
    rowKey: keyOf(enablement),
    ...{ enablementId, status },
    createdDateTime: createdDateTime.toISOString(),
    lastActionDateTime: lastActionDateTime.toISOString(),
    ...Object.fromEntries<Uint8Array>(columns),
    parts,
  };
}

/** In the form that the schema reads. */
function serializeRequest(request: Enablement['request']): object {
  const { mailboxes, ...rest } = request;
  if ('all' in mailboxes) return { ...rest, mailboxes: 'all' };
  return { ...rest, mailboxes: 'named' in mailboxes ? mailboxes.named : mailboxes };
}

const row = z.object({
  partitionKey: z.string(),
  enablementId: z.string(),
  status: z.enum(enablementStatuses),
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  parts: z.number(),
});

const packedSchema = z.object({ request: enablementRequestSchema, steps: z.array(stepSchema) });

export function toEnablement(entity: StoredEntity): Enablement {
  const { partitionKey, parts, ...rest } = row.parse(entity);
  const columns = Array.from({ length: parts }, (_, index) => binaryColumn.parse(entity[`packed${index}`]));
  const packed: unknown = JSON.parse(gunzipSync(Buffer.concat(columns)).toString('utf8'));
  return { ...rest, tenantId: partitionKey, ...packedSchema.parse(packed) };
}
