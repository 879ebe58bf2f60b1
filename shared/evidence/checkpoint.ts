/** The daily checkpoint of all chains: anyone who keeps its hash notices when any of them is rewritten. */
import * as z from 'zod';
import { sha256Of } from '../sha256.ts';
import { storedDate } from '../stored-date.ts';
import { dayOf } from '../utc-day.ts';
import type { ChainHead } from './chain.ts';
import { treePath, treeRoot, type TreeStep } from './hash-tree.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const checkpointSchema = z.object({
  format: z.literal('auditkeep-checkpoint-1'),
  /** The day on which it was taken, UTC: `2026-03-10`. */
  date: z.iso.date(),
  takenDateTime: storedDate,
  /** The newest link of each chain, by tenant. */
  chains: z.array(z.object({ tenantId: z.string(), number: z.number(), hash })),
  /** Over the chains; see docs/evidence.md. */
  root: hash,
  /** The checkpoint before it; absent in the first. */
  previous: z.object({ date: z.iso.date(), hash }).optional(),
  /** Days between the two that have no checkpoint. */
  missedDays: z.number(),
  /** Over the date, the time, the number of chains, the root, and the checkpoint before. */
  hash,
});
export type EvidenceCheckpoint = Readonly<z.output<typeof checkpointSchema>>;

/** A chain as it was when a checkpoint was taken. */
export type ChainOfTenant = EvidenceCheckpoint['chains'][number];

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

const dayMs = 24 * 60 * 60_000;

/** Joins the chains to a checkpoint. */
export function checkpointOf(
  heads: ReadonlyMap<string, ChainHead>,
  takenDateTime: Date,
  before: EvidenceCheckpoint | undefined,
): EvidenceCheckpoint {
  const chains = [...heads]
    .map(([tenantId, { number, hash }]) => ({ tenantId, number, hash }))
    .toSorted(byTenant);
  const date = dayOf(takenDateTime);
  const previous = before && { date: before.date, hash: before.hash };
  const days = previous === undefined ? 1 : (Date.parse(date) - Date.parse(previous.date)) / dayMs;
  const root = treeRoot(leavesOf(chains));
  const taken = { date, takenDateTime, chains, root, previous };
  return {
    format: 'auditkeep-checkpoint-1',
    ...taken,
    missedDays: days - 1,
    hash: checkpointHash({ ...taken, chains: chains.length }),
  };
}

/** What the hash of a checkpoint covers. */
export interface CheckpointClaims extends Pick<
  EvidenceCheckpoint,
  'date' | 'takenDateTime' | 'root' | 'previous'
> {
  readonly chains: number;
}

/** SHA-256, hex, of one line of JSON, as `jq -c` prints the same array. */
export function checkpointHash({ date, takenDateTime, chains, root, previous }: CheckpointClaims): string {
  const members = ['auditkeep-checkpoint-1', date, takenDateTime, chains, root];
  return sha256Of(`${JSON.stringify([...members, previous?.date ?? null, previous?.hash ?? null])}\n`);
}

/** SHA-256, hex, of a line of JSON: the leaf of one chain. It says nothing to those who do not know the chain. */
export function leafOf({ tenantId, number, hash }: ChainOfTenant): string {
  return sha256Of(`${JSON.stringify(['auditkeep-head-1', tenantId, number, hash])}\n`);
}

/** Proves that the checkpoint has the chain of a tenant; undefined when it has none of it. */
export function proofOf(
  { chains }: EvidenceCheckpoint,
  tenantId: string,
): { readonly chain: ChainOfTenant; readonly leaf: string; readonly path: readonly TreeStep[] } | undefined {
  const position = chains.findIndex((chain) => chain.tenantId === tenantId);
  const chain = chains[position];
  if (chain === undefined) return undefined;
  return { chain, leaf: leafOf(chain), path: treePath(leavesOf(chains), position) };
}

/** Whether everything in it follows from its chains. */
export function isSound(checkpoint: EvidenceCheckpoint): boolean {
  const root = treeRoot(leavesOf(checkpoint.chains));
  const claims = { ...checkpoint, chains: checkpoint.chains.length };
  return root === checkpoint.root && checkpointHash(claims) === checkpoint.hash;
}

function leavesOf(chains: readonly ChainOfTenant[]): readonly string[] {
  return chains.map(leafOf);
}

function byTenant(a: ChainOfTenant, b: ChainOfTenant): number {
  return a.tenantId < b.tenantId ? -1 : 1;
}
