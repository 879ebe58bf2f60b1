/** Asks for raw blobs to be indexed again, day by day. */
import type { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import type { ContainerName } from '../../shared/adapters/blobs/container-names.ts';
import { encodeMessage, putMessage } from '../../shared/adapters/queues/queue-service.ts';
import { indexQueue, type IndexRequest } from '../../shared/landing/landing.ts';
import type { OperatorSession } from '../poison/operator-command.ts';
import type { Outcome } from '../tenant/session.ts';
import { landingDays, requestsOfDay, type RawRange } from './list-raw-blobs.ts';

export interface Reindexing extends RawRange {
  /** Counts, and sends nothing. */
  readonly dryRun: boolean;
}

const container: ContainerName = 'raw';
/** Messages on their way to the queue. */
const sendsAtOnce = 16;

/** Exit code 1 when there is no raw blob: most likely the tenant or the range is not what was meant. */
export async function reindex(session: OperatorSession, wanted: Reindexing): Promise<Outcome> {
  const { storage, say } = session;
  const raw = storage.blobs.getContainerClient(container);
  const send = wanted.dryRun
    ? () => Promise.resolve()
    : await openIndexQueue(storage.queues.getQueueClient(indexQueue));
  const days: Record<string, number> = {};
  for await (const day of landingDays(raw, wanted)) {
    const sent = await pMap(requestsOfDay(raw, wanted.tenantId, day), send, { concurrency: sendsAtOnce });
    days[day] = sent.length;
    say(`${day}: ${sent.length}`);
  }
  return outcomeOf(wanted, days);
}

async function openIndexQueue(queue: QueueClient): Promise<(request: IndexRequest) => Promise<void>> {
  await queue.createIfNotExists();
  return (request) => putMessage(queue, encodeMessage(request));
}

function outcomeOf({ tenantId, dryRun }: Reindexing, days: Readonly<Record<string, number>>): Outcome {
  const landings = Object.values(days).reduce((sum, count) => sum + count, 0);
  const answer = { tenantId, dryRun, landings, days };
  if (landings === 0) {
    const text = `There is no raw blob of tenant ${tenantId} in this range: nothing was asked for.`;
    return { exitCode: 1, answer, text };
  }
  const count = `${landings} ${landings === 1 ? 'landing' : 'landings'} of tenant ${tenantId}`;
  const text = dryRun
    ? `Would ask for ${count}. Nothing was done.`
    : `Asked for ${count} to be indexed again. Indexing what is there changes nothing, so this may be repeated; ` +
      `it is done when the queue ${indexQueue} is empty and npm run poison -- list finds nothing.`;
  return { exitCode: 0, answer, text };
}
