/** Deletes arrivals that no reader needs anymore, every hour within a budget; the next run does the rest. */
import type { Telemetry } from '../telemetry.ts';
import type { WebhookSubscription } from '../webhooks/webhook-subscription.ts';
import { keptFrom } from './arrival-life.ts';
import type { ArrivalLog } from './arrival-log.ts';

export interface ExpireArrivalsDeps {
  readonly arrivals: Pick<ArrivalLog, 'expire'>;
  readonly subscriptions: { listOfSets(): Promise<readonly Waiting[]> };
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

type Waiting = Pick<WebhookSubscription, 'position'>;

/**
 * Keeps those that a position of a feed may begin with, and those that a webhook subscription has not delivered, also one that is
 * disabled, however old: it continues where it was. Safe to repeat at any point, and to run concurrently.
 * @throws when storage fails
 */
export async function expireArrivals(
  { arrivals, subscriptions, telemetry, now }: ExpireArrivalsDeps,
  budget: AbortSignal,
): Promise<void> {
  const startedAt = now().getTime();
  const needed = (await subscriptions.listOfSets()).map(firstNeeded);
  const before = needed.reduce((least, one) => Math.min(least, one), keptFrom(now()));
  let [rows, finished] = [0, true];
  for await (const count of arrivals.expire(before)) {
    rows += count;
    finished = !budget.aborted;
    if (!finished) break;
  }
  const durationMs = now().getTime() - startedAt;
  if (rows > 0) telemetry('retention.rows.purged', { kind: 'arrivals', rows, finished, durationMs });
}

function firstNeeded({ position }: Waiting): number {
  return 'arrival' in position ? position.arrival : 0;
}
