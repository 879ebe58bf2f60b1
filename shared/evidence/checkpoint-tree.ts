/** The tree of a checkpoint: how it joins the chains, and how it proves one of them. */
import * as z from 'zod';
import { sha256Of } from '../sha256.ts';
import { treePath, treeRoot, type TreeStep } from './hash-tree.ts';
import { pathOfPlace, placeOf, rootOfPlaces } from './place-tree.ts';

/** A SHA-256, hex. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The first is of earlier releases: its leaves have no place of their own and no statements, and its hash says how many
 * chains it has.
 */
export const checkpointFormats = ['auditkeep-checkpoint-1', 'auditkeep-checkpoint-2'] as const;

export const chainOfTenantSchema = z.object({
  tenantId: z.string(),
  number: z.number(),
  hash: hashSchema,
  /** Of what its collection said that it lacks, see statement.ts. Absent in checkpoints of the first format. */
  statementSha256: hashSchema.optional(),
});
/** A chain as it was when a checkpoint was taken. */
export type ChainOfTenant = Readonly<z.output<typeof chainOfTenantSchema>>;

/** What a tree is made of. */
export interface JoinedChains {
  readonly format: (typeof checkpointFormats)[number];
  readonly chains: readonly ChainOfTenant[];
}

/** The root over the chains, of which each tenant has one. */
export function rootOf({ format, chains }: JoinedChains): string {
  return format === 'auditkeep-checkpoint-1' ? treeRoot(chains.map(leafOf1)) : rootOfPlaces(placed(chains));
}

export interface ChainProof {
  readonly chain: ChainOfTenant;
  readonly leaf: string;
  /** From the leaf to the root. */
  readonly path: readonly TreeStep[];
}

/** Proves that the checkpoint has the chain of a tenant; undefined when it has none of it. */
export function proofOf({ format, chains }: JoinedChains, tenantId: string): ChainProof | undefined {
  const position = chains.findIndex((chain) => chain.tenantId === tenantId);
  const chain = chains[position];
  if (chain === undefined) return undefined;
  return format === 'auditkeep-checkpoint-1'
    ? { chain, leaf: leafOf1(chain), path: treePath(chains.map(leafOf1), position) }
    : { chain, leaf: leafOf(chain), path: pathOfPlace(placed(chains), placeOf(tenantId)) };
}

/** SHA-256, hex, of a line of JSON: the leaf of one chain. It says nothing to those who do not know the chain. */
export function leafOf({ tenantId, number, hash, statementSha256 }: ChainOfTenant): string {
  return lineHash(['auditkeep-head-2', tenantId, number, hash, statementSha256 ?? null]);
}

/** As {@link leafOf}, in checkpoints of the first format. */
export function leafOf1({ tenantId, number, hash }: ChainOfTenant): string {
  return lineHash(['auditkeep-head-1', tenantId, number, hash]);
}

function placed(chains: readonly ChainOfTenant[]) {
  return chains.map((chain) => ({ place: placeOf(chain.tenantId), hash: leafOf(chain) }));
}

function lineHash(members: readonly (string | number | null)[]): string {
  return sha256Of(`${JSON.stringify(members)}\n`);
}
