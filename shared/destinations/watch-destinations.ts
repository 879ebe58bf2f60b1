/** Sees to it that nothing stays unsent, and measures how far destinations are behind. */
import type { Meter } from '../telemetry.ts';
import type { DestinationStore, StoredDestination } from './destination.ts';
import type { DestinationQueue } from './messages.ts';
import { progressOf, type ProgressDeps } from './progress.ts';

export interface WatchDestinationsDeps extends ProgressDeps {
  readonly destinations: Pick<DestinationStore, 'list'>;
  readonly queues: DestinationQueue;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** One read if there are no destinations. @throws when storage fails */
export async function watchDestinations(deps: WatchDestinationsDeps): Promise<void> {
  for (const destination of await deps.destinations.list()) await watchOne(deps, destination);
}

/** A message for each tenant that is behind covers one that was lost, e.g. in a poison queue; a superfluous one does no harm. */
async function watchOne(deps: WatchDestinationsDeps, destination: StoredDestination): Promise<void> {
  const { destinationId, kind, paused } = destination;
  const behind = (await progressOf(deps, destination)).filter(({ state }) => state === 'behind');
  const at = deps.now().getTime();
  const lagMs = Math.max(
    0,
    ...behind.map(({ oldestPendingDateTime }) => at - (oldestPendingDateTime?.getTime() ?? at)),
  );
  deps.meter('auditkeep.destinationLag', Math.round(lagMs / 1000), { destinationId, kind });
  if (paused) return;
  for (const { tenantId } of behind)
    await deps.queues.requestSending({ version: 1, destinationId, tenantId });
}
