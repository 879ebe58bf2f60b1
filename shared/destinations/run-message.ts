/** Runs one queue message of destinations. */
import pMap from 'p-map';
import { contains } from '../access/tenant-set.ts';
import { isManaged } from '../tenants/managed.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { mustWait } from './circuit.ts';
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
  else if (tenantId === undefined) await sendAll(deps, message);
  else await sendRecords(deps, { ...message, tenantId }, budget);
}

export interface SendAllDeps {
  readonly destinations: Pick<DestinationStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly queues: DestinationQueue;
  readonly now: () => Date;
}

/** A transaction of the queue service has one message. */
const messagesAtOnce = 16;

/** Time for the others to begin. */
const lastWaitMs = 10_000;

/** Sends a message for each tenant of the destination; none while nothing may be tried. */
async function sendAll(deps: SendAllDeps, message: DestinationMessage): Promise<void> {
  const { destinations, tenants, queues } = deps;
  const { destinationId, last } = message;
  const destination = await destinations.get(destinationId);
  if (destination === undefined || destination.paused) return;
  if (await mustWait(deps, { destination, message })) return;
  const all = await tenants.list();
  const wanted = all.filter((tenant) => isManaged(tenant) && contains(destination.tenants, tenant));
  const send = ({ tenantId }: Tenant) =>
    queues.requestSending({ version: 1, destinationId, tenantId }, tenantId === last ? lastWaitMs : 0);
  await pMap(wanted, send, { concurrency: messagesAtOnce });
}
