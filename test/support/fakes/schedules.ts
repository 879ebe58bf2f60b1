/** Schedules of reports, in memory. */
import { reportOperationKind } from '../../../shared/reports/report.ts';
import { reportSetKind } from '../../../shared/reports/sets/report-set.ts';
import { createFakeOperationStore } from './operation-store.ts';
import type { ScheduleStore, StoredSchedule } from '../../../shared/reports/schedules/schedule.ts';

export function createFakeScheduleStore(): ScheduleStore {
  const rows = new Map<string, StoredSchedule>();
  let version = 0;
  const nextTag = () => `v${++version}`;
  return {
    get: async (id) => await Promise.resolve(rows.get(id)),
    list: async () =>
      await Promise.resolve([...rows.values()].sort((a, b) => (a.scheduleId < b.scheduleId ? -1 : 1))),
    create: async (schedule) => {
      if (rows.has(schedule.scheduleId)) throw new Error('There is a schedule with this ID.');
      rows.set(schedule.scheduleId, { ...schedule, etag: nextTag() });
      await Promise.resolve();
    },
    update: async (before, changes) => {
      if (rows.get(before.scheduleId)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(before.scheduleId, changed);
      return await Promise.resolve(changed);
    },
    remove: async (id) => {
      rows.delete(id);
      await Promise.resolve();
    },
  };
}

/** No schedule and no report yet, and where they would be. */
export function createFakeReportStores() {
  return {
    schedules: createFakeScheduleStore(),
    reports: createFakeOperationStore(reportOperationKind),
    reportSets: createFakeOperationStore(reportSetKind),
  };
}
