/**
 * Every member whose value is delivered, declared once, in the order in which answers and CSV show them. Parsing,
 * packing, index columns, plans, filters, counts, answers and their schema are derived from this table: a new member is
 * one entry.
 */
import * as z from 'zod';
import { actorNames } from './actor-names.ts';
import { parameter, text, type DeliveredMember, type FurtherNames } from './member-declaration.ts';
import type { CodeKind } from './record-types.ts';
import { siteOfObject } from './site-url.ts';
import { administeredMailbox, targetNames } from './target-names.ts';

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
