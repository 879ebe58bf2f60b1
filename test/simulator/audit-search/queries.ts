/** The queries of one tenant: how long they run, what they find, and how they fail. */

import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings.ts';
import type { TenantState } from '../tenant-states.ts';
import { auditedRecords, type AuditedRecord } from './audited-records.ts';

export interface QueryRequest {
  readonly displayName: string;
  readonly from: Date;
  readonly to: Date;
}

export interface AuditLogQuery extends QueryRequest {
  readonly id: string;
  readonly created: Date;
  /** It ends as failed. */
  readonly fails: boolean;
}

/** Why a query is not taken. */
export type Refused = 'tooManyRunning' | 'tooManySubmitted';

export interface Queries {
  create(request: QueryRequest, settings: Settings): AuditLogQuery | Refused;
  find(id: string): AuditLogQuery | undefined;
  /** Newest first. */
  list(): readonly AuditLogQuery[];
  /** Counts the readings of a query from its first page on; returns the number of this one, from 1. */
  beginReading(id: string): number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Part of the time that a query takes, until it starts. */
const queuedShare = 0.2;

export const createQueries = (now: () => Date): Queries => {
  const all: AuditLogQuery[] = [];
  const readings = new Map<string, number>();
  return {
    create: (request, settings) => {
      const refused = refusalOf(all, settings, now());
      if (refused !== undefined) return refused;
      const fails = all.length < settings.auditSearchFailures;
      const query = { ...request, id: randomUUID(), created: now(), fails };
      all.push(query);
      return query;
    },
    find: (id) => all.find((query) => query.id === id),
    list: () => all.toReversed(),
    beginReading: (id) => {
      const number = (readings.get(id) ?? 0) + 1;
      readings.set(id, number);
      return number;
    },
  };
};

const refusalOf = (all: readonly AuditLogQuery[], settings: Settings, now: Date): Refused | undefined => {
  const running = all.filter((query) => !hasEnded(query, settings, now)).length;
  if (running >= settings.auditSearchConcurrency) return 'tooManyRunning';
  const today = all.filter(({ created }) => now.getTime() - created.getTime() < dayMs).length;
  return today >= settings.auditSearchSubmissions ? 'tooManySubmitted' : undefined;
};

const hasEnded = ({ created }: AuditLogQuery, { auditSearchMs }: Settings, now: Date): boolean =>
  now.getTime() - created.getTime() >= auditSearchMs;

export const statusOf = (query: AuditLogQuery, settings: Settings, now: Date): string => {
  if (hasEnded(query, settings, now)) return query.fails ? 'failed' : 'succeeded';
  const age = now.getTime() - query.created.getTime();
  return age < settings.auditSearchMs * queuedShare ? 'notStarted' : 'running';
};

/** What the query found, cut short at the limit. */
export const foundBy = (
  query: AuditLogQuery,
  state: TenantState,
  { auditSearchLimit }: Settings,
): { readonly records: readonly AuditedRecord[]; readonly isLimited: boolean } => {
  const all = auditedRecords(state);
  const [start, end] = [query.from, query.to].map((date) => firstAt(all, date.getTime()));
  const found = all.slice(start, end);
  return { records: found.slice(0, auditSearchLimit), isLimited: found.length > auditSearchLimit };
};

/** Position of the first record of this time or later. */
const firstAt = (records: readonly AuditedRecord[], time: number): number => {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};
