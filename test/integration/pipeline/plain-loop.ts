/** What queries mean, written down once more and as plainly as can be: a loop over all records. */
import { z } from 'zod';
import type { Query } from './asking.ts';

/** What a record says, and where it has to appear. */
export interface PlainRecord {
  readonly line: Buffer;
  readonly time: number;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly recordType: string | undefined;
}

/** Query parameter and the member of the record that it asks about. */
export const members = {
  users: 'UserId',
  operations: 'Operation',
  service: 'Workload',
  objectId: 'ObjectId',
  siteUrl: 'SiteUrl',
  mailbox: 'MailboxOwnerUPN',
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
  const addresses = ['ClientIP', 'ClientIPAddress', 'ActorIpAddress'].map((name) => said(fields[name]));
  const clientIp = addresses.find(
    (address) => address !== undefined && !/^(null|not available|unknown|none|not-found)$/i.test(address),
  );
  const type = fields['RecordType'];
  return {
    line,
    time: timeOf(isText.safeParse(fields['CreationTime']).data) ?? contentCreated.getTime(),
    values: { ...values, clientIp },
    recordType: typeof type === 'number' || typeof type === 'string' ? String(type) : undefined,
  };
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

/** Whether a loop over all records would pick this one. Lists are given as they are meant, not as they are sent. */
export function isPicked(record: PlainRecord, asked: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(asked).every(([parameter, wanted]) => {
    if (parameter === 'from') return record.time >= Date.parse(wanted[0] ?? '');
    if (parameter === 'to') return record.time < Date.parse(wanted[0] ?? '');
    if (parameter === 'recordType')
      return record.recordType !== undefined && wanted.includes(record.recordType);
    const value = record.values[parameter];
    return value !== undefined && wanted.some((one) => sameKey(parameter, one) === sameKey(parameter, value));
  });
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

/** The parameters that ask for this. */
export function toQuery(
  asked: Readonly<Record<string, readonly string[]>>,
  quote: (list: readonly string[]) => string,
): Query {
  const single = ['from', 'to', 'objectId', 'siteUrl'];
  return Object.fromEntries(
    Object.entries(asked).map(([name, list]) => [
      name,
      single.includes(name) ? (list[0] ?? '') : quote(list),
    ]),
  );
}
