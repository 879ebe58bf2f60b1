/** Records in answers. */
import * as z from 'zod';
import { groupKeys } from '../../query/group-key.ts';
import { memberSchemas } from '../../records/members.ts';
import { ofTenant } from './of-tenant.ts';
import { completeThrough, missing, moment, nextLink } from './times.ts';

const narrowed = 'If select is sent, it has only the members that select names, required ones included.';

export const recordSchema = z.strictObject(memberSchemas).meta({ id: 'Record', description: narrowed });

/** Of a record in a list. */
const expanded = {
  auditData: z.unknown().optional().meta({
    type: 'object',
    description:
      'With expand=auditData: the complete record, as Microsoft delivered it. Absent if it is larger than 4 MiB.',
  }),
};
const listedRecord = z
  .strictObject({ ...memberSchemas, ...expanded })
  .meta({ id: 'ListedRecord', description: narrowed });

const odataLink = z.string().optional().meta({
  description: 'Replaces nextLink for callers whose parameter names start with a dollar sign.',
  'x-ms-visibility': 'internal',
});

const page = { nextLink, '@odata.nextLink': odataLink, completeThrough, ...missing };

export const recordListSchema = z
  .strictObject({ value: z.array(listedRecord).meta({ title: 'Records' }), ...page })
  .meta({ id: 'RecordList' });

/** Whose record it is. */
export const newRecordOfTenant = z
  .strictObject({ ...ofTenant, ...memberSchemas })
  .meta({ id: 'NewRecordOfTenant', description: narrowed });

const recordOfTenant = z
  .strictObject({ ...ofTenant, ...memberSchemas, ...expanded })
  .meta({ id: 'RecordOfTenant', description: narrowed });

const tenantCompleteness = z
  .strictObject({ tenantId: z.guid(), displayName: z.string(), completeThrough, ...missing })
  .meta({ id: 'TenantCompleteness' });

const tenantsOfPage = z.array(tenantCompleteness).meta({
  description: 'How complete those tenants are that this page opened, or took records from.',
});

export const recordsOfTenantsSchema = z
  .strictObject({
    value: z.array(recordOfTenant).meta({ title: 'Records' }),
    ...page,
    tenants: tenantsOfPage,
  })
  .meta({ id: 'RecordsOfTenants' });

/** Whatever Microsoft delivered; a dynamic schema describes it by the record's type. */
const auditData = z.unknown().meta({
  type: 'object',
  description: 'The complete record, exactly as Microsoft delivered it.',
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

export const recordWithDataSchema = z
  .strictObject({ ...memberSchemas, auditData })
  .meta({ id: 'RecordWithData' });

const groupMembers = Object.fromEntries(
  groupKeys.map((key) => [
    key,
    z.string().nullable().optional().meta({ description: 'Present when groupBy includes it.' }),
  ]),
);

const group = z
  .strictObject({ ...groupMembers, count: z.int().meta({ description: 'Number of records in the group.' }) })
  .meta({ id: 'RecordGroup' });

const otherGroups = z.strictObject({ groups: z.int(), count: z.int() });

export const countsSchema = z
  .strictObject({
    value: z.array(group),
    other: otherGroups
      .optional()
      .meta({ description: 'Number of groups that are not listed, and of their records.' }),
    total: z.int().meta({ description: 'Number of records in all groups.' }),
    covers: z
      .strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.') })
      .meta({ description: 'The range that was counted; follow nextLink to count earlier records.' }),
    ...page,
  })
  .meta({ id: 'RecordCounts' });

const groupOfTenants = z
  .strictObject({
    tenantId: z.guid().optional().meta({ description: 'Present when groupBy includes it.' }),
    tenantDisplayName: z.string().optional().meta({ description: 'Present with tenantId.' }),
    ...group.shape,
  })
  .meta({ id: 'RecordGroupOfTenants' });

export const countsOfTenantsSchema = countsSchema
  .extend({
    value: z.array(groupOfTenants),
    covers: z
      .strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.').optional() })
      .meta({
        description:
          'The range that all pages together count; with to=complete, its end is absent until it is known.',
      }),
    tenants: tenantsOfPage,
  })
  .meta({ id: 'RecordCountsOfTenants' });
