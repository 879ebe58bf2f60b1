/** Sees to it that nothing stays unsent, and measures how far destinations are behind. */
import pMap from 'p-map';
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

/** A transaction of the queue service has one message. */
const messagesAtOnce = 16;

/** A message for each tenant that is behind covers one that was lost, e.g. in a poison queue; a superfluous one does no harm. */
async function watchOne(deps: WatchDestinationsDeps, destination: StoredDestination): Promise<void> {
  const { destinationId, kind, paused, circuit } = destination;
  const behind = (await progressOf(deps, destination)).filter(({ state }) => state === 'behind');
  const at = deps.now().getTime();
  const lagMs = Math.max(
    0,
    ...behind.map(({ oldestPendingDateTime }) => at - (oldestPendingDateTime?.getTime() ?? at)),
  );
  deps.meter('auditkeep.destinationLag', Math.round(lagMs / 1000), { destinationId, kind });
  if (paused || behind.length === 0) return;
  // While it fails, one message is enough for all: they continue after the next attempt.
  if (circuit !== undefined) await deps.queues.requestSending({ version: 1, destinationId });
  else
    await pMap(
      behind,
      ({ tenantId }) => deps.queues.requestSending({ version: 1, destinationId, tenantId }),
      {
        concurrency: messagesAtOnce,
      },
    );
}
