/** What operators decide about poison messages: to replay one, or to give it up. */
import { RequestError } from '../errors.ts';
import { provenanceOf } from '../index/delivered-records.ts';
import type { GivenUpLanding, LandingStore, OpenLanding } from '../landing/landing.ts';
import type { RawStore } from '../landing/raw-store.ts';
import { indexQueue, indexRequestFor, type WorkQueues } from '../landing/work-queues.ts';
import type { Telemetry } from '../telemetry.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { findPoison, type ListedPoisonMessage, type ListPoisonDeps } from './list-poison.ts';
import { messageIn } from './message-ids.ts';
import { poisonIdOf, type PoisonMessage } from './poison-message.ts';
import type { PoisonQueue, TakenMessage } from './poison-queue.ts';
import { searchQueue } from './search-queue.ts';

export interface DecidePoisonDeps extends ListPoisonDeps {
  readonly landings: Pick<LandingStore, 'notIndexed' | 'giveUp' | 'takeBack'>;
  readonly raw: Pick<RawStore, 'read'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly queues: Pick<WorkQueues, 'requestIndexing'>;
  readonly telemetry: Telemetry;
}

export interface PoisonChoice {
  /** Absent: of any tenant, or none. */
  readonly tenantId?: string;
  readonly id: string;
  /** Who decides. */
  readonly caller: string;
}

/** A search ends after this many messages; the command line has no limit. */
const searchedMessages = 1_000;

/**
 * Sends it to its work queue again, then deletes its cause, then takes it out of the poison queue: a crash in between
 * leaves a message that is listed and can be replayed again, and the work is done twice at most, which changes nothing.
 * A landing that was given up is pending again first.
 * @throws RequestError 404; 409 if it was given up and its work is scheduled anyway, or while another reader has it
 */
export async function replayPoison(deps: DecidePoisonDeps, choice: PoisonChoice): Promise<PoisonMessage> {
  const found = await find(deps, choice);
  const landing = await takeBackLanding(deps, found);
  if (found.state === 'givenUp') await replayGivenUp(deps, found, landing);
  const taken = found.state === 'givenUp' ? [] : await takeFromQueue(deps, found);
  const queue = deps.poisonQueue(found.queue);
  const [first] = taken;
  if (first !== undefined) await queue.putIntoWorkQueue(first);
  // Unless it has failed again meanwhile.
  const { etag } = found;
  if (etag !== undefined) await deps.poisonMessages.remove({ ...found, etag });
  if (first === undefined && found.state !== 'givenUp') throw notFound();
  await removeAll(queue, taken);
  report(deps, 'poison.message.replayed', found, choice);
  return found;
}

async function replayGivenUp(
  { queues }: DecidePoisonDeps,
  { queue, tenantId }: PoisonMessage,
  landing: OpenLanding | undefined,
): Promise<void> {
  if (queue !== indexQueue || tenantId === undefined) throw notReplayable();
  // Otherwise it was indexed after all.
  if (landing !== undefined) await queues.requestIndexing(indexRequestFor(tenantId, landing));
}

/**
 * Deletes it from the poison queue. Its cause stays, with who gave it up and why. The records of a landing stay missing:
 * that is recorded first, so that a crash in between leaves a hole whose message is still listed.
 * @throws RequestError 404; 409 while another reader has it
 */
export async function giveUpPoison(
  deps: DecidePoisonDeps,
  choice: PoisonChoice & { readonly reason: string },
): Promise<PoisonMessage> {
  const { caller, reason } = choice;
  const found = await find(deps, choice);
  const at = deps.now();
  await giveUpLanding(deps, found, { at, by: caller, reason });
  const givenUp: PoisonMessage = {
    ...found,
    state: 'givenUp',
    givenUpAt: at,
    givenUpBy: caller,
    givenUpReason: reason,
  };
  await deps.poisonMessages.put(givenUp);
  await removeAll(deps.poisonQueue(found.queue), await takeFromQueue(deps, found));
  report(deps, 'poison.message.givenUp', found, choice);
  return givenUp;
}

async function find(deps: DecidePoisonDeps, { id, tenantId }: PoisonChoice): Promise<ListedPoisonMessage> {
  const found = await findPoison(deps, id, tenantId);
  if (found === undefined) throw notFound();
  return found;
}

/** All that request the same work: one of them is enough. None if it was resent or deleted elsewhere. */
async function takeFromQueue(
  { poisonQueue }: DecidePoisonDeps,
  { id, queue: name }: PoisonMessage,
): Promise<readonly TakenMessage[]> {
  const queue = poisonQueue(name);
  const isWanted = ({ messageText }: TakenMessage) => poisonIdOf(name, messageIn(messageText)) === id;
  const { wanted, seen, isComplete } = await searchQueue(queue, { isWanted, limit: searchedMessages });
  if (wanted.length > 0) return wanted;
  if (isComplete && (await queue.count()) <= seen) return [];
  throw busy(queue);
}

async function removeAll(queue: PoisonQueue, taken: readonly TakenMessage[]): Promise<void> {
  for (const message of taken) await queue.remove(message);
}

async function takeBackLanding(
  { landings }: DecidePoisonDeps,
  { queue, tenantId, ids: { landingId } }: PoisonMessage,
): Promise<OpenLanding | undefined> {
  if (queue !== indexQueue || tenantId === undefined || landingId === undefined) return undefined;
  return await landings.takeBack(tenantId, landingId);
}

/** Nothing to record for one that is indexed, and for other queues: their work is scheduled again. */
async function giveUpLanding(
  deps: DecidePoisonDeps,
  { queue, tenantId, ids: { landingId } }: PoisonMessage,
  decision: Omit<GivenUpLanding, 'holes'>,
): Promise<void> {
  if (queue !== indexQueue || tenantId === undefined || landingId === undefined) return;
  const { unindexed, givenUp } = await deps.landings.notIndexed(tenantId);
  const landing = [...unindexed, ...givenUp].find((one) => one.landingId === landingId);
  if (landing === undefined) return;
  const holes = await holesOf(deps, tenantId, landing);
  await deps.landings.giveUp(tenantId, landingId, { ...decision, holes });
}

/** By its raw blob; without one, of all content types of the tenant. */
async function holesOf(
  { raw, tenants }: DecidePoisonDeps,
  tenantId: string,
  { blobName, oldestContent, landedAt }: OpenLanding,
): Promise<GivenUpLanding['holes']> {
  const runs = await runsOf(raw, blobName);
  const types =
    runs === undefined
      ? ((await tenants.get(tenantId))?.contentTypes ?? [])
      : runs.map(({ contentType }) => contentType);
  return [...new Set(types)].map((contentType) => {
    const times = (runs ?? [])
      .filter((run) => run.contentType === contentType)
      .map(({ contentCreated }) => contentCreated.getTime());
    const all = times.length === 0 ? [oldestContent.getTime(), landedAt.getTime()] : times;
    return { contentType, start: new Date(Math.min(...all)), end: new Date(Math.max(...all) + secondMs) };
  });
}

/** Raw blobs keep times of content in seconds. */
const secondMs = 1000;

async function runsOf(raw: DecidePoisonDeps['raw'], blobName: string) {
  const blob = await raw.read(blobName);
  if (blob === undefined) return undefined;
  // Ends the download.
  for await (const chunk of blob.body) if (chunk.length > 0) break;
  return provenanceOf(blob).runs;
}

function report(
  { telemetry }: DecidePoisonDeps,
  event: 'poison.message.replayed' | 'poison.message.givenUp',
  { queue, tenantId, id: poisonId }: PoisonMessage,
  { caller }: PoisonChoice,
): void {
  telemetry(event, { queue, tenantId, poisonId, caller });
}

function notFound(): RequestError {
  const message =
    'There is no such poison message: it may have been replayed or deleted since, or is being delivered. Check tenant and ID.';
  return new RequestError(404, 'PoisonMessageNotFound', message);
}

function notReplayable(): RequestError {
  const message =
    'It was given up and deleted from its queue, and its work is scheduled again automatically: there is nothing to replay.';
  return new RequestError(409, 'PoisonMessageGivenUp', message);
}

function busy({ name }: PoisonQueue): RequestError {
  const message = `Another reader has messages of ${name}, or it has too many to search. Try again in two minutes, or use npm run poison.`;
  return new RequestError(409, 'PoisonQueueBusy', message, { headers: { 'Retry-After': '120' } });
}
