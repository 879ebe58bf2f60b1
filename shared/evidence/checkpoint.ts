/** The daily checkpoint of all chains: anyone who keeps its hash notices when any of them is rewritten. */
import * as z from 'zod';
import { sha256Of } from '../sha256.ts';
import { storedDate } from '../stored-date.ts';
import { dayOf } from '../utc-day.ts';
import type { ChainHead } from './chain.ts';
import { chainOfTenantSchema, checkpointFormats, hashSchema, rootOf } from './checkpoint-tree.ts';

export const checkpointSchema = z.object({
  format: z.enum(checkpointFormats),
  /** The day on which it was taken, UTC: `2026-03-10`. */
  date: z.iso.date(),
  takenDateTime: storedDate,
  /** The newest link of each chain, by tenant. */
  chains: z.array(chainOfTenantSchema),
  /** Over the chains; see docs/evidence.md. */
  root: hashSchema,
  /** The checkpoint before it; absent in the first. */
  previous: z.object({ date: z.iso.date(), hash: hashSchema }).optional(),
  /** Days between the two that have no checkpoint. */
  missedDays: z.number(),
  /** Over the format, the date, the time, the root, and the checkpoint before; in the first format, the number of chains. */
  hash: hashSchema,
});
export type EvidenceCheckpoint = Readonly<z.output<typeof checkpointSchema>>;

export interface CheckpointStore {
  /** By the clock of the storage, which all hosts share. */
  now(): Promise<Date>;
  /** False, with nothing written, when there is one of this day. */
  create(checkpoint: EvidenceCheckpoint): Promise<boolean>;
  /** @param date `2026-03-10` */
  get(date: string): Promise<EvidenceCheckpoint | undefined>;
  /** Days that have one in [from, to], in order. */
  dates(from: string, to: string): Promise<readonly string[]>;
  /** Those of them that were delivered, in order. */
  deliveredDates(from: string, to: string): Promise<readonly string[]>;
  markDelivered(date: string): Promise<void>;
}

/** What a checkpoint says of one chain. */
export interface StatedHead extends ChainHead {
  /** Of the tenant's statement, see statement.ts. */
  readonly statementSha256: string;
}

const dayMs = 24 * 60 * 60_000;

/** Joins the chains to a checkpoint. */
export function checkpointOf(
  heads: ReadonlyMap<string, StatedHead>,
  takenDateTime: Date,
  before: EvidenceCheckpoint | undefined,
): EvidenceCheckpoint {
  const chains = [...heads]
    .map(([tenantId, { number, hash, statementSha256 }]) => ({ tenantId, number, hash, statementSha256 }))
    .toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  const format = 'auditkeep-checkpoint-2';
  const date = dayOf(takenDateTime);
  const previous = before && { date: before.date, hash: before.hash };
  const days = previous === undefined ? 1 : (Date.parse(date) - Date.parse(previous.date)) / dayMs;
  const taken = { format, date, takenDateTime, chains, root: rootOf({ format, chains }), previous } as const;
  return { ...taken, missedDays: days - 1, hash: checkpointHash(taken) };
}

/** How many chains its hash says that it has: only those of the first format do. */
export function chainsSaid({ format, chains }: Pick<EvidenceCheckpoint, 'format' | 'chains'>) {
  return format === 'auditkeep-checkpoint-1' ? chains.length : undefined;
}

/** SHA-256, hex, of one line of JSON, as `jq -c` prints the same array. */
export function checkpointHash(checkpoint: Omit<EvidenceCheckpoint, 'hash' | 'missedDays'>): string {
  const { format, date, takenDateTime, root, previous } = checkpoint;
  const chains = chainsSaid(checkpoint) ?? [];
  const members = [format, date, takenDateTime, chains, root, previous?.date ?? null, previous?.hash ?? null];
  return sha256Of(`${JSON.stringify(members.flat())}\n`);
}

/** Whether everything in it follows from its chains, of which each tenant has one. */
export function isSound(checkpoint: EvidenceCheckpoint): boolean {
  const tenants = new Set(checkpoint.chains.map(({ tenantId }) => tenantId));
  if (tenants.size !== checkpoint.chains.length) return false;
  return rootOf(checkpoint) === checkpoint.root && checkpointHash(checkpoint) === checkpoint.hash;
}
