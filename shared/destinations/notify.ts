/** Tells destinations that a tenant has new records. */
import { mayContain } from '../access/tenant-set.ts';
import { attemptMs } from './circuit.ts';
import type { DestinationStore, StoredDestination } from './destination.ts';
import type { DestinationQueue } from './messages.ts';

export interface NotifyDestinationsDeps {
  readonly destinations: Pick<DestinationStore, 'list'>;
  readonly queues: DestinationQueue;
  readonly now: () => Date;
  /** Milliseconds of a clock that cannot be set. */
  readonly elapsed?: (() => number) | undefined;
}

/** How long a host may not know of a destination that was created or changed by another one. */
export const destinationsKnownMs = 60_000;

/**
 * Gives a function that sends a message to each destination that may include a tenant. Landings share one read a
 * minute. What is not known yet is covered by a delayed message: see `createDestination`.
 */
export function createDestinationNotifier({
  destinations,
  queues,
  now,
  elapsed = () => performance.now(),
}: NotifyDestinationsDeps): (tenantId: string) => Promise<void> {
  let known: { readonly until: number; readonly all: Promise<readonly StoredDestination[]> } | undefined;
  const read = async (): Promise<readonly StoredDestination[]> => {
    const at = elapsed();
    if (known === undefined || known.until <= at)
      known = { until: at + destinationsKnownMs, all: destinations.list() };
    return await known.all;
  };
  return async (tenantId) => {
    const all = await read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const waiting = all.filter((each) => isReady(each, now()) && mayContain(each.tenants, tenantId));
    await Promise.all(
      waiting.map(({ destinationId }) => queues.requestSending({ version: 1, destinationId, tenantId })),
    );
  };
}

/**
 * Those that do not send now continue with all tenants later. What is known of a circuit may be as old as
 * `destinationsKnownMs`: one that an attempt was about to close, or had to itself, counts as closed. What arrives after its end
 * is not for it.
 */
function isReady({ paused, circuit, until }: StoredDestination, now: Date): boolean {
  if (paused || (until !== undefined && until <= now)) return false;
  return circuit === undefined || circuit.nextAttemptAt.getTime() - attemptMs <= now.getTime();
}
