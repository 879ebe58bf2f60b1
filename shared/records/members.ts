/** All members of a record, in the order in which answers and CSV show them: delivered ones and those that Auditkeep adds. */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { deliveredMembers } from './delivered-members.ts';
import { recordSources, type IndexedRecord } from './indexed-record.ts';
import { moment, text } from './member-declaration.ts';
import { recordTypeName } from './record-types.ts';

/** A member that Auditkeep adds. */
interface AddedMember {
  /** In the filter language, moments are compared as such. */
  readonly type: 'text' | 'moment';
  readonly value: (record: IndexedRecord) => string | undefined;
  readonly groupKey?: string;
  readonly schema: z.ZodType;
}

// `always`: every record has it, and only `select` can leave it out.
const leading = {
  id: {
    type: 'text',
    value: ({ id }) => id,
    schema: z
      .string()
      .optional()
      .meta({ title: 'Record ID', description: 'ID of the record.', always: true }),
  },
  createdDateTime: {
    type: 'moment',
    value: ({ createdDateTime }) => createdDateTime.toISOString(),
    schema: moment('When it happened.').meta({ always: true }),
  },
  createdDateTimeSource: {
    type: 'text',
    value: ({ createdSource }) => (createdSource === 'record' ? undefined : createdSource),
    schema: text('Where createdDateTime comes from if the record has no readable time of its own.'),
  },
  auditLogRecordType: {
    type: 'text',
    value: ({ summary: { recordType } }) =>
      recordType === undefined ? undefined : recordTypeName(recordType),
    groupKey: 'recordType',
    schema: text('Name of the record type; its number if it has no name.'),
  },
} as const satisfies Readonly<Record<string, AddedMember>>;

const trailing = {
  contentType: {
    type: 'text',
    value: ({ contentType }) => contentType,
    groupKey: 'contentType',
    schema: contentTypeSchema
      .optional()
      .meta({ description: 'Feed that delivers such records.', always: true }),
  },
  source: {
    type: 'text',
    value: ({ source }) => source,
    groupKey: 'source',
    schema: z.enum(recordSources).optional().meta({
      id: 'RecordSource',
      title: 'Source',
      description: 'Whether Microsoft delivered it, it was imported, or a backfill found it.',
      always: true,
    }),
  },
  ingestedDateTime: {
    type: 'moment',
    value: ({ ingestedDateTime }) => ingestedDateTime.toISOString(),
    schema: moment('When Auditkeep received it.').meta({ always: true }),
  },
} as const satisfies Readonly<Record<string, AddedMember>>;

export const addedMembers = { ...leading, ...trailing };
export const members = { ...leading, ...deliveredMembers, ...trailing };
export type RecordMember = keyof typeof members;

function schemasOf<T extends Readonly<Record<string, { readonly schema: z.ZodType }>>>(table: T) {
  const schemas = Object.entries(table).map(([name, { schema }]) => [name, schema]);
  return Object.fromEntries(schemas) as { readonly [K in keyof T]: T[K]['schema'] };
}

/** Schemas of all members as answers show them. */
export const memberSchemas = schemasOf(members);
