/** From a value of a record to the search for everything that has it. */
import type { AnswerTo } from '../api/paths.ts';
import type { FilterName } from './filter-fields.ts';
import { searchAddress, type SearchState } from './search-state.ts';

export type FoundRecord = AnswerTo<'ListRecordsOfTenants'>['value'][number];
type Member = keyof FoundRecord;

/** Members with a filter of their own. */
const filterOfMember: Readonly<Partial<Record<Member, FilterName>>> = {
  userId: 'actor',
  operation: 'operations',
  service: 'service',
  clientIp: 'clientIp',
  objectId: 'objectId',
  siteUrl: 'siteUrl',
  siteId: 'siteIds',
  mailboxOwner: 'mailbox',
  teamId: 'team',
  resultStatus: 'resultStatus',
  recordType: 'recordType',
  auditLogRecordType: 'recordType',
  administrativeUnits: 'administrativeUnits',
  id: 'ids',
};

/** Members that the filter language compares. */
const comparable: ReadonlySet<Member> = new Set<Member>([
  'userKey',
  'organizationId',
  'contentType',
  'source',
]);

/** A name means a person or a mailbox within its tenant only. */
const isOfOneTenant: ReadonlySet<FilterName> = new Set<FilterName>(['actor', 'mailbox', 'target', 'ids']);

/** Where a pivot starts: the range and the tenants that it keeps. */
export type Around = Pick<SearchState, 'tenants' | 'range' | 'from' | 'to'>;
type Pivot = readonly [FilterName, string];

/** The search for a value of a member; undefined if it cannot be searched for. */
export function pivotOfMember(
  around: Around,
  tenantId: string,
  member: Member,
  value: string,
): string | undefined {
  return addressOf(around, tenantId, memberPivot(member, value));
}

function memberPivot(member: Member, value: string): Pivot | undefined {
  if (!isShort(value)) return undefined;
  const name = filterOfMember[member];
  if (name !== undefined && fits(name, value)) return [name, value];
  const isCompared = comparable.has(member) || member === 'objectId' || member === 'clientIp';
  return isCompared ? ['filter', `${member} eq ${literal(value)}`] : undefined;
}

/** Filters that would take the value for something else, or refuse it. */
function fits(name: FilterName, value: string): boolean {
  if (name === 'clientIp') return isAddress(value);
  return name !== 'objectId' || !value.includes('*');
}

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const version4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

function isAddress(value: string): boolean {
  return version4.test(value) || (/^[\da-f:]+$/i.test(value) && URL.canParse(`http://[${value}]`));
}

/** The search for a value anywhere in the delivered record. @param path from the outside to the inside */
export function pivotOfPath(
  around: Around,
  tenantId: string,
  path: readonly string[],
  value: unknown,
): string | undefined {
  const filter = filterOfPath(path, value);
  return filter === undefined ? undefined : addressOf(around, tenantId, ['filter', filter]);
}

/** In the filter language; undefined for what it cannot say. */
export function filterOfPath(path: readonly string[], value: unknown): string | undefined {
  const written = literalOf(value);
  if (path.length === 0 || path.includes('') || !path.every(isWellFormed) || written === undefined)
    return undefined;
  const filter = `${['auditData', ...path.map(segment)].join('/')} eq ${written}`;
  return isShort(filter) ? filter : undefined;
}

function segment(name: string): string {
  return /^[\w.@-]+$/.test(name) ? name : literal(name);
}

function literalOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  // Others are written with an exponent, or are not what was delivered.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && isShort(value) ? literal(value) : undefined;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Of an address, the app takes 8,000 characters. */
const maxEncoded = 4000;

function isShort(text: string): boolean {
  return text.trim() !== '' && isWellFormed(text) && encodeURIComponent(text).length <= maxEncoded;
}

/** An address cannot have half of a character. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function addressOf(around: Around, tenantId: string, pivot: Pivot | undefined): string | undefined {
  if (pivot === undefined) return undefined;
  const [name, value] = pivot;
  const { range, from, to } = around;
  const tenants = isOfOneTenant.has(name) ? [tenantId] : around.tenants;
  return searchAddress({ tenants, range, from, to, [name]: [value] });
}
