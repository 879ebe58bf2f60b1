/** Messages reach channels once, whatever fails and whenever hosts end. */
import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../../shared/channels/kind.ts';
import { createChannelWorld, type ChannelWorld, type Host } from '../../support/channels/channel-world.ts';
import { inventedMessage } from '../../support/channels/messages.ts';
import { minuteMs } from '../../support/clock.ts';
import { crashAt, createFaults, type Faults } from '../../support/faults.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const retry: SendOutcome = { outcome: 'retry', cause: '503', mayBeThere: false };

/** A host all of whose steps are of these faults, those of its receivers included. */
function hostWith(world: ChannelWorld, faults: Faults): Host {
  const { channels, deliveries, queues, channelKinds } = world.deps;
  const kinds = [...channelKinds].map(([name, kind]) => {
    const configured: typeof kind.configured = (settings) => ({
      open: (context) => faults.inject(`sender-${name}`, kind.configured(settings).open(context)),
    });
    return [name, { ...kind, configured }] as const;
  });
  return {
    channels: faults.inject('channels', channels),
    deliveries: faults.inject('deliveries', deliveries),
    queues: faults.inject('queues', queues),
    channelKinds: new Map(kinds),
  };
}

async function worldWithAll(): Promise<ChannelWorld> {
  const world = createChannelWorld();
  for (const kind of ['mail', 'card', 'ticket']) await world.addChannel(kind);
  return world;
}

describe('a finding', () => {
  const message = inventedMessage();

  it('reaches a mail, a card, and a ticket once while a host ends between every two steps', async () => {
    const counted = createFaults();
    const calm = await worldWithAll();
    await calm.publish(message);
    await calm.settle(() => hostWith(calm, counted));
    expect(calm.received).toHaveLength(3);
    const twice: string[] = [];
    for (let step = 0; step < counted.steps.length; step++) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await worldWithAll();
        const faults = crashAt(step, fault);
        let ended = false;
        const hostOf = () => {
          const host = hostWith(world, ended ? createFaults() : faults);
          ended ||= faults.steps.length > step;
          return host;
        };
        await world.publish(message);
        await world.settle(hostOf);
        const where = `${fault} ${counted.steps[step]}`;
        expect([where, world.at('mail').length, world.at('ticket').length]).toEqual([where, 1, 1]);
        const cards = world.at('card').length;
        expect(cards).toBeGreaterThanOrEqual(1);
        if (cards > 1) {
          twice.push(where);
          expect(
            world.events.filter(({ properties }) => 'perhapsTwice' in properties && properties.perhapsTwice),
          ).toHaveLength(1);
        }
      }
    }
    // After the answer, and before its row: there a receiver that knows nothing gets it twice, and nowhere else.
    expect(twice).toEqual(['crashAfter sender-card.send', 'crashBefore deliveries.record']);
  });

  it('arrives once when its message comes several times, to two hosts at once', async () => {
    const world = await worldWithAll();
    for (let count = 0; count < 4; count++) await world.publish(message);
    await Promise.all([world.handle({}), world.handle({}), world.handle({}), world.handle({})]);
    while (world.queues.waiting.length > 0) {
      world.clock.set(world.queues.waiting[0]?.at ?? world.clock.now());
      await Promise.all([world.handle({}), world.handle({}), world.handle({})]);
    }
    expect([world.at('mail'), world.at('card'), world.at('ticket')].map((all) => all.length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('is sent again with the same ID when the answer was lost, and counted where the receiver cannot tell', async () => {
    const world = await worldWithAll();
    const ids: string[] = [];
    world.answerWith(({ id, mayBeThere }) => {
      ids.push(id);
      return mayBeThere ? { outcome: 'sent' } : { outcome: 'retry', cause: 'Timeout', mayBeThere: true };
    });
    await world.publish(message);
    await world.settle();
    expect(new Set(ids).size).toBe(3);
    const sent = world.events.filter(({ name }) => name === 'channels.message.sent');
    expect(sent.map(({ properties }) => properties)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'mail', perhapsTwice: false }),
        expect.objectContaining({ kind: 'card', perhapsTwice: true }),
      ]),
    );
  });
});

describe('a channel', () => {
  it('gets what its tenants, its severity, and its topics select', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail', { tenants: 'tag:gold', minimumSeverity: 'high', topics: ['findings'] });
    await world.publish(inventedMessage({ title: 'wanted', severity: 'high' }));
    await world.publish(inventedMessage({ title: 'harmless' }));
    await world.publish(inventedMessage({ title: 'other topic', severity: 'high', topic: 'gaps' }));
    await world.publish(
      inventedMessage({
        title: 'other tenant',
        severity: 'high',
        tenant: { tenantId: adatumId, displayName: 'A' },
      }),
    );
    await world.publish(inventedMessage({ title: 'of none', severity: 'high', tenant: undefined }));
    await world.settle();
    expect(world.at('mail')).toEqual(['wanted']);
  });

  it('waits until quiet hours end, unless a message is urgent', async () => {
    const world = createChannelWorld();
    const quietHours = { timeZone: 'Europe/Berlin', from: '12:00', to: '14:00' };
    await world.addChannel('mail', { quietHours, urgentFrom: 'critical' });
    await world.publish(inventedMessage({ title: 'quiet', severity: 'high' }));
    await world.publish(inventedMessage({ title: 'urgent', severity: 'critical' }));
    await world.drain();
    expect(world.at('mail')).toEqual(['urgent']);
    await world.settle(undefined, 59);
    expect(world.at('mail')).toEqual(['urgent']);
    await world.settle(undefined, 1);
    expect(world.at('mail')).toEqual(['urgent', 'quiet']);
  });

  it('gets one message an hour for all that came meanwhile, the most severe first', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail', { digest: { every: 'hour' } });
    for (const severity of ['low', 'critical', 'medium'] as const)
      await world.publish(inventedMessage({ severity, title: severity }));
    await world.settle();
    expect(world.at('mail')).toEqual(['3 messages']);
    const { message, link } = world.received[0]?.outgoing ?? {};
    expect(message?.items.map(({ title }) => title)).toEqual(['critical', 'medium', 'low']);
    expect(message).toMatchObject({ severity: 'critical', count: 3 });
    expect(link).toBe('https://audit.example/console');
  });

  it('gets one message with a count of a flood, and never more in an hour than its limit', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('card', { floodLimit: 3 });
    for (let count = 0; count < 50; count++) await world.publish(inventedMessage());
    await world.drain();
    expect(world.at('card')).toEqual(['50 messages']);
    for (let minute = 0; minute < 50; minute++) {
      await world.publish(inventedMessage({ title: 'single' }));
      await world.settle(undefined, 1);
      world.clock.advance(minuteMs / 60);
    }
    expect(world.at('card')).toEqual(['50 messages', 'single', 'single']);
    await world.settle();
    expect(world.at('card')).toEqual(['50 messages', 'single', 'single', '48 messages']);
    expect((await world.deps.deliveries.recent(channelId, 1000)).length).toBe(100);
  });

  it('that fails keeps everything, says why, and continues when it succeeds', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail');
    world.answerWith(() => ({ outcome: 'misconfigured', cause: '403', nextStep: 'Act.' }));
    await world.publish(inventedMessage());
    await world.publish(inventedMessage());
    await world.drain();
    expect(await world.deps.channels.get(channelId)).toMatchObject({
      circuit: { cause: '403', nextStep: 'Act.' },
    });
    world.answerWith(() => retry);
    await world.settle(undefined, 20);
    world.answerWith(() => ({ outcome: 'sent' }));
    await world.settle(undefined, 20);
    expect(world.at('mail')).toHaveLength(2);
    expect((await world.deps.channels.get(channelId))?.circuit).toBeUndefined();
  });

  it('leaves the receiver alone for as long as it wants', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail');
    let attempts = 0;
    world.answerWith(() => {
      attempts += 1;
      return { outcome: 'retry', cause: '429', afterMs: 30 * minuteMs, mayBeThere: false };
    });
    await world.publish(inventedMessage());
    await world.settle(undefined, 29);
    expect(attempts).toBe(1);
    await world.settle(undefined, 2);
    expect(attempts).toBe(2);
  });

  it('that refuses one message gets the others; one that refuses all is misconfigured, and keeps the rest', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail');
    world.answerWith(({ message }) =>
      message.title === 'bad' ? { outcome: 'refused', cause: '400' } : { outcome: 'sent' },
    );
    await world.publish(inventedMessage({ title: 'bad', severity: 'critical' }));
    await world.publish(inventedMessage({ title: 'good' }));
    await world.drain();
    expect(world.at('mail')).toEqual(['good']);
    world.answerWith(() => ({ outcome: 'refused', cause: '400' }));
    for (let count = 0; count < 9; count++) await world.publish(inventedMessage());
    await world.drain();
    expect((await world.deps.channels.get(channelId))?.circuit?.nextStep).toBeDefined();
    expect(await world.deps.deliveries.due(channelId, world.clock.now(), 100)).toHaveLength(4);
  });

  it('that refuses what concerns single tenants only gets everything of the others', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('ticket');
    world.answerWith(({ message }) =>
      message.tenant?.tenantId === adatumId
        ? { outcome: 'refused', cause: 'It has no company.', concernsTenant: true }
        : { outcome: 'sent' },
    );
    const tenant = { tenantId: adatumId, displayName: 'Adatum' };
    for (let count = 0; count < 9; count++)
      await world.publish(inventedMessage({ tenant, severity: 'high' }));
    await world.publish(inventedMessage({ title: 'of another tenant' }));
    await world.drain();
    expect(world.at('ticket')).toEqual(['of another tenant']);
    expect((await world.deps.channels.get(channelId))?.circuit).toBeUndefined();
  });

  it.each([
    ['waits', false],
    ['may have arrived before', true],
  ])('sends nothing of tenants that it is no longer for, although it %s', async (_, mayBeThere) => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail');
    world.answerWith(() => ({ outcome: 'retry', cause: '503', mayBeThere }));
    const tenant = { tenantId: adatumId, displayName: 'Adatum' };
    await world.publish(inventedMessage({ tenant, title: 'of Adatum', severity: 'high' }));
    await world.publish(inventedMessage({ tenant: undefined, title: 'of none' }));
    await world.publish(inventedMessage({ title: 'of Fabrikam' }));
    await world.drain();
    world.answerWith(() => ({ outcome: 'sent' }));
    const stored = await world.deps.channels.get(channelId);
    if (stored !== undefined)
      await world.deps.channels.update(stored, { tenants: fabrikamId, circuit: undefined });
    await world.settle();
    expect(world.at('mail')).toEqual(['of Fabrikam']);
    expect(await world.deps.deliveries.nextDue(channelId)).toBeUndefined();
  });

  it('sends nothing of a tenant that was removed while it waited', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail', { digest: { every: 'hour' } });
    const tenant = { tenantId: adatumId, displayName: 'Adatum' };
    await world.publish(inventedMessage({ tenant, title: 'of Adatum' }));
    await world.publish(inventedMessage({ title: 'of Fabrikam' }));
    await world.drain();
    const remaining = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId: fabrikamId })]);
    await world.settle(() => ({ tenants: remaining }));
    expect(world.at('mail')).toEqual(['of Fabrikam']);
  });

  it('sends nothing while it is paused, and nothing of a tenant that is removed', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail', { paused: true });
    await world.publish(inventedMessage());
    await world.publish(inventedMessage({ tenant: { tenantId: crypto.randomUUID(), displayName: 'Gone' } }));
    await world.settle();
    expect(world.at('mail')).toEqual([]);
    const stored = await world.deps.channels.get(channelId);
    if (stored !== undefined) await world.deps.channels.update(stored, { paused: false });
    await world.queues.requestChannel({ version: 1, channelId });
    await world.settle();
    expect(world.at('mail')).toEqual(['Inbox rule forwards mail outside']);
  });
});

describe('a matter that changes', () => {
  it('is one ticket that is changed at most once an hour, and closed at once', async () => {
    const world = createChannelWorld();
    for (const kind of ['mail', 'ticket']) await world.addChannel(kind);
    const first = inventedMessage();
    await world.publish(first);
    await world.drain();
    for (let revision = 2; revision < 10; revision++) {
      await world.publish({ ...first, revision });
      await world.settle(undefined, 1);
    }
    await world.settle(undefined, 61);
    const revisions = () =>
      world.received
        .filter(({ channelId }) => channelId === 'ticket')
        .map(({ outgoing }) => outgoing.message.revision);
    expect(revisions()).toEqual([1, 9]);
    await world.publish({ ...first, revision: 10, closed: true });
    await world.drain();
    expect(revisions()).toEqual([1, 9, 10]);
    await world.publish({ ...first, revision: 11, closed: true });
    await world.settle();
    expect(revisions()).toEqual([1, 9, 10]);
    expect(world.at('mail')).toHaveLength(1);
  });

  it('is closed although the receiver refused a change of it', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('ticket');
    world.answerWith(({ message }) =>
      message.revision === 2
        ? { outcome: 'refused', cause: 'The receiver answered 400.' }
        : { outcome: 'sent', receipt: 'ticket-1' },
    );
    const first = inventedMessage();
    await world.publish(first);
    await world.settle();
    await world.publish({ ...first, revision: 2 });
    await world.settle();
    const [refused] = await world.deps.deliveries.recent(channelId, 1);
    expect(refused).toMatchObject({ revision: 2, receipt: 'ticket-1', cause: 'The receiver answered 400.' });
    await world.publish({ ...first, revision: 3, closed: true });
    await world.settle();
    expect(world.received.map(({ outgoing: { message } }) => message.revision)).toEqual([1, 3]);
    const [closed] = await world.deps.deliveries.recent(channelId, 1);
    expect(closed).toMatchObject({ result: 'sent', closed: true });
  });

  it('is not sent anywhere when it was closed before', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail', { digest: { every: 'hour' } });
    const first = inventedMessage();
    await world.publish(first);
    await world.drain();
    await world.publish({ ...first, revision: 2, closed: true });
    await world.settle();
    expect(world.at('mail')).toEqual([]);
  });

  it('that changed while it was sent is sent again to those who follow it', async () => {
    const world = createChannelWorld();
    await world.addChannel('ticket');
    const first = inventedMessage();
    let changed = false;
    world.answerWith(async () => {
      if (!changed) {
        changed = true;
        await world.publish({ ...first, revision: 2, severity: 'critical' });
        await world.handle({});
      }
      return { outcome: 'sent' };
    });
    await world.publish(first);
    await world.settle();
    expect(world.received.map(({ outgoing }) => outgoing.message.revision)).toEqual([1, 2]);
  });
});
