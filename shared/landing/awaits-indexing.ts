/** Whether work on records should wait, because what was landed before it was requested is not indexed yet. */
import type { LandingStore } from './landing.ts';

/** How long work waits for that, in milliseconds: a landing that cannot be indexed must not hold it back forever. */
const longestIndexingMs = 5 * 60_000;
/** Until it asks again, in milliseconds. */
export const indexingWaitMs = 10_000;

interface AwaitingDeps {
  readonly landings: Pick<LandingStore, 'unindexed'>;
  readonly now: () => Date;
}

interface Awaiting {
  readonly tenantId: string;
  readonly requestedAt: Date;
  /** Records ingested later are left out. */
  readonly ingestedThrough: Date;
}

/** @throws when storage fails */
export async function awaitsIndexing(
  { landings, now }: AwaitingDeps,
  { tenantId, requestedAt, ingestedThrough }: Awaiting,
): Promise<boolean> {
  if (now().getTime() - requestedAt.getTime() > longestIndexingMs) return false;
  const unindexed = await landings.unindexed(tenantId);
  return unindexed.some(({ landedAt }) => landedAt <= ingestedThrough);
}
