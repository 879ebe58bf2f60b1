/** Scheduled reports reach channels once, whenever hosts end, and a customer never gets those of another. */
import { describe, expect, it } from 'vitest';
import { createFaults, crashAt, type Faults } from '../../../support/faults.ts';
import type { Host } from '../../../support/channels/channel-world.ts';
import { dayMs, hourMs, minuteMs } from '../../../support/clock.ts';
import {
  createScheduleWorld,
  mondays,
  scheduleOf,
  type ScheduleWorld,
} from '../../../support/report-schedules.ts';
import { adatumId, fabrikamId } from '../../../support/tenants.ts';

/** A world in which a schedule is due, with a channel for all tenants. */
async function dueWorld(more: Parameters<typeof scheduleOf>[0] = {}) {
  const world = createScheduleWorld();
  await world.addChannel('mail', { topics: ['reports'] });
  const schedule = scheduleOf(more);
  await world.deps.schedules.create(schedule);
  world.clock.set(new Date(schedule.nextDueDateTime.getTime() + minuteMs));
  const found = () => world.deps.schedules.get(schedule.scheduleId);
  return { ...world, schedule, found };
}

function hostWith({ deps }: Pick<ScheduleWorld, 'deps'>, faults: Faults): Host {
  return {
    schedules: faults.inject('schedules', deps.schedules),
    reportSets: faults.inject('reportSets', deps.reportSets),
    reports: faults.inject('reports', deps.reports),
    tenants: faults.inject('tenants', deps.tenants),
    channels: faults.inject('channels', deps.channels),
    deliveries: faults.inject('deliveries', deps.deliveries),
    queues: faults.inject('queues', deps.queues),
  };
}

const contentOf = (world: ScheduleWorld, tenantId: string) =>
  world.received
    .map(({ outgoing }) => outgoing)
    .filter(({ message }) => message.tenant?.tenantId === tenantId)
    .map(
      ({ attachments, body }) => `${body} ${attachments.map(({ content }) => content.toString()).join(' ')}`,
    );

describe('a schedule that is due', () => {
  it('sends one message about each tenant, with its report, and nothing of another', async () => {
    const world = await dueWorld();
    await world.pass(3);
    expect(world.received).toHaveLength(2);
    const [fabrikam, adatum] = [contentOf(world, fabrikamId), contentOf(world, adatumId)];
    expect([fabrikam.length, adatum.length]).toEqual([1, 1]);
    expect([fabrikam[0]?.includes('Only of Fabrikam'), fabrikam[0]?.includes('Adatum')]).toEqual([
      true,
      false,
    ]);
    expect([adatum[0]?.includes('Only of Adatum'), adatum[0]?.includes('Fabrikam')]).toEqual([true, false]);
    expect(world.received[0]?.outgoing).toMatchObject({
      message: {
        title: 'Audit posture, 2026-03-09 to 2026-03-15',
        severity: 'informational',
        topic: 'reports',
      },
    });
    expect(await world.found()).toMatchObject({
      nextDueDateTime: new Date('2026-03-23T07:00:00Z'),
      lastRun: { tenants: 2, failed: 0, skipped: 0, from: new Date('2026-03-08T23:00:00Z') },
    });
  });

  it('sends them once while a host ends between every two steps', async () => {
    const counted = createFaults();
    const calm = await dueWorld();
    await calm.pass(4, () => hostWith(calm, counted));
    expect(calm.received).toHaveLength(2);
    for (let step = 0; step < counted.steps.length; step++)
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await dueWorld();
        const faults = crashAt(step, fault);
        let ended = false;
        await world.pass(5, () => {
          const host = hostWith(world, ended ? createFaults() : faults);
          ended ||= faults.steps.length > step;
          return host;
        });
        const where = `${fault} ${counted.steps[step]} ${step}`;
        expect([where, world.received.length]).toEqual([where, 2]);
        const stored = await world.found();
        expect([where, stored?.run, stored?.lastRun?.tenants]).toEqual([where, undefined, 2]);
        expect(world.deps.reportSets.all()).toHaveLength(1);
      }
  }, 60_000);

  it('starts its reports once on two hosts that do so at the same time', async () => {
    const world = await dueWorld();
    await world.tick();
    await world.tick();
    await Promise.all([world.handle({}), world.handle({})]);
    await world.pass(3);
    expect(world.deps.reportSets.all()).toHaveLength(1);
    expect(world.received).toHaveLength(2);
  });

  it('catches up on the newest period after hosts were down, and says how many have no report', async () => {
    const world = await dueWorld();
    world.clock.advance(15 * dayMs);
    await world.pass(3);
    expect(world.received).toHaveLength(2);
    const { message } = world.received[0]?.outgoing ?? {};
    expect(message?.title).toBe('Audit posture, 2026-03-23 to 2026-03-29');
    expect(message?.facts).toContainEqual({
      name: 'Periods without a report',
      value: '2 before this one: no host was running then.',
    });
    expect(await world.found()).toMatchObject({ lastRun: { skipped: 2 } });
  });

  it('decides with each run who is in its set', async () => {
    const world = await dueWorld({ tenants: 'tag:gold' });
    await world.pass(3);
    expect(contentOf(world, adatumId)).toEqual([]);
    await world.tenants.update(adatumId, { tags: ['gold'] });
    world.clock.advance(7 * dayMs);
    await world.pass(3);
    expect([contentOf(world, fabrikamId).length, contentOf(world, adatumId).length]).toEqual([2, 1]);
  });

  it('says of a tenant why it has no report, and what to do', async () => {
    const world = await dueWorld();
    await world.tick();
    await world.drain();
    await world.compute((tenantId) => (tenantId === adatumId ? 'Failed' : 'NotAllowed'));
    await world.pass(2);
    const messages = world.received.map(({ outgoing: { message } }) => message);
    expect(messages.map(({ severity }) => severity)).toEqual(['high', 'high']);
    expect(messages.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'It would need more memory.',
        expect.stringContaining('has no access to the tenant anymore'),
      ]),
    );
    expect(messages[0]?.nextSteps).toBeDefined();
    expect(await world.found()).toMatchObject({ lastRun: { tenants: 2, failed: 2 } });
  });

  it('sends what there is after an hour, and the rest when it has ended, each once', async () => {
    const world = await dueWorld();
    await world.tick();
    await world.drain();
    await world.compute((tenantId) => (tenantId === adatumId ? 'Failing' : 'Succeeded'));
    for (let quarter = 0; quarter < 6; quarter++) {
      await world.tick();
      world.clock.advance(15 * minuteMs);
      await world.drain();
    }
    expect([contentOf(world, fabrikamId).length, contentOf(world, adatumId).length]).toEqual([1, 0]);
    await world.pass(3);
    expect([contentOf(world, fabrikamId).length, contentOf(world, adatumId).length]).toEqual([1, 1]);
  });

  it('does not begin while it is paused, and its run ends quietly when it is deleted', async () => {
    const paused = await dueWorld({ paused: true });
    await paused.pass(2);
    expect(paused.deps.reportSets.all()).toEqual([]);
    const deleted = await dueWorld();
    await deleted.tick();
    await deleted.drain();
    await deleted.deps.schedules.remove(deleted.schedule.scheduleId);
    await deleted.pass(3);
    expect(deleted.received).toEqual([]);
  });

  it('sends to the channels that it names, and of these to those that are for the tenant', async () => {
    const world = createScheduleWorld();
    const named = await world.addChannel('card', { topics: ['reports'], tenants: fabrikamId });
    await world.addChannel('mail', { topics: ['reports'] });
    await world.addChannel('ticket', { topics: ['findings'] });
    const schedule = scheduleOf({ channels: [named], cadence: mondays });
    await world.deps.schedules.create(schedule);
    world.clock.set(new Date(schedule.nextDueDateTime.getTime() + hourMs));
    await world.pass(3);
    expect(
      world.received.map(({ channelId, outgoing }) => [channelId, outgoing.message.tenant?.tenantId]),
    ).toEqual([['card', fabrikamId]]);
  });
});
