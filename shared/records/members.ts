/**
 * Every member of a record, declared once, in the order in which answers and CSV show them. Parsing, packing, index
 * columns, plans, filters, counts, answers and their schema are derived from this table: a new member is one entry.
 */
import * as z from 'zod';
import { contentTypeSchema, type ContentType } from '../activity/content-types.ts';
import type { JsonObject } from '../json.ts';
import { actorNames } from './actor-names.ts';
import type { TextKind } from './normalize.ts';
import { recordTypeName, type CodeKind } from './record-types.ts';
import { siteOfObject } from './site-url.ts';
import { administeredMailbox, targetNames } from './target-names.ts';

/** A member whose value is in the delivered record. */
export interface DeliveredMember {
  /** How the value is read, compared and shown; a `list` holds texts. */
  readonly kind: TextKind | CodeKind | 'list';
  /** Delivered fields; the first one that has a value is shown. */
  readonly from: readonly string[];
  /** The record is found by the values of all fields, and by each value in one of them. */
  readonly several?: true;
  /** Further names: rows exist for each. A filter of its own asks for all of them, or else the member's filter does. */
  readonly named?: FurtherNames;
  /** What the record implies if no field has a value. */
  readonly implied?: (fields: JsonObject) => string | undefined;
  /** How index rows hold the value: a stored format, never to be changed. */
  readonly stored: StoredMember;
  /** Name in `groupBy`. */
  readonly groupKey?: string;
  readonly filter?: MemberFilter;
  /** In the filter, `*` matches any characters, or none. */
  readonly wildcards?: true;
  readonly schema: z.ZodType;
}

/** Partitions of the index by values, from the rarest kind of value to the most frequent. */
export const memberDimensions = ['object', 'container', 'ip', 'user', 'operation'] as const;
export type MemberDimension = (typeof memberDimensions)[number];

interface StoredMember {
  /** Index in the packed summary; a new member takes the next one. */
  readonly slot: number;
  /** Column that storage filters rows by. One letter: it is billed with every row. */
  readonly column?: string;
  /** Partition that has a row for the value. */
  readonly dimension?: MemberDimension;
  /** Part of the hash that keeps the values of several members in one partition apart. */
  readonly salt?: string;
}

interface FurtherNames {
  readonly names: (fields: JsonObject) => readonly string[];
  readonly filter?: MemberFilter;
}

/** A query parameter that filters by the member. */
interface MemberFilter {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** A member that Auditkeep adds. */
interface AddedMember {
  /** In the filter language, moments are compared as such. */
  readonly type: 'text' | 'moment';
  readonly value: (record: IndexedRecord) => string | undefined;
  readonly groupKey?: string;
  readonly schema: z.ZodType;
}

function parameter<const Name extends string>(name: Name, title: string, description: string) {
  return { name, title, description };
}

const text = (description: string) => z.string().optional().meta({ description });
const moment = (description: string) =>
  z.iso.datetime().optional().meta({ description, format: 'date-time' });

export const deliveredMembers = {
  recordType: {
    kind: 'recordType',
    from: ['RecordType'],
    stored: { slot: 12, column: 't' },
    filter: parameter('recordType', 'Record Types', 'Record types, by name or number.'),
    schema: z.int().optional().meta({ description: 'Number of the record type.' }),
  },
  operation: {
    kind: 'text',
    from: ['Operation'],
    stored: { slot: 0, column: 'o', dimension: 'operation' },
    groupKey: 'operation',
    filter: parameter('operations', 'Operations', 'What was done, such as FileDownloaded.'),
    schema: text('What was done.'),
  },
  userId: {
    kind: 'text',
    from: ['UserId'],
    stored: { slot: 1, column: 'u', dimension: 'user' },
    groupKey: 'user',
    filter: parameter('users', 'Users', 'Who did it: user principal names or other user IDs.'),
    named: {
      names: actorNames,
      filter: parameter(
        'actor',
        'People',
        'Who did it, by any name: records under all names that are known of the person are found.',
      ),
    },
    schema: text('Who did it, as named in the record.'),
  },
  userType: {
    kind: 'userType',
    from: ['UserType'],
    stored: { slot: 2 },
    groupKey: 'userType',
    filter: parameter('userType', 'User Types', 'User types, by name or number, such as Admin.'),
    schema: text('Type of the user.'),
  },
  userKey: { kind: 'text', from: ['UserKey'], stored: { slot: 3 }, schema: text('Another ID of the user.') },
  service: {
    kind: 'text',
    from: ['Workload'],
    stored: { slot: 4, column: 's' },
    groupKey: 'service',
    filter: parameter('service', 'Services', 'Where it happened, such as Exchange or SharePoint.'),
    schema: text('Where it happened, such as Exchange or SharePoint.'),
  },
  objectId: {
    kind: 'text',
    from: ['ObjectId'],
    stored: { slot: 5, column: 'b', dimension: 'object' },
    groupKey: 'objectId',
    filter: parameter('objectId', 'Object', 'What it was done to; an asterisk matches any characters.'),
    wildcards: true,
    named: {
      names: targetNames,
      filter: parameter(
        'target',
        'Targets',
        'Who or what it was done to or for, by any name: mailboxes, delegates, forwarding addresses, members.',
      ),
    },
    schema: text('What it was done to, such as a file, a mailbox or a policy.'),
  },
  clientIp: {
    kind: 'address',
    from: ['ClientIP', 'ClientIPAddress', 'ActorIpAddress', 'ActorIP', 'UserIp', 'ClientIPs'],
    several: true,
    stored: { slot: 6, column: 'i', dimension: 'ip' },
    groupKey: 'clientIp',
    filter: parameter('clientIp', 'Client IP', 'IP addresses, or networks such as 192.0.2.0/24.'),
    schema: text('IP address that it came from.'),
  },
  resultStatus: {
    kind: 'text',
    from: ['ResultStatus'],
    stored: { slot: 7, column: 'r' },
    groupKey: 'resultStatus',
    filter: parameter('resultStatus', 'Result', 'Outcome, such as Succeeded or Failed.'),
    schema: text('Outcome.'),
  },
  siteUrl: {
    kind: 'url',
    from: ['SiteUrl'],
    implied: siteOfObject,
    stored: { slot: 8, column: 'w', dimension: 'container', salt: 'site:' },
    groupKey: 'siteUrl',
    filter: parameter('siteUrl', 'Site URL', 'Site that it happened in.'),
    schema: text('Site that it happened in.'),
  },
  siteId: {
    kind: 'text',
    from: ['Site'],
    stored: { slot: 16 },
    filter: parameter('siteIds', 'Site IDs', 'IDs of sites.'),
    schema: text('ID of the site.'),
  },
  mailboxOwner: {
    kind: 'text',
    from: ['MailboxOwnerUPN'],
    stored: { slot: 9, column: 'm', dimension: 'container', salt: 'mailbox:' },
    groupKey: 'mailbox',
    filter: parameter(
      'mailbox',
      'Mailboxes',
      'Mailboxes that it happened in or that administrators changed, by any name.',
    ),
    named: { names: administeredMailbox },
    schema: text('Owner of the mailbox that it happened in.'),
  },
  teamId: {
    kind: 'text',
    from: ['AADGroupId', 'TeamGuid'],
    several: true,
    stored: { slot: 10, dimension: 'container', salt: 'team:' },
    groupKey: 'team',
    filter: parameter('team', 'Teams', 'IDs of the groups of teams.'),
    schema: text('Team that it happened in.'),
  },
  administrativeUnits: {
    kind: 'list',
    from: ['AssociatedAdminUnits'],
    stored: { slot: 17 },
    filter: parameter('administrativeUnits', 'Administrative Units', 'IDs of administrative units.'),
    schema: z.array(z.string()).optional().meta({ description: 'Administrative units of the user.' }),
  },
  organizationId: {
    kind: 'text',
    from: ['OrganizationId'],
    stored: { slot: 11 },
    schema: text('The tenant, as named in the record.'),
  },
} as const satisfies Readonly<Record<string, DeliveredMember>>;

type Delivered = typeof deliveredMembers;
export type DeliveredName = keyof Delivered;

/** A delivered value as rows hold it, by kind. */
type StoredValue<Kind> = Kind extends 'list' ? readonly string[] : Kind extends CodeKind ? number : string;

/** The delivered values of a record; absent means not delivered. */
export type RecordSummary = {
  readonly [K in DeliveredName]?: StoredValue<Delivered[K]['kind']> | undefined;
} & {
  /** What a record is also found by: values that differ from the one that is shown. Absent if there are none. */
  readonly further?: FurtherValues | undefined;
};

/** Members that may have more values than the one that is shown. */
export type SeveralMember = {
  [K in DeliveredName]: Delivered[K] extends { readonly several: true } ? K : never;
}[DeliveredName];

/** Members that have further names. */
export type NamedMember = {
  [K in DeliveredName]: Delivered[K] extends { readonly named: FurtherNames } ? K : never;
}[DeliveredName];

export type FurtherValues = Readonly<Partial<Record<SeveralMember | NamedMember, readonly string[]>>>;

/** How records come here: delivered by Microsoft's feed, or imported from what a customer had exported before. */
export const recordSources = ['feed', 'import'] as const;
export type RecordSource = (typeof recordSources)[number];

/** Where createdDateTime comes from; anything but `record` means that the record has no readable time of its own. */
export type CreatedSource = 'record' | 'contentCreated' | 'ingested';

/** A record as the index knows it. */
export interface IndexedRecord {
  readonly id: string;
  readonly createdDateTime: Date;
  readonly createdSource: CreatedSource;
  readonly summary: RecordSummary;
  readonly contentType: ContentType;
  readonly source: RecordSource;
  readonly ingestedDateTime: Date;
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
      description: 'Whether Microsoft delivered it, or it was imported.',
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
