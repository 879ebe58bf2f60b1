/** Messages with files are sent one by one: those that need attention do not wait for hundreds of them. */
import { describe, expect, it } from 'vitest';
import { createChannelWorld } from '../../support/channels/channel-world.ts';
import { inventedMessage } from '../../support/channels/messages.ts';
import { createFaults } from '../../support/faults.ts';

const attachments = [{ name: 'a.csv', contentType: 'text/csv', file: 'a/csv' }];
const reportNamed = (title: string) =>
  inventedMessage({ title, topic: 'reports', severity: 'informational', attachments });

async function worldWithReports(count: number, floodLimit: number) {
  const world = createChannelWorld();
  await world.addChannel('mail', { floodLimit, topics: ['reports', 'findings'] });
  for (let at = 0; at < count; at++) await world.publish(reportNamed(`Report ${at}`));
  await world.drain();
  return world;
}

describe('a channel with more reports than it may send in an hour', () => {
  it('sends a finding at once, and the reports as the hours pass', async () => {
    const world = await worldWithReports(6, 4);
    await world.publish(inventedMessage({ title: 'Critical', severity: 'critical' }));
    await world.settle(undefined, 1);
    expect(world.at('mail').filter((title) => title === 'Critical')).toHaveLength(1);
    await world.settle();
    expect(world.at('mail')).toHaveLength(7);
  });

  it('sends them all also if it may send one in an hour', async () => {
    const world = await worldWithReports(3, 1);
    await world.settle();
    expect(world.at('mail')).toHaveLength(3);
  });

  it('sees a finding behind any number of them', async () => {
    const world = createChannelWorld();
    const channelId = await world.addChannel('mail', { paused: true, topics: ['reports', 'findings'] });
    for (let at = 0; at < 20; at++) {
      await world.publish(reportNamed(`Report ${at}`));
      await world.publish(inventedMessage());
    }
    await world.drain();
    const first = await world.deps.deliveries.due(channelId, world.clock.now(), 20);
    expect(new Set(first.map(({ message: { topic } }) => topic))).toEqual(new Set(['findings']));
  });
});

describe('a message that is not for a channel', () => {
  it('costs no read of what was sent there', async () => {
    const world = createChannelWorld();
    await world.addChannel('mail', { topics: ['findings'] });
    const counted = createFaults();
    await world.publish(reportNamed('Report'));
    await world.drain(() => ({ deliveries: counted.inject('deliveries', world.deps.deliveries) }));
    expect(counted.steps).toEqual([]);
  });
});
