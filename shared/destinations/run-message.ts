/** Runs one queue message of destinations. */
import pMap from 'p-map';
import { contains } from '../access/tenant-set.ts';
import { isManaged } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { DestinationStore } from './destination.ts';
import type { DestinationMessage, DestinationQueue } from './messages.ts';
import { replayDeadLetters } from './replay.ts';
import { sendRecords, type SendRecordsDeps } from './send-records.ts';

export type DestinationMessageDeps = SendRecordsDeps & SendAllDeps;

/** @throws when storage fails: the message must be redelivered */
export async function runDestinationMessage(
  deps: DestinationMessageDeps,
  message: DestinationMessage,
  budget: AbortSignal,
): Promise<void> {
  const { tenantId } = message;
  if (message.replay === true) await replayDeadLetters(deps, message, budget);
  else if (tenantId === undefined) await sendAll(deps, message.destinationId);
  else await sendRecords(deps, { ...message, tenantId }, budget);
}

export interface SendAllDeps {
  readonly destinations: Pick<DestinationStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly queues: DestinationQueue;
}

/** A transaction of the queue service has one message. */
const messagesAtOnce = 16;

/** Sends a message for each tenant of the destination. */
async function sendAll({ destinations, tenants, queues }: SendAllDeps, destinationId: string): Promise<void> {
  const destination = await destinations.get(destinationId);
  if (destination === undefined || destination.paused) return;
  const all = await tenants.list();
  const wanted = all.filter((tenant) => isManaged(tenant) && contains(destination.tenants, tenant));
  await pMap(wanted, ({ tenantId }) => queues.requestSending({ version: 1, destinationId, tenantId }), {
    concurrency: messagesAtOnce,
  });
}
