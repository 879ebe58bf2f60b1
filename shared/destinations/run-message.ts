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
  /** In [0, 1). */
  readonly random: () => number;
}

/** A transaction of the queue service has one message. */
const messagesAtOnce = 16;

/** Time for the others to begin. */
const lastWaitMs = 5_000;
/** Of a retry: one success is enough for all. */
const mostOthers = 100;

/** Sends a message for each tenant of the destination, or for a few; none while nothing may be tried. */
async function sendAll(deps: SendAllDeps, message: DestinationMessage): Promise<void> {
  const { destinations, tenants, queues, random } = deps;
  const { destinationId, last } = message;
  const destination = await destinations.get(destinationId);
  if (destination === undefined || destination.paused) return;
  if (await mustWait(deps, { destination, message })) return;
  const all = await tenants.list();
  const wanted = all.filter((tenant) => isManaged(tenant) && contains(destination.tenants, tenant));
  const send = ({ tenantId }: Tenant) =>
    queues.requestSending({ version: 1, destinationId, tenantId }, tenantId === last ? lastWaitMs : 0);
  await pMap(last === undefined ? wanted : fewOf(wanted, last, random), send, {
    concurrency: messagesAtOnce,
  });
}

/** By chance, so that each gets its turn; with the one that tried before. */
function fewOf(tenants: readonly Tenant[], last: string, random: () => number): readonly Tenant[] {
  const others = tenants.filter(({ tenantId }) => tenantId !== last);
  const shuffled = others.map((tenant) => ({ tenant, at: random() })).toSorted((a, b) => a.at - b.at);
  const few = shuffled.slice(0, mostOthers).map(({ tenant }) => tenant);
  return [...few, ...tenants.filter(({ tenantId }) => tenantId === last)];
}
