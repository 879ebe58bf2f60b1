/** Schedules are created, changed, and sent by request. */
import { describe, expect, it } from 'vitest';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  sendNow,
} from '../../../../shared/reports/schedules/manage.ts';
import { dayMs } from '../../../support/clock.ts';
import { createScheduleWorld, mondays } from '../../../support/report-schedules.ts';
import { fabrikamId } from '../../../support/tenants.ts';

const wanted: Parameters<typeof createSchedule>[1] = {
  ...{ displayName: 'Every week', kind: 'posture', options: {}, tenants: '*', cadence: mondays },
  formats: ['xlsx'],
  createdBy: 'key-1',
};

async function createWorld() {
  const world = createScheduleWorld();
  const channelId = await world.addChannel('mail', { topics: ['reports'] });
  const other = await world.addChannel('card', { topics: ['findings'] });
  return { ...world, channelId, other };
}

describe('a schedule', () => {
  it('is due at its next slot, and again there after a pause or with another cadence', async () => {
    const { deps, clock } = await createWorld();
    const { scheduleId, nextDueDateTime } = await createSchedule(deps, wanted);
    expect(nextDueDateTime.toISOString()).toBe('2026-03-16T07:00:00.000Z');
    await changeSchedule(deps, scheduleId, { paused: true, runsAs: 'key-2' });
    clock.advance(21 * dayMs);
    const resumed = await changeSchedule(deps, scheduleId, { paused: false, runsAs: 'key-2' });
    expect([resumed.nextDueDateTime.toISOString(), resumed.runsAs]).toEqual([
      '2026-04-06T06:00:00.000Z',
      'key-2',
    ]);
    const cadence = { ...mondays, weekday: 'friday' } as const;
    const moved = await changeSchedule(deps, scheduleId, { cadence, runsAs: 'key-2' });
    expect(moved.nextDueDateTime.toISOString()).toBe('2026-04-03T06:00:00.000Z');
  });

  it('names channels that exist and take reports, or has all of them', async () => {
    const { deps, channelId, other } = await createWorld();
    await expect(createSchedule(deps, { ...wanted, channels: [other] })).rejects.toMatchObject({
      status: 400,
    });
    await expect(createSchedule(deps, { ...wanted, channels: [fabrikamId] })).rejects.toMatchObject({
      status: 404,
    });
    const { scheduleId } = await createSchedule(deps, { ...wanted, channels: [channelId] });
    const all = await changeSchedule(deps, scheduleId, { allChannels: true, runsAs: 'key-1' });
    expect(all.channels).toBeUndefined();
  });

  it('has one tenant where an option names someone: other customers would read the name', async () => {
    const { deps } = await createWorld();
    const personal = { ...wanted, kind: 'userActivity', options: { user: 'ada@fabrikam.example' } };
    for (const tenants of ['*', 'tag:gold', `${fabrikamId},00000000-0000-4000-8000-000000000001`])
      await expect(createSchedule(deps, { ...personal, tenants })).rejects.toMatchObject({ status: 400 });
    const { scheduleId } = await createSchedule(deps, { ...personal, tenants: fabrikamId });
    await expect(changeSchedule(deps, scheduleId, { tenants: '*', runsAs: 'key-1' })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('is sent at once, as often as is requested, but not twice at a time', async () => {
    const world = await createWorld();
    const { scheduleId, nextDueDateTime } = await createSchedule(world.deps, wanted);
    await sendNow(world.deps, scheduleId);
    await expect(sendNow(world.deps, scheduleId)).rejects.toMatchObject({ code: 'ReportScheduleRunning' });
    await world.pass(2);
    expect(world.received.map(({ outgoing }) => outgoing.message.title)).toEqual([
      'Audit posture, 2026-03-02 to 2026-03-08',
      'Audit posture, 2026-03-02 to 2026-03-08',
    ]);
    await sendNow(world.deps, scheduleId);
    await world.pass(2);
    expect(world.received).toHaveLength(4);
    expect((await world.deps.schedules.get(scheduleId))?.nextDueDateTime).toEqual(nextDueDateTime);
  });

  it('can be deleted twice, and is one of at most a hundred', async () => {
    const { deps } = await createWorld();
    const { scheduleId } = await createSchedule(deps, wanted);
    await deleteSchedule(deps, scheduleId);
    await deleteSchedule(deps, scheduleId);
    await expect(sendNow(deps, scheduleId)).rejects.toMatchObject({ status: 404 });
    for (let count = 0; count < 100; count++) await createSchedule(deps, wanted);
    await expect(createSchedule(deps, wanted)).rejects.toMatchObject({ code: 'TooManyReportSchedules' });
  });
});
