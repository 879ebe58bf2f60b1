/** Creates, changes, and deletes channels. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { describeIssue } from '../describe-issue.ts';
import { invalidParameter, RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import {
  findChannel,
  type Channel,
  type ChannelSettings,
  type ChannelStore,
  type StoredChannel,
} from './channel.ts';
import type { DeliveryStore } from './delivery.ts';
import type { BoundChannelKind } from './kind.ts';
import type { ChannelQueue } from './notifications.ts';

export interface ManageChannelsDeps {
  readonly channels: ChannelStore;
  readonly channelKinds: ReadonlyMap<string, BoundChannelKind>;
  readonly queues: Pick<ChannelQueue, 'requestChannel'>;
  readonly now: () => Date;
}

export type NewChannel = Omit<ChannelSettings, 'paused'> & Pick<Channel, 'kind' | 'createdBy'>;

/** Each message is compared with each. */
const maxChannels = 100;

/** @throws RequestError 400 for settings that are not valid, 409 when there are too many */
export async function createChannel(deps: ManageChannelsDeps, wanted: NewChannel): Promise<Channel> {
  checkSettings(deps, wanted.kind, wanted.settings);
  checkDigest(deps, wanted.kind, wanted.digest);
  if ((await deps.channels.list()).length >= maxChannels)
    throw new RequestError(409, 'TooManyChannels', tooMany);
  const channel: Channel = {
    ...wanted,
    channelId: randomUUID(),
    paused: false,
    recent: [],
    refusals: 0,
    createdDateTime: deps.now(),
  };
  await deps.channels.create(channel);
  return channel;
}

const tooMany = `There can be ${maxChannels} channels. Delete those that are no longer needed.`;

/** @throws RequestError 400 that names the member */
function checkSettings(
  { channelKinds }: Pick<ManageChannelsDeps, 'channelKinds'>,
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  try {
    channelKinds.get(kind)?.configured(settings, describeIssue);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const name = ['settings', ...(issue?.path ?? [])].join('.');
    throw invalidParameter(name, `'${name}' ${issue?.message ?? 'is malformed'}.`);
  }
}

/** @throws RequestError 400 */
function checkDigest(
  { channelKinds }: Pick<ManageChannelsDeps, 'channelKinds'>,
  kind: string,
  digest: Channel['digest'],
): void {
  if (digest === undefined || channelKinds.get(kind)?.followsMatters !== true) return;
  const why = 'must not be there: each matter is a ticket or an incident of its own, which is closed with it';
  throw invalidParameter('digest', `'digest' ${why}.`);
}

/** What a channel may have, and may have no longer. */
export const channelOptions = ['quietHours', 'digest', 'urgentFrom'] as const;

/** Absent and undefined members stay as they are. */
export type ChannelPatch = {
  readonly [K in keyof ChannelSettings]?: ChannelSettings[K] | undefined;
} & { readonly remove?: readonly (typeof channelOptions)[number][] | undefined };

/**
 * Changes a channel, and tries at once if it failed before.
 * @throws RequestError 400, 404, and 409 when others keep changing it
 */
export async function changeChannel(
  deps: ManageChannelsDeps,
  channelId: string,
  { remove = [], ...patch }: ChannelPatch,
): Promise<StoredChannel> {
  const found = await findChannel(deps.channels, channelId);
  if (patch.settings !== undefined) checkSettings(deps, found.kind, patch.settings);
  checkDigest(deps, found.kind, patch.digest);
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const removed = Object.fromEntries(remove.map((name) => [name, undefined]));
  const changes = { ...removed, ...Object.fromEntries(given), circuit: undefined, refusals: 0 };
  let current = found;
  const changed = await retryConflict('channel', async () => {
    const written = await deps.channels.update(current, changes);
    if (written === undefined) current = await findChannel(deps.channels, channelId);
    return written;
  });
  await deps.queues.requestChannel({ version: 1, channelId: changed.channelId });
  return changed;
}

export interface DeleteChannelDeps {
  readonly channels: Pick<ChannelStore, 'remove'>;
  readonly deliveries: Pick<DeliveryStore, 'clear'>;
}

/** What it has sent stays where it is; what waits is not sent. Succeeds if there is none. */
export async function deleteChannel(
  { channels, deliveries }: DeleteChannelDeps,
  channelId: string,
): Promise<void> {
  const id = z.guid().safeParse(channelId).data?.toLowerCase();
  if (id === undefined) return;
  await channels.remove(id);
  await deliveries.clear(id);
}
