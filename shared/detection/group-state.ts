/** What is remembered of the matches of one group: one rule of one watch, one tenant, and values that its matches share. */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { storedDate } from '../stored-date.ts';
import { severitySchema } from './severity.ts';

const windowMatchSchema = z.tuple([z.number(), z.number(), z.string(), z.string()]).readonly();

/** A record that findings may name, known by the digest of its ID. */
const headSchema = z.object({
  record: z.string(),
  id: z.string(),
  createdDateTime: storedDate,
  sentence: z.string(),
  severity: severitySchema,
});
export type Head = Readonly<z.output<typeof headSchema>>;

const knownFindingSchema = z.object({
  findingId: z.string(),
  /** Epoch milliseconds of its first and its last match. */
  from: z.number(),
  to: z.number(),
  count: z.number(),
  countIsExact: z.boolean(),
  severity: severitySchema,
  /** Digest of the records that it names: a late one may take the place of another. */
  named: z.string(),
  revision: z.number(),
  /** Some of its records are new enough to notify of. */
  isDue: z.boolean(),
  /** Late records showed that what it found belongs to another finding, or does not count. */
  isWithdrawn: z.boolean().optional(),
  /** Of a finding with older matches than those that are remembered: the first ones. */
  heads: z.array(headSchema).readonly().optional(),
});
/** A finding that was made of the group. */
export type KnownFinding = Readonly<z.output<typeof knownFindingSchema>>;

export const groupStateSchema = z.object({
  watchId: z.string(),
  ruleId: z.string(),
  group: z.array(z.object({ member: z.string(), value: z.string() })).readonly(),
  /** By time, at most a thousand: see `mergeMatches`. As `[time, until, record, value]`. */
  matches: z.array(windowMatchSchema).readonly(),
  /** Of matches that no finding has, and of the first ones of each finding. */
  heads: z.array(headSchema).readonly(),
  /** In the order of their first matches. */
  findings: z.array(knownFindingSchema).readonly(),
});
export type GroupState = Readonly<z.output<typeof groupStateSchema>>;

/** Identifies a group. */
export interface GroupKey {
  readonly tenantId: string;
  /** @see groupKeyOf */
  readonly key: string;
}

/** As stored, with the version that changes are made against. */
export interface StoredGroup extends GroupKey {
  readonly state: GroupState;
  readonly etag: string;
}

/** What the state of a group becomes. */
export interface GroupChange extends GroupKey {
  /** As it was read; undefined if there was none. */
  readonly before: StoredGroup | undefined;
  readonly state: GroupState;
}

/** The most changes that are written at once. */
export const mostChangesAtOnce = 32;

export interface GroupStateStore {
  get(key: GroupKey): Promise<StoredGroup | undefined>;
  /** False, with nothing written, if there is one. @param at now: rows that are not written for long expire */
  create(key: GroupKey, state: GroupState, at: Date): Promise<boolean>;
  /** False, with nothing written, when it was modified since or is gone. */
  replace(group: StoredGroup, state: GroupState, at: Date): Promise<boolean>;
  /**
   * At most {@link mostChangesAtOnce}, of different groups of one tenant, in one request. False, with nothing written, when
   * one of them was made, modified, or removed since it was read, or when they are too large for a request.
   */
  writeAll(changes: readonly GroupChange[], at: Date): Promise<boolean>;
}

/** @param parts what tells groups apart */
export function groupKeyOf(watchId: string, ...parts: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
  return `${watchId}_${digest}`;
}
