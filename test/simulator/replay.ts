/** Reads a file of audit records as the feed of one tenant. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { readAuditFile } from '../../shared/imports/audit-file.ts';
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
const fieldsSchema = z.record(z.string(), z.unknown());

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
 * Returns a tenant with the file's records, and exact copies of some. The tenant's ID is the most frequent
 * OrganizationId, and the most frequent user who appears to be a person is its global administrator.
 * @throws UnreadableFileError when something in the file is not an audit record
 */
export const readReplayTenant = async (file: string, options: ReplayOptions): Promise<SimulatedTenant> => {
  const records: ReadRecord[] = [];
  for await (const record of readRecords(file)) records.push(record);
  const tenantId = mostFrequent(records, 'OrganizationId', isTenantId)?.toLowerCase() ?? madeUpGuid(file);
  const administrator = mostFrequent(records, 'UserId', (text) => principalNamePattern.test(text));
  const domain = administrator?.split('@')[1] ?? 'replayed.example';
  return {
    tenantId,
    displayName: `Replay of ${domain}`,
    domain,
    auditingEnabled: true,
    exactCopies: true,
    records: records.map((record, index) => toSimulated(record, (index + 1) / records.length, options)),
    directory: directoryOf(administrator),
  };
};

async function* readRecords(file: string): AsyncGenerator<ReadRecord> {
  for await (const { text } of readAuditFile(createReadStream(file))) {
    yield { text, fields: fieldsSchema.parse(JSON.parse(text)) };
  }
}

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
