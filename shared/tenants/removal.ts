/** The removal of a tenant: a long-running piece of work whose row stays as evidence. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';

export const removalStatuses = ['NotStarted', 'Running', 'Succeeded'] as const;

export interface Removal {
  readonly removalId: string;
  readonly tenantId: string;
  /** Everything that was collected is deleted too. */
  readonly purge: boolean;
  readonly status: (typeof removalStatuses)[number];
  readonly deleted: DeletedCounts;
  readonly createdDateTime: Date;
  /** When Microsoft was asked to stop the subscriptions, or something was deleted, last. */
  readonly lastActionDateTime: Date;
  /** How often Microsoft was asked in vain to stop the subscriptions. */
  readonly attempts: number;
  /** Blobs that the policy of their container did not let go at the last look; they are asked for again every day. */
  readonly retainedBlobs?: number | undefined;
  /** What went wrong on the way; the removal goes on all the same. */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

export interface DeletedCounts {
  readonly blobs: number;
  readonly tables: number;
  readonly rows: number;
}

export interface RemovalStore {
  get(removalId: string): Promise<Removal | undefined>;
  save(removal: Removal): Promise<void>;
}

/** All that is stored of a tenant besides its own row: blobs, tables and rows. */
export interface TenantData {
  /** Deletes until all is gone or the budget is spent. Safe to repeat, and to run concurrently. */
  purge(tenantId: string, budget: AbortSignal): Promise<PurgeRound>;
}

export interface PurgeRound {
  /** What this call deleted. */
  readonly deleted: DeletedCounts;
  /** Blobs that may not be deleted yet: the container has an immutability policy. */
  readonly retainedBlobs: number;
  /** False when it was stopped before it had looked at everything. */
  readonly finished: boolean;
}

/** The queue message that carries a removal on. */
export const removalMessageSchema = z.object({ version: z.literal(1), removalId: z.guid() });
export type RemovalMessage = z.infer<typeof removalMessageSchema>;

export const removalQueue = 'tenant-removals';

export interface RemovalQueue {
  /** Durable when it resolves. @param delayMs at most 7 days */
  requestRemoval(message: RemovalMessage, delayMs: number): Promise<void>;
}

export function publicRemoval(stored: Removal) {
  const { attempts, retainedBlobs = 0, createdDateTime, lastActionDateTime, ...removal } = stored;
  return {
    ...removal,
    ...(retainedBlobs > 0 ? { retainedBlobs } : {}),
    createdDateTime: createdDateTime.toISOString(),
    lastActionDateTime: lastActionDateTime.toISOString(),
    ...(attempts > 1 ? { attempts } : {}),
  };
}

/** @throws RequestError 404 */
export async function findRemoval(store: RemovalStore, removalId: string): Promise<Removal> {
  const id = z.guid().safeParse(removalId).data;
  const found = id === undefined ? undefined : await store.get(id.toLowerCase());
  if (found === undefined) throw new RequestError(404, 'RemovalNotFound', 'There is no such removal.');
  return found;
}
