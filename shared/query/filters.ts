/** What a caller may ask of the records: typed filters, parsed strictly. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { canonicalAddress } from '../records/client-address.ts';
import { recordTypeNumbers, userTypeNumber } from '../records/record-types.ts';
import { maxFilterLength, parseFilter, type FilterNode } from './filter-language/parse-filter.ts';
import { looksLikeNetwork, parseNetwork } from './matching/networks.ts';
import {
  listSchema,
  momentSchema,
  once,
  readParameters,
  repeatedSchema,
  valueSchema,
} from './parameters/parameters.ts';

/** Everything that must hold of a record; a list means any of its values. */
export interface RecordFilters {
  /** Inclusive; absent: from the first record. */
  readonly from?: Date | undefined;
  /** Exclusive; absent: to the newest record. */
  readonly to?: Date | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly users?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly service?: readonly string[] | undefined;
  readonly recordType?: readonly number[] | undefined;
  /** `*` stands for any characters, or none. */
  readonly objectId?: readonly string[] | undefined;
  readonly siteUrl?: readonly string[] | undefined;
  readonly siteIds?: readonly string[] | undefined;
  readonly mailbox?: readonly string[] | undefined;
  readonly team?: readonly string[] | undefined;
  /** Addresses, and networks in CIDR notation. */
  readonly clientIp?: readonly string[] | undefined;
  readonly resultStatus?: readonly string[] | undefined;
  readonly userType?: readonly number[] | undefined;
  readonly administrativeUnits?: readonly string[] | undefined;
  /** Stands somewhere in the record. */
  readonly text?: string | undefined;
  readonly filter?: FilterNode | undefined;
}

const recordTypes = listSchema.transform((texts, context) =>
  texts.flatMap((text) => {
    const numbers = recordTypeNumbers(text);
    if (numbers.length === 0) context.addIssue(`names a record type that is not known: ${text.slice(0, 64)}`);
    return numbers;
  }),
);

const userTypes = listSchema.transform((texts, context) =>
  texts.flatMap((text) => {
    const number = userTypeNumber(text);
    if (number === undefined) context.addIssue(`names a user type that is not known: ${text.slice(0, 64)}`);
    return number ?? [];
  }),
);

const addresses = listSchema
  .refine(
    (texts) => texts.every((text) => canonicalAddress(text) !== undefined),
    'has a value that is no address',
  )
  .refine(
    (texts) => texts.every((text) => !looksLikeNetwork(text) || parseNetwork(text) !== undefined),
    'has a network that does not exist; send for example 192.0.2.0/24 or 2001:db8::/32',
  );

const filter = once(
  z.string().min(1, 'is empty').max(maxFilterLength, `has more than ${maxFilterLength} characters`),
).transform((text, context): FilterNode => {
  const parsed = parseFilter(text);
  if (parsed.kind === 'node') return parsed.node;
  context.addIssue(`is not understood at character ${parsed.at + 1}: ${parsed.message}`);
  return z.NEVER;
});

/** The filters, as every question about records takes them. */
export const filterParameters = z.strictObject({
  from: momentSchema.optional().meta({
    title: 'From',
    description: 'Records of this moment and later, in UTC unless it says otherwise.',
    wire: { format: 'date-time' },
  }),
  to: momentSchema.optional().meta({
    title: 'To',
    description: 'Records before this moment, in UTC unless it says otherwise.',
    wire: { format: 'date-time' },
  }),
  ids: listSchema.optional().meta({ title: 'Record IDs', description: 'Ids of records.' }),
  users: listSchema
    .optional()
    .meta({ title: 'Users', description: 'Who did it: user principal names or other ids of users.' }),
  operations: listSchema
    .optional()
    .meta({ title: 'Operations', description: 'What was done, such as FileDownloaded.' }),
  service: listSchema
    .optional()
    .meta({ title: 'Services', description: 'Where it happened, such as Exchange or SharePoint.' }),
  recordType: recordTypes
    .optional()
    .meta({ title: 'Record Types', description: 'Kinds of records, by name or number.' }),
  objectId: repeatedSchema.optional().meta({
    title: 'Object',
    description: 'What it was done to; an asterisk stands for any characters.',
  }),
  siteUrl: repeatedSchema.optional().meta({
    title: 'Site URL',
    description: 'Site that it happened in; an asterisk stands for any characters.',
  }),
  siteIds: listSchema.optional().meta({ title: 'Site IDs', description: 'Ids of sites.' }),
  mailbox: listSchema.optional().meta({ title: 'Mailboxes', description: 'Whose mailbox it happened in.' }),
  team: listSchema.optional().meta({ title: 'Teams', description: 'Ids of the groups of teams.' }),
  clientIp: addresses.optional().meta({
    title: 'Client IP',
    description: 'Addresses that it came from, or networks such as 192.0.2.0/24.',
  }),
  resultStatus: listSchema
    .optional()
    .meta({ title: 'Result', description: 'How it ended, such as Succeeded or Failed.' }),
  userType: userTypes
    .optional()
    .meta({ title: 'User Types', description: 'Kinds of users, by name or number, such as Admin.' }),
  administrativeUnits: listSchema
    .optional()
    .meta({ title: 'Administrative Units', description: 'Ids of administrative units.' }),
  text: once(valueSchema)
    .optional()
    .meta({ title: 'Text', description: 'Stands anywhere in the record, in any case.' }),
  filter: filter.optional().meta({
    title: 'Filter',
    description: "A condition in OData's language, such as operation eq 'FileDeleted' and recordType ne 4.",
  }),
});

export const rangeParameters = filterParameters.pick({ from: true, to: true });

/** A range of time, half-open; see {@link RecordFilters}. */
export type TimeRange = Pick<RecordFilters, 'from' | 'to'>;

/**
 * Parses filters alone.
 * @throws RequestError 400 naming the first parameter that is unknown or malformed
 */
export function parseFilters(query: URLSearchParams): RecordFilters {
  const { parameters } = readParameters(filterParameters, query);
  checkRange(parameters);
  return parameters;
}

/** Parses `from` and `to` alone. @throws RequestError 400 as {@link parseFilters} */
export function parseRange(query: URLSearchParams): TimeRange {
  const { from, to } = readParameters(rangeParameters, query).parameters;
  checkRange({ from, to });
  return { from, to };
}

/** @throws RequestError 400 when the range ends before it begins */
export function checkRange({ from, to }: TimeRange): void {
  if (from !== undefined && to !== undefined && from >= to) {
    throw invalidParameter(
      'to',
      'to must be later than from; the range is from (inclusive) to to (exclusive).',
    );
  }
}
