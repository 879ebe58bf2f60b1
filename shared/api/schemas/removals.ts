/** Removals of tenants, in answers. */
import * as z from 'zod';
import { deletedPlaceSchema } from '../../offboarding/removal.ts';
import { operationStatus } from './operation-members.ts';
import { count } from './tenant-members.ts';
import { moment } from './times.ts';

const removalMembers = {
  id: z.guid().meta({ title: 'Removal ID' }),
  tenantId: z.guid(),
  purge: z.boolean(),
  createdBy: z.string().describe('Who requested it.'),
  status: operationStatus,
  deleted: z.strictObject({ blobs: count, tables: count, rows: count }),
  createdDateTime: moment('When it was requested.'),
  effectiveDateTime: moment(
    'When the purge begins; until then, it can be canceled without any loss.',
  ).optional(),
  lastActionDateTime: moment('When it last made progress.'),
  attempts: count.optional(),
  retainedBlobs: count
    .describe('Blobs that an immutability policy keeps; they are deleted within a day of its end.')
    .optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
};

export const removalOfTenant = z
  .strictObject({
    id: removalMembers.id,
    purge: removalMembers.purge,
    status: removalMembers.status,
    createdBy: removalMembers.createdBy,
    createdDateTime: removalMembers.createdDateTime,
    effectiveDateTime: removalMembers.effectiveDateTime,
  })
  .meta({ id: 'RemovalOfTenant' });

export const removalSchema = z.strictObject(removalMembers).meta({ id: 'Removal' });

const removalCertificate = z
  .strictObject({
    tenantId: z.guid(),
    requestedBy: z.string(),
    requestedDateTime: moment('When the purge was requested.'),
    beganDateTime: moment('When the first data was deleted; absent if there was none.').optional(),
    endedDateTime: moment('When the removal ended: nothing was left for 15 minutes.'),
    deleted: z
      .array(deletedPlaceSchema.meta({ id: 'DeletedPlace' }))
      .readonly()
      .optional()
      .meta({
        description:
          'What was deleted by container (blobs), table (rows), and index (tables). At least so many: what was deleted right before a host ended is not counted. Absent for removals of earlier releases.',
      }),
    remaining: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  })
  .meta({ id: 'RemovalCertificate' });

export const removalResultSchema = z
  .strictObject({
    ...removalMembers,
    certificate: removalCertificate.optional().meta({ description: 'Of a purge that has succeeded.' }),
  })
  .meta({ id: 'RemovalResult' });
