/** Whether a record is what was asked for: the one truth that storage's filters only approach. */
import type { RecordSummary } from '../records/audit-record.ts';
import { normaliseAddress, normaliseText, normaliseUrl } from '../records/normalise.ts';
import type { RecordFilters } from './filters.ts';

export type RecordMatcher = (createdDateTime: Date, summary: RecordSummary) => boolean;

/** Values are compared as normalise.ts says; an absent value matches no filter on it. */
export function createMatcher(filters: RecordFilters): RecordMatcher {
  const checks = [
    anyOf(filters.users, normaliseText, (summary) => summary.userId),
    anyOf(filters.operations, normaliseText, (summary) => summary.operation),
    anyOf(filters.service, normaliseText, (summary) => summary.service),
    anyOf(one(filters.objectId), normaliseText, (summary) => summary.objectId),
    anyOf(one(filters.siteUrl), normaliseUrl, (summary) => summary.siteUrl),
    anyOf(filters.mailbox, normaliseText, (summary) => summary.mailboxOwner),
    anyOf(filters.clientIp, normaliseAddress, (summary) => summary.clientIp),
    anyOf(filters.resultStatus, normaliseText, (summary) => summary.resultStatus),
    recordTypeIn(filters.recordType),
  ];
  return (created, summary) =>
    (filters.from === undefined || created >= filters.from) &&
    (filters.to === undefined || created < filters.to) &&
    checks.every((check) => check(summary));
}

type Check = (summary: RecordSummary) => boolean;

function anyOf(
  wanted: readonly string[] | undefined,
  normalise: (value: string) => string,
  pick: (summary: RecordSummary) => string | undefined,
): Check {
  if (wanted === undefined) return () => true;
  const accepted = new Set(wanted.map(normalise));
  return (summary) => {
    const value = pick(summary);
    return value !== undefined && accepted.has(normalise(value));
  };
}

function recordTypeIn(wanted: readonly number[] | undefined): Check {
  if (wanted === undefined) return () => true;
  return ({ recordType }) => recordType !== undefined && wanted.includes(recordType);
}

function one(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
