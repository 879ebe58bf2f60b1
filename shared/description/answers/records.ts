/** Records in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { groupKeys } from '../../query/group-key.ts';
import type { RecordMember } from '../../query/public-record.ts';
import { completeThrough, isPartial, moment, nextLink } from './times.ts';

const said = (description: string) => z.string().optional().meta({ description });

const members = {
  id: z.string().optional().meta({ title: 'Record ID', description: "The record's own id." }),
  createdDateTime: moment('When it happened.').optional(),
  createdDateTimeSource: said(
    'Where createdDateTime comes from when the record has no readable time of its own.',
  ),
  auditLogRecordType: said('Name of the record type; its number where it has no name.'),
  recordType: z.int().optional().meta({ description: 'Number of the record type.' }),
  operation: said('What was done.'),
  userId: said('Who did it, as the record names them.'),
  userType: said('Kind of user.'),
  userKey: said('Another id of the user.'),
  service: said('Where it happened: Exchange, SharePoint and so on.'),
  objectId: said('What it was done to: a file, a mailbox, a policy.'),
  clientIp: said('Address that it came from.'),
  resultStatus: said('How it ended.'),
  siteUrl: said('Site that it happened in.'),
  siteId: said('Id of the site.'),
  mailboxOwner: said('Whose mailbox it happened in.'),
  teamId: said('Team that it happened in.'),
  administrativeUnits: z
    .array(z.string())
    .optional()
    .meta({ description: 'Administrative units of the user.' }),
  organizationId: said('The tenant, as the record names it.'),
  contentType: contentTypeSchema.optional().meta({ description: 'Feed that it came by.' }),
  ingestedDateTime: moment('When Auditkeep received it.').optional(),
} satisfies Record<RecordMember, z.ZodType>;

export const recordSchema = z.strictObject(members).meta({ id: 'Record' });

const odataLink = z.string().optional().meta({
  description: 'In place of nextLink for who names parameters with a dollar sign.',
  'x-ms-visibility': 'internal',
});

const page = { nextLink, '@odata.nextLink': odataLink, completeThrough, isPartial };

export const recordListSchema = z
  .strictObject({ value: z.array(recordSchema).meta({ title: 'Records' }), ...page })
  .meta({ id: 'RecordList' });

const recordOfTenant = z
  .strictObject({ tenantId: z.string().meta({ title: 'Tenant ID' }), ...members })
  .meta({ id: 'RecordOfTenant' });

const tenantCompleteness = z
  .strictObject({ tenantId: z.string(), displayName: z.string(), completeThrough, isPartial })
  .meta({ id: 'TenantCompleteness' });

export const recordsOfTenantsSchema = z
  .strictObject({
    value: z.array(recordOfTenant).meta({ title: 'Records' }),
    ...page,
    tenants: z.array(tenantCompleteness).meta({ description: 'How complete each tenant is.' }),
  })
  .meta({ id: 'RecordsOfTenants' });

/** Whatever Microsoft delivered, which a dynamic schema tells makers by the record's type. */
const auditData = z.unknown().meta({
  type: 'object',
  description: 'Everything the record says, exactly as Microsoft delivered it.',
  'x-ms-dynamic-schema': {
    operationId: 'GetRecordTypeSchema',
    parameters: { recordType: { parameter: 'recordType' } },
    'value-path': 'schema',
  },
  'x-ms-dynamic-properties': {
    operationId: 'GetRecordTypeSchema',
    parameters: { recordType: { parameterReference: 'recordType' } },
    itemValuePath: 'schema',
  },
});

export const recordWithDataSchema = z.strictObject({ ...members, auditData }).meta({ id: 'RecordWithData' });

const groupMembers = Object.fromEntries(
  groupKeys.map((key) => [
    key,
    z.string().nullable().optional().meta({ description: 'Where it is in groupBy.' }),
  ]),
);

const group = z
  .strictObject({ ...groupMembers, count: z.int().meta({ description: 'Records that say so.' }) })
  .meta({ id: 'RecordGroup' });

const otherGroups = z.strictObject({ groups: z.int(), count: z.int() });

export const countsSchema = z
  .strictObject({
    value: z.array(group),
    other: otherGroups.optional().meta({ description: 'Groups that are not listed, and their records.' }),
    total: z.int().meta({ description: 'Records of all groups.' }),
    covers: z
      .strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.') })
      .meta({ description: 'The range that was counted; what lies before it is counted by nextLink.' }),
    ...page,
  })
  .meta({ id: 'RecordCounts' });
