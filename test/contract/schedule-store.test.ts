/** The promises about schedules of reports, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createScheduleStore } from '../../shared/adapters/tables/schedule-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeScheduleStore } from '../support/fakes/schedules.ts';
import { scheduleOf } from '../support/report-schedules.ts';
import { reportRange, reportStart } from '../support/reports.ts';
import { useStorage } from './storage.ts';

const storage = useStorage();
const ended = { reportSetId: randomUUID(), ...reportRange, skipped: 2, startedDateTime: reportStart };
const run = { ...ended, timeZone: 'Europe/Berlin' };

describe.each([
  { where: 'in memory', open: createFakeScheduleStore },
  { where: 'on Table Storage', open: () => createScheduleStore(createTables(storage())) },
])('schedules $where', ({ open }) => {
  it('are found as created, listed, and removed', async () => {
    const [store, schedule] = [open(), scheduleOf({ options: { user: 'ädele' }, channels: [randomUUID()] })];
    expect(await store.get(schedule.scheduleId)).toBeUndefined();
    await store.create(schedule);
    const stored = await store.get(schedule.scheduleId);
    expect(stored).toEqual({ ...schedule, etag: stored?.etag });
    expect(await store.list()).toContainEqual(stored);
    await expect(store.create({ ...schedule, displayName: 'Another' })).rejects.toThrow();
    await store.remove(schedule.scheduleId);
    await store.remove(schedule.scheduleId);
    expect(await store.get(schedule.scheduleId)).toBeUndefined();
  });

  it('are changed only as they were read, and undefined members are removed', async () => {
    const [store, schedule] = [open(), scheduleOf({ channels: [randomUUID()] })];
    await store.create(schedule);
    const first = await store.get(schedule.scheduleId);
    if (first === undefined) throw new Error('It was not stored.');
    const second = await store.update(first, { run, channels: undefined });
    expect(second).toMatchObject({ run });
    expect(await store.update(first, { paused: true })).toBeUndefined();
    if (second === undefined) throw new Error('It was not changed.');
    const lastRun = { ...ended, completedDateTime: reportStart, tenants: 3, failed: 1 };
    const third = await store.update(second, { run: undefined, lastRun });
    expect(await store.get(schedule.scheduleId)).toEqual(third);
    expect([third?.run, third?.channels, third?.lastRun]).toEqual([undefined, undefined, lastRun]);
    await store.remove(schedule.scheduleId);
    if (third !== undefined) expect(await store.update(third, { paused: true })).toBeUndefined();
  });
});
