/** Table `ReportSchedules`: a row per schedule, all in one partition; runs change its state. */
import { scheduleSchema, type ScheduleStore, type StoredSchedule } from '../../reports/schedules/schedule.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const { options, cadence, channels, formats, run, lastRun } = scheduleSchema.shape;

const columns = scheduleSchema.omit({ scheduleId: true }).extend({
  options: jsonColumn(options),
  cadence: jsonColumn(cadence),
  channels: jsonColumn(channels.unwrap()).optional(),
  formats: jsonColumn(formats),
  run: jsonColumn(run.unwrap()).optional(),
  lastRun: jsonColumn(lastRun.unwrap()).optional(),
});

const partitionKey = 'schedules';

export function createScheduleStore(tables: Tables): ScheduleStore {
  const rows = openRows(tables, {
    table: 'ReportSchedules',
    columns,
    toRow: (schedule, { rowKey, etag }): StoredSchedule => ({ ...schedule, scheduleId: rowKey, etag }),
  });
  const keyOf = (rowKey: string) => ({ partitionKey, rowKey });
  return {
    get: (scheduleId) => rows.get(keyOf(scheduleId)),
    list: () => rows.partition(partitionKey),
    async create(schedule) {
      if (!(await rows.createOwn(keyOf(schedule.scheduleId), schedule)))
        throw new Error('Another schedule has this ID.');
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before.scheduleId), after, before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (scheduleId) => rows.remove(keyOf(scheduleId)),
  };
}
