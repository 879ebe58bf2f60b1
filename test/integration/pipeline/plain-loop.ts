/** What queries mean, written down a second time and as plainly as can be: a loop over all records. */
import * as z from 'zod';
import type { Query } from './asking.ts';

/** The content of a record, and where it must appear. */
export interface PlainRecord {
  readonly line: Buffer;
  readonly time: number;
  /** The value of each member that is shown. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** All values, of members that may have several. */
  readonly several: Readonly<Record<string, readonly string[]>>;
  readonly recordType: string | undefined;
  readonly userType: string | undefined;
  readonly units: readonly string[];
  /** The record as delivered, and every name and value in it. */
  readonly texts: readonly string[];
}

/** Query parameter and the member of the record that it filters by. */
export const members = {
  users: 'UserId',
  operations: 'Operation',
  service: 'Workload',
  objectId: 'ObjectId',
  siteUrl: 'SiteUrl',
  siteIds: 'Site',
  mailbox: 'MailboxOwnerUPN',
  team: 'AADGroupId',
  clientIp: 'ClientIP',
  resultStatus: 'ResultStatus',
} as const;

const isText = z.string();

/** Reads a record that was delivered in a content blob of this moment. */
export function readPlainly(line: Buffer, contentCreated: Date): PlainRecord {
  const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(line.toString()));
  const values: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    Object.entries(members).map(([parameter, member]) => [parameter, said(fields[member])] as const),
  );
  const addresses = ['ClientIP', 'ClientIPAddress', 'ActorIpAddress', 'ActorIP', 'UserIp']
    .flatMap((name) => said(fields[name])?.split(/[,;]/) ?? [])
    .filter((address) => !/^\W*(null|not available|unknown|none|not-found|n\/a|)\W*$/i.test(address));
  const teams = ['AADGroupId', 'TeamGuid'].flatMap((name) => said(fields[name]) ?? []);
  const site = /^https:\/\/[a-z0-9-]+\.sharepoint\.com(\/(sites|teams|personal)\/[^/]+)?(?=\/|$)/i;
  const implied = site.exec(said(fields['ObjectId']) ?? '')?.[0];
  const type = fields['RecordType'];
  return {
    line,
    time: timeOf(isText.safeParse(fields['CreationTime']).data) ?? contentCreated.getTime(),
    values: { ...values, clientIp: addresses[0], team: teams[0], siteUrl: values['siteUrl'] ?? implied },
    several: { clientIp: addresses, team: teams, mailbox: mailboxesOf(fields) },
    recordType: typeof type === 'number' || typeof type === 'string' ? String(type) : undefined,
    userType: said(fields['UserType']),
    units: z.array(z.string()).catch([]).parse(fields['AssociatedAdminUnits']),
    texts: [line.toString(), ...textsIn(fields)],
  };
}

/** The mailbox that it happened in, and the one that an administrator changed. */
function mailboxesOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const list = z.array(z.looseObject({ Name: z.string(), Value: z.unknown() })).catch([]);
  const changed = list.parse(fields['Parameters']).find(({ Name }) => Name === 'Identity')?.Value;
  const isChange = fields['Operation'] === 'Set-Mailbox' && !(said(fields['UserId']) ?? '').startsWith('NT ');
  const names = [fields['MailboxOwnerUPN'], ...(isChange ? [said(changed)?.split('\\').at(-1)] : [])];
  return names.flatMap((name) => said(name) ?? []);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)]);
}

function said(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  const nothing = ['', '<null>', '__NULL__'];
  return typeof text !== 'string' || nothing.includes(text.trim()) ? undefined : text;
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(`${(text ?? '').replace(' ', 'T').replace(/Z$/, '')}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a loop over all records would pick this one. Lists are parsed, not as they are sent. */
export function isPicked(record: PlainRecord, asked: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(asked).every(([parameter, wanted]) => {
    const special = readings[parameter];
    if (special !== undefined) return special(record, wanted);
    const value = record.values[parameter];
    const values = record.several[parameter] ?? (value === undefined ? [] : [value]);
    return values.some((each) => wanted.some((one) => isSame(parameter, one, each)));
  });
}

/** Parameters that are not lists of texts. */
const readings: Readonly<Record<string, (record: PlainRecord, wanted: readonly string[]) => boolean>> = {
  from: ({ time }, wanted) => time >= Date.parse(wanted[0] ?? ''),
  to: ({ time }, wanted) => time < Date.parse(wanted[0] ?? ''),
  recordType: ({ recordType }, wanted) => recordType !== undefined && wanted.includes(recordType),
  userType: ({ userType }, wanted) => wanted.includes(userType ?? ''),
  administrativeUnits: ({ units }, wanted) => wanted.some((one) => units.includes(one)),
  text: ({ texts }, wanted) => wanted.every((one) => texts.some((text) => folded(text, one))),
};

function isSame(parameter: string, wanted: string, value: string): boolean {
  if (parameter === 'objectId' && isLike(wanted, value)) return true;
  if (parameter === 'clientIp' && isInside(wanted, value)) return true;
  return sameKey(parameter, wanted) === sameKey(parameter, value);
}

function folded(text: string, wanted: string): boolean {
  const [one, other] = [text, wanted].map((each) => each.normalize().toLowerCase().normalize());
  return one?.includes(other ?? '') === true;
}

/** `*` means any characters. */
function isLike(pattern: string, value: string): boolean {
  const [one = '', other = ''] = [pattern, value].map((each) =>
    each.normalize().trim().toLowerCase().normalize(),
  );
  const escaped = one.split('*').map((piece) => piece.replaceAll(/[^\p{L}\p{N}]/gu, (c) => `\\u{${hex(c)}}`));
  return new RegExp(`^${escaped.join('.*')}$`, 'su').test(other);
}

function hex(character: string): string {
  return character.codePointAt(0)?.toString(16) ?? '';
}

/** Networks by their bits, written out. */
function isInside(network: string, value: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d+)$/.exec(network) ?? [];
  const [one, other] = [bitsOf(address), bitsOf(bareAddress(value.trim().toLowerCase()))];
  const count = Number(bits);
  return address !== '' && one.length === other.length && one.slice(0, count) === other.slice(0, count);
}

function bitsOf(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('');
  return groupsOf(address)
    .map((group) => binary(parseInt(group, 16), 16))
    .join('');
}

function binary(number: number, digits: number): string {
  return number.toString(2).padStart(digits, '0');
}

/** Equal for values that count as the same. */
function sameKey(parameter: string, value: string): string {
  const text = value.normalize().trim().toLowerCase();
  if (parameter === 'siteUrl') return text.replace(/\/*$/, '');
  return parameter === 'clientIp' ? bareAddress(text) : text;
}

function bareAddress(text: string): string {
  const inner = /\((.+)\)/.exec(text)?.[1] ?? text;
  const bare = /^\[(.*)\](:\d+)?$/.exec(inner)?.[1] ?? inner.replace(/^([^:]+):\d+$/, '$1');
  const mapped = bare.replace(/^::ffff:(?=\d+\.)/, '');
  return mapped.includes(':') ? groupsOf(mapped).join(':') : mapped;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [left = '', right] = address.split('::').map((half) => half.replace(/%.*$/, ''));
  const [before, after] = [left, right ?? ''].map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - (before?.length ?? 0) - (after?.length ?? 0) }, () => '0');
  const groups = right === undefined ? (before ?? []) : [...(before ?? []), ...zeros, ...(after ?? [])];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}

/** The parameters of this query. */
export function toQuery(
  asked: Readonly<Record<string, readonly string[]>>,
  quote: (list: readonly string[]) => string,
): Query {
  const oneByOne = ['from', 'to', 'objectId', 'siteUrl', 'text'];
  return Object.fromEntries(
    Object.entries(asked).map(([name, list]) => [name, oneByOne.includes(name) ? list : quote(list)]),
  );
}
