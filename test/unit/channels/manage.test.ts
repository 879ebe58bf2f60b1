/** Channels are created, changed, tested, and deleted; the API shows no secret and takes no settings that are not valid. */
import { describe, expect, it } from 'vitest';
import { channelKinds } from '../../../functions/dependencies/channels.ts';
import {
  changeChannel,
  createChannel,
  deleteChannel,
  type NewChannel,
} from '../../../shared/channels/manage.ts';
import { publicChannel } from '../../../shared/channels/public-channel.ts';
import { testChannel } from '../../../shared/channels/test-channel.ts';
import { createChannelWorld } from '../../support/channels/channel-world.ts';
import { inventedMessage } from '../../support/channels/messages.ts';
import { fabrikamId } from '../../support/tenants.ts';

const wanted: NewChannel = {
  displayName: 'On call',
  kind: 'teams',
  settings: { url: 'channel-teams' },
  tenants: '*',
  minimumSeverity: 'medium',
  topics: ['findings'],
  floodLimit: 20,
  createdBy: 'key',
};

function createWorld() {
  const world = createChannelWorld();
  return { ...world, deps: { ...world.deps, channelKinds } };
}

describe('a channel', () => {
  it('is created as wanted, and active', async () => {
    const { deps } = createWorld();
    const created = await createChannel(deps, wanted);
    expect(publicChannel(created)).toMatchObject({
      displayName: 'On call',
      status: 'active',
      topics: ['findings'],
    });
    expect(await deps.channels.get(created.channelId)).toMatchObject(created);
  });

  it.each([
    ['teams', { url: 'https://teams.example/secret' }, 'settings.url'],
    ['teams', { url: 'destination-siem' }, 'settings.url'],
    ['slack', { url: 'channel-slack', more: 1 }, 'settings'],
    [
      'azureMail',
      { endpoint: 'https://evil.example', sender: 'a@b.example', recipients: ['c@d.example'] },
      'settings.endpoint',
    ],
    [
      'azureMail',
      {
        endpoint: 'https://evil.example#.communication.azure.com',
        sender: 'a@b.example',
        recipients: ['c@d.example'],
      },
      'settings.endpoint',
    ],
    [
      'graphMail',
      { sender: 'a@b.example', recipients: ['c@d.example\r\nBcc: x@y.example'] },
      'settings.recipients.0',
    ],
    ['webhook', { url: 'http://a.example' }, 'settings.url'],
    ['webhook', { url: 'https://a.example', template: '{"a":"{{secret}}"}' }, 'settings.template'],
    [
      'haloPsa',
      {
        url: 'https://a.example',
        clientId: 'x',
        clientSecret: 'channel-x',
        ticketType: 1,
        companies: { x: 1 },
      },
      'settings.companies.x',
    ],
  ])('is refused with settings of %s that are not valid: %j', async (kind, settings, target) => {
    const { deps } = createWorld();
    await expect(createChannel(deps, { ...wanted, kind, settings })).rejects.toMatchObject({
      status: 400,
      target,
    });
    expect(await deps.channels.list()).toEqual([]);
  });

  it('that makes tickets has no digest', async () => {
    const { deps } = createWorld();
    const settings = { routingKey: 'channel-pagerduty' };
    const digest = { every: 'hour' } as const;
    await expect(
      createChannel(deps, { ...wanted, kind: 'pagerDuty', settings, digest }),
    ).rejects.toMatchObject({ target: 'digest' });
  });

  it('is changed, tries at once, and may lose what it has', async () => {
    const world = createWorld();
    const { deps, queues } = world;
    const quietHours = { timeZone: 'Europe/Berlin', from: '18:00', to: '07:00' };
    const { channelId } = await createChannel(deps, { ...wanted, quietHours, urgentFrom: 'high' });
    await changeChannel(deps, channelId, { remove: ['quietHours'], floodLimit: 5, displayName: undefined });
    const changed = await deps.channels.get(channelId);
    expect(changed).toMatchObject({
      displayName: 'On call',
      floodLimit: 5,
      urgentFrom: 'high',
      quietHours: undefined,
    });
    expect(queues.waiting.at(-1)?.message).toEqual({ version: 1, channelId });
    await expect(changeChannel(deps, crypto.randomUUID(), {})).rejects.toMatchObject({ status: 404 });
  });

  it('that is deleted forgets what waits; deleting it again changes nothing', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail', { digest: { every: 'hour' } });
    await world.publish(inventedMessage());
    await world.drain();
    await deleteChannel(world.deps, channelId);
    await deleteChannel(world.deps, channelId);
    expect(await world.deps.deliveries.nextDue(channelId)).toBeUndefined();
    await world.settle();
    expect(world.at('mail')).toEqual([]);
  });
});

describe('a test of a channel', () => {
  it('sends a test message that names the tenant', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail');
    const tenant = { tenantId: fabrikamId, displayName: 'Fabrikam' };
    expect(await testChannel(world.deps, channelId, tenant)).toMatchObject({ succeeded: true });
    expect(world.received[0]?.outgoing.message).toMatchObject({ topic: 'test', tenant });
  });

  it('says what to do when it fails', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail');
    world.answerWith(() => ({ outcome: 'misconfigured', cause: '403', nextStep: 'Act.' }));
    expect(await testChannel(world.deps, channelId, undefined)).toEqual({
      succeeded: false,
      detail: '403',
      nextStep: 'Act.',
    });
    world.answerWith(() => ({ outcome: 'retry', cause: 'Timeout', mayBeThere: true }));
    expect(await testChannel(world.deps, channelId, undefined)).toMatchObject({
      succeeded: false,
      detail: 'Timeout',
    });
  });
});
