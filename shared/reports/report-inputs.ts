/**
 * What a kind of report can be given in addition to records. It is read once and stored with the report, so that every run
 * of one report is given the same.
 */
import * as z from 'zod';
import { postureSchema } from '../enablement/posture.ts';
import { storedDate } from '../stored-date.ts';
import { knownMailboxSchema } from '../tenants/mailbox-names.ts';
import { roleHolderSnapshotSchema } from '../tenants/role-holders.ts';
import { tenantCheckSchema, tenantStates } from '../tenants/tenant.ts';
import type { ReportState } from './report.ts';

const moment = storedDate.optional();

/** How far the collection of a tenant has come. Ranges are half-open. */
const collectionSchema = z.strictObject({
  /** Of the tenant: unless it is `Active`, nothing is collected. */
  state: z.enum(tenantStates),
  /** Consent, permissions, roles, subscriptions; those that failed say what to do. */
  checks: z.array(tenantCheckSchema).readonly(),
  contentTypes: z
    .array(
      z.strictObject({
        contentType: z.string(),
        collectedFrom: moment,
        listedThrough: moment,
        completeThrough: moment,
      }),
    )
    .readonly(),
  /** Content blobs that could not be fetched yet. */
  pending: z.int(),
  /** Content blobs whose bodies could not be read as a whole. */
  rejected: z.int(),
  unindexedLandings: z.int(),
  lastPollAt: moment,
  lastError: z.string().optional(),
});

/** Why records may be missing. Without a content type: of all of them. */
const pastGapSchema = z.strictObject({ contentType: z.string().optional(), reason: z.string() });

/** By the name with which a kind declares that it needs it. */
export const neededInputs = {
  /**
   * Snapshots of who holds the roles of the kind in the range, and of each role the newest before it and the oldest after it, up to
   * 400 days away; oldest first.
   */
  roleHolders: z.array(roleHolderSnapshotSchema).readonly(),
  /** Newest first, one a day: those of the range, and the one before it; at most 400. */
  postures: z.array(postureSchema).readonly(),
  /** The names of each person who holds or held Global Administrator: ids, addresses, principal names. */
  people: z.array(z.array(z.string()).readonly()).readonly(),
  /** By which names the mailboxes are known; at most 20,000. */
  mailboxes: z.array(knownMailboxSchema).readonly(),
  collection: collectionSchema,
  /** Of the time before the range, as `beforeRange` has it; each reason once. */
  pastGaps: z.array(pastGapSchema).readonly(),
} as const;

export type Need = keyof typeof neededInputs;
/** What there is to need. */
export type Needed = { readonly [N in Need]: z.output<(typeof neededInputs)[N]> };
/** What a kind did not declare may be absent. */
export type MaybeNeeded = { readonly [N in Need]?: Needed[N] | undefined };

/** As they are stored with a report. */
export const storedInputs = z.strictObject(neededInputs).partial();

/** Limits of what one report holds in memory, from the settings; what exceeds them is counted, not listed. */
export interface ReportLimits {
  /** Rows of a table. */
  readonly rows: number;
  /** Distinct keys of anything that a collector counts by: people, addresses, operations. */
  readonly keys: number;
}

/** What every collector is given. `O`: its options. */
export interface GivenInputs<O> {
  readonly tenant: { readonly tenantId: string; readonly displayName: string };
  /** What the records that the kind reads may lack; the frame shows it, so that sections need not. */
  readonly completeness: Pick<
    ReportState,
    'completeThrough' | 'isPartial' | 'isPending' | 'hasGaps' | 'gaps' | 'gapsOmitted'
  >;
  /** Half-open. */
  readonly range: { readonly from: Date; readonly to: Date };
  readonly options: O;
  /** When the report was requested: the only clock of a collector. */
  readonly now: Date;
  readonly limits: ReportLimits;
}

export type ReportInputs<O, N extends Need> = GivenInputs<O> & Pick<Needed, N>;
