/** Requests indexing of raw blobs, day by day. */
import type { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import type { ContainerName } from '../../shared/adapters/blobs/container-names.ts';
import { listDays, listNames } from '../../shared/adapters/blobs/raw-names.ts';
import { encodeMessage, putMessage } from '../../shared/adapters/queues/queue-service.ts';
import { landingIdOfBlob } from '../../shared/landing/landing-names.ts';
import { indexQueue, type IndexRequest } from '../../shared/landing/work-queues.ts';
import type { Outcome } from '../command-line/context.ts';
import { counted } from '../command-line/terminal-text.ts';
import type { Storage } from '../storage/storage.ts';

/** Days of landing, UTC; half-open. */
interface RawRange {
  readonly tenantId: string;
  /** Undefined: from the beginning. */
  readonly from: string | undefined;
  /** Excluded; undefined: to the end. */
  readonly to: string | undefined;
}

export interface Reindexing extends RawRange {
  /** Counts, and sends nothing. */
  readonly dryRun: boolean;
}

const container: ContainerName = 'raw';
const sendsAtOnce = 16;

/** Exit code 1 when there is no raw blob: most likely the tenant or the range is wrong. */
export async function reindex(
  storage: Storage,
  wanted: Reindexing,
  progress: (text: string) => void,
): Promise<Outcome> {
  const raw = storage.blobs.getContainerClient(container);
  const send = wanted.dryRun
    ? () => Promise.resolve()
    : await openIndexQueue(storage.queues.getQueueClient(indexQueue));
  const days: Record<string, number> = {};
  const { tenantId, from = '', to } = wanted;
  for (const day of await listDays(raw, tenantId)) {
    if (day < from || (to !== undefined && day >= to)) continue;
    const names = await listNames(raw, tenantId, day);
    // A day may have only blobs that are not landings.
    if (names.length === 0) continue;
    await pMap(names, (name) => send(requestFor(tenantId, name)), { concurrency: sendsAtOnce });
    days[day] = names.length;
    if (!wanted.dryRun) progress(`${day}: ${names.length}`);
  }
  return outcomeOf(wanted, days);
}

function requestFor(tenantId: string, blobName: string): IndexRequest {
  return { version: 1, tenantId, landingId: landingIdOfBlob(blobName) ?? '', blobName };
}

async function openIndexQueue(queue: QueueClient): Promise<(request: IndexRequest) => Promise<void>> {
  await queue.createIfNotExists();
  return (request) => putMessage(queue, encodeMessage(request));
}

function outcomeOf({ tenantId, dryRun }: Reindexing, days: Readonly<Record<string, number>>): Outcome {
  const landings = Object.values(days).reduce((sum, count) => sum + count, 0);
  const answer = { tenantId, dryRun, landings, days };
  if (landings === 0) {
    const text = `Tenant ${tenantId} has no raw blob in this range: nothing was requested.`;
    return { exitCode: 1, answer, text };
  }
  const count = `${counted(landings, 'landing')} of tenant ${tenantId}`;
  const table = Object.entries(days).map(([day, sent]) => `${day}: ${sent}`);
  const text = dryRun
    ? [...table, `Would request indexing of ${count}. Nothing was done.`].join('\n')
    : `Requested indexing of ${count}. It is done when the queue ${indexQueue} is empty and npm run poison -- list ` +
      'shows nothing. Indexing what exists changes nothing, so this may be repeated.';
  return { exitCode: 0, answer, text };
}
