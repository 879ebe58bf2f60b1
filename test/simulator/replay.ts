/** Reads any NDJSON file of audit records as the feed of one tenant. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import type { FeedContentType, SimulatedDirectory, SimulatedRecord, SimulatedTenant } from './tenant.ts';

export interface ReplayOptions {
  /** The records become available evenly over the 6 days before this moment. */
  readonly now: Date;
  /** Puts DLP records into DLP.All instead of their workload's content type. @default false */
  readonly dlpContent?: boolean | undefined;
}

interface ReadRecord {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const availabilityMs = 6 * 24 * 60 * 60 * 1000;
const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nilGuid = '00000000-0000-0000-0000-000000000000';
const principalNamePattern = /^[^@\s|#]+@[^@\s]+\.[^@\s]+$/;
const lineFeed = 0x0a;

const dlpRecordTypes: readonly unknown[] = [11, 13, 33, 63, 107];
const contentTypeOfWorkload: Readonly<Partial<Record<string, FeedContentType>>> = {
  AzureActiveDirectory: 'Audit.AzureActiveDirectory',
  Exchange: 'Audit.Exchange',
  SharePoint: 'Audit.SharePoint',
  OneDrive: 'Audit.SharePoint',
};
const contentTypeOfRecordType: ReadonlyMap<unknown, FeedContentType> = new Map([
  ...[8, 9, 15].map((recordType) => [recordType, 'Audit.AzureActiveDirectory'] as const),
  ...[1, 2, 3, 13, 50].map((recordType) => [recordType, 'Audit.Exchange'] as const),
  ...[4, 6, 11, 14].map((recordType) => [recordType, 'Audit.SharePoint'] as const),
]);

/**
 * Returns a tenant whose records are the file's lines, text unchanged; a byte order mark, carriage returns, and empty
 * lines are skipped. The tenant's ID is the most frequent OrganizationId, and the most frequent user who appears to
 * be a person is its global administrator.
 * @throws Error naming file and line when a line is not valid UTF-8 or not a JSON object
 */
export const readReplayTenant = async (file: string, options: ReplayOptions): Promise<SimulatedTenant> => {
  const records = [...readRecords(await readFile(file), file)];
  const tenantId = mostFrequent(records, 'OrganizationId', isTenantId)?.toLowerCase() ?? madeUpGuid(file);
  const administrator = mostFrequent(records, 'UserId', (text) => principalNamePattern.test(text));
  const domain = administrator?.split('@')[1] ?? 'replayed.example';
  return {
    tenantId,
    displayName: `Replay of ${domain}`,
    domain,
    auditingEnabled: true,
    records: records.map((record, index) => toSimulated(record, (index + 1) / records.length, options)),
    directory: directoryOf(administrator),
  };
};

function* readRecords(bytes: Buffer, file: string): Generator<ReadRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  for (let from = 0; from < bytes.length;) {
    const feed = bytes.indexOf(lineFeed, from);
    const to = feed === -1 ? bytes.length : feed;
    line += 1;
    const record = readLine(bytes.subarray(from, to), decoder, `${file}:${line}`);
    if (record !== undefined) yield record;
    from = to + 1;
  }
}

/** The parser's own message is withheld: it may repeat the record's content. */
const readLine = (bytes: Buffer, decoder: TextDecoder, place: string): ReadRecord | undefined => {
  try {
    const text = decoder.decode(bytes).replace(/\r$/, '');
    return text.trim() === '' ? undefined : { text, fields: fieldsOf(JSON.parse(text)) };
  } catch {
    throw new Error(`${place}: this line is not a single JSON object in UTF-8.`);
  }
};

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('Not an object.');
  return { ...value };
};

const toSimulated = (
  { text, fields }: ReadRecord,
  position: number,
  options: ReplayOptions,
): SimulatedRecord => ({
  text,
  contentType: contentTypeOf(fields, options.dlpContent ?? false),
  availableAt: new Date(options.now.getTime() - Math.floor(availabilityMs * (1 - position))),
});

const contentTypeOf = (fields: ReadRecord['fields'], dlpContent: boolean): FeedContentType => {
  const recordType = Number(fields['RecordType']);
  if (dlpContent && dlpRecordTypes.includes(recordType)) return 'DLP.All';
  const workload = fields['Workload'];
  return typeof workload === 'string'
    ? (contentTypeOfWorkload[workload] ?? 'Audit.General')
    : (contentTypeOfRecordType.get(recordType) ?? 'Audit.General');
};

const mostFrequent = (
  records: readonly ReadRecord[],
  field: string,
  isWanted: (text: string) => boolean,
): string | undefined => {
  const counts = new Map<string, number>();
  for (const { fields } of records) {
    const value = fields[field];
    if (typeof value === 'string' && isWanted(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
};

const isTenantId = (text: string): boolean => guidPattern.test(text) && text !== nilGuid;

/** A GUID that is always the same for the same text. */
const madeUpGuid = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const directoryOf = (administrator: string | undefined): SimulatedDirectory => {
  const users =
    administrator === undefined
      ? []
      : [{ id: madeUpGuid(administrator), userPrincipalName: administrator, displayName: administrator }];
  return { users, groups: [], servicePrincipals: [], globalAdministratorIds: users.map(({ id }) => id) };
};
