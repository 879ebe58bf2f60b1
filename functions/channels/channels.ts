/** Channels: who is notified of what. */
import type { Access } from '../../shared/access/access.ts';
import { readableSet } from '../../shared/access/open-tenants.ts';
import * as api from '../../shared/api/channels.ts';
import { findChannel, type ChannelStore } from '../../shared/channels/channel.ts';
import type { DeliveryStore } from '../../shared/channels/delivery.ts';
import {
  changeChannel,
  createChannel,
  deleteChannel,
  type DeleteChannelDeps,
  type ManageChannelsDeps,
} from '../../shared/channels/manage.ts';
import { publicChannel, publicDelivery } from '../../shared/channels/public-channel.ts';
import { testChannel, type TestChannelDeps } from '../../shared/channels/test-channel.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';

interface ReadDeps {
  readonly channels: Pick<ChannelStore, 'get' | 'list'>;
}

interface AccessDeps {
  readonly access: Pick<Access, 'openTenant' | 'requireAllTenants'>;
}

export const listChannelsHandler = handler(api.listChannels, async ({ channels }: ReadDeps, { reply }) =>
  reply(200, { value: (await channels.list()).map(publicChannel) }),
);

export const createChannelHandler = handler(
  api.createChannel,
  async (deps: ManageChannelsDeps & AccessDeps, { request, caller, body, reply }) => {
    const { tenants: terms, ...rest } = body;
    const tenants = await readableSet(deps.access, caller, terms);
    const created = await createChannel(deps, { ...rest, tenants, createdBy: caller.id });
    return reply(201, publicChannel(created), { Location: addressOf(request, created.channelId) });
  },
);

export const getChannelHandler = handler(api.getChannel, async ({ channels }: ReadDeps, { path, reply }) =>
  reply(200, publicChannel(await findChannel(channels, path.channelId))),
);

export const changeChannelHandler = handler(
  api.changeChannel,
  async (deps: ManageChannelsDeps & AccessDeps, { caller, path, body, reply }) => {
    const { tenants: terms, ...patch } = body;
    // Also without terms: where messages go is decided by those who may read what they are about.
    const tenants = await readableSet(deps.access, caller, terms);
    const changed = await changeChannel(deps, path.channelId, { ...patch, tenants: terms && tenants });
    return reply(200, publicChannel(changed));
  },
);

export const deleteChannelHandler = handler(
  api.deleteChannel,
  async (deps: DeleteChannelDeps, { path, reply }) => {
    await deleteChannel(deps, path.channelId);
    return reply(204);
  },
);

export const testChannelHandler = handler(
  api.testChannel,
  async (deps: TestChannelDeps & AccessDeps, { caller, path, body: { tenantId }, reply }) => {
    const tenant =
      tenantId === undefined ? undefined : await deps.access.openTenant(caller, tenantId, 'tenants.manage');
    return reply(200, await testChannel(deps, path.channelId, tenant));
  },
);

/** In one answer. */
const maxDeliveries = 1000;

export const listChannelDeliveriesHandler = handler(
  api.listChannelDeliveries,
  async (
    { channels, deliveries }: ReadDeps & { readonly deliveries: Pick<DeliveryStore, 'recent'> },
    { path, reply },
  ) => {
    const { channelId } = await findChannel(channels, path.channelId);
    return reply(200, { value: (await deliveries.recent(channelId, maxDeliveries)).map(publicDelivery) });
  },
);
