/** Runs a schedule: starts the reports of a slot, once, and gives one message for each tenant to channels when they are computed. */
import pMap from 'p-map';
import { ownerOfSet } from '../../access/owner.ts';
import { allTenants, contains } from '../../access/tenant-set.ts';
import { maxBatchTenants } from '../../batches/batch-tenants.ts';
import { hasFailed, isOpen, type Member } from '../../batches/member.ts';
import type { MatterQueue, ScheduleMessage, ScheduleQueue } from '../../channels/notifications.ts';
import { isFinished } from '../../operations/operation.ts';
import { retryConflict } from '../../retry.ts';
import { isManaged } from '../../tenants/managed.ts';
import type { TenantStore } from '../../tenants/tenant.ts';
import { timedIdOf } from '../../timed-id.ts';
import type { ReportStore } from '../report.ts';
import type { ReportSet } from '../sets/report-set.ts';
import { startReportSet, type StartReportSetDeps } from '../sets/start-report-set.ts';
import { latestSlot, nextSlot, rangeOf, slotsWithin } from './cadence.ts';
import { messageOfReport } from './report-message.ts';
import type { ScheduleChanges, ScheduleRun, ScheduleStore, StoredSchedule } from './schedule.ts';

export interface RunScheduleDeps extends StartReportSetDeps {
  readonly schedules: Pick<ScheduleStore, 'get' | 'update'>;
  readonly reports: Pick<ReportStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'get' | 'list'>;
  readonly queues: StartReportSetDeps['queues'] & MatterQueue & ScheduleQueue;
}

/** Where the reports of all schedules are: those who see all tenants find them there, as they find reports they request. */
export const scheduledOwner = ownerOfSet(allTenants);

/**
 * Repeating it changes nothing: the slot decides the ID of the reports, and they decide the keys of the messages.
 * @throws when storage fails: the message must be redelivered
 */
export async function runSchedule(deps: RunScheduleDeps, message: ScheduleMessage): Promise<void> {
  const found = await deps.schedules.get(message.scheduleId);
  if (found === undefined) return;
  const schedule = found.run === undefined ? await claim(deps, found) : found;
  if (schedule?.run === undefined) return;
  const running = { schedule, run: schedule.run };
  const set = await reportSetOf(deps, running);
  if (set === undefined) await end(deps, running, { tenants: 0, failed: 0, errorMessage: tooManyTenants });
  else if (isFinished(set)) await end(deps, running, await announce(deps, running, set));
  else await follow(deps, running, { set, message });
}

interface Running {
  readonly schedule: StoredSchedule;
  readonly run: ScheduleRun;
}

/** The slot that is due becomes the run of the schedule, before anything is started; undefined if there is none. */
async function claim(
  { schedules, now }: RunScheduleDeps,
  schedule: StoredSchedule,
): Promise<StoredSchedule | undefined> {
  const { cadence, nextDueDateTime, paused, scheduleId } = schedule;
  const at = now();
  if (paused || nextDueDateTime > at) return undefined;
  const slot = latestSlot(cadence, at);
  const run = {
    reportSetId: timedIdOf(slot.at, `schedule\n${scheduleId}`),
    ...rangeOf(cadence, slot),
    timeZone: cadence.timeZone,
    skipped: slotsWithin(cadence, nextDueDateTime, slot.at),
    startedDateTime: at,
  };
  // Another host that does the same has the same row, and one of them wins.
  return await schedules.update(schedule, { run, nextDueDateTime: nextSlot(cadence, at).at });
}

/** Starts it unless an earlier attempt did; undefined, and nothing is started, for too many tenants. */
async function reportSetOf(
  deps: RunScheduleDeps,
  { schedule, run }: Running,
): Promise<Pick<ReportSet, 'id' | 'request' | 'state' | 'status'> | undefined> {
  const { kind, options, tenants: set, runsAs: createdBy } = schedule;
  const { reportSetId: id, from, to } = run;
  const found = await deps.reportSets.get({ tenantId: scheduledOwner, id });
  if (found !== undefined) return found;
  const all = await deps.tenants.list();
  const tenants = all.filter((tenant) => isManaged(tenant) && contains(set, tenant));
  if (tenants.length > maxBatchTenants) return undefined;
  const request = { kind, options, from, to };
  return await startReportSet(deps, { id, set, tenants, request, createdBy, ownerId: scheduledOwner });
}

const tooManyTenants = `The schedule selects more than ${maxBatchTenants} tenants. Make several schedules, each with a tag.`;

const firstWaitMs = 15_000;
/** The timer looks after what takes longer. */
const longestWaitMs = 8 * 60_000;
/** A tenant in which something fails for hours keeps the reports of others no longer. */
const partlyAfterMs = 60 * 60_000;

async function follow(
  deps: RunScheduleDeps,
  running: Running,
  { set, message }: { readonly set: Computed; readonly message: ScheduleMessage },
): Promise<void> {
  const { schedule, run } = running;
  const isLate = deps.now().getTime() - run.startedDateTime.getTime() > partlyAfterMs;
  if (isLate && run.partlySent !== true) {
    await announce(deps, running, set);
    await deps.schedules.update(schedule, { run: { ...run, partlySent: true } });
  }
  const { scheduleId, waitedMs } = message;
  const waitMs = waitedMs === undefined ? undefined : Math.max(firstWaitMs, 2 * waitedMs);
  if (waitMs === undefined || waitMs > longestWaitMs) return;
  await deps.queues.requestSchedule({ version: 1, scheduleId, waitedMs: waitMs }, waitMs);
}

type Ended = Pick<NonNullable<StoredSchedule['lastRun']>, 'tenants' | 'failed' | 'errorMessage'>;

const tenantsAtOnce = 16;

type Computed = Pick<ReportSet, 'request' | 'state'>;

/** Messages describe what was requested: the schedule may have been changed since. */
function toldOf({ schedule, run }: Running, { request: { kind } }: Computed): Running {
  const cadence = { ...schedule.cadence, timeZone: run.timeZone };
  return { run, schedule: { ...schedule, kind, cadence } };
}

/** Messages about the tenants whose reports have ended; of one that is gone there is none. */
async function announce(deps: RunScheduleDeps, running: Running, set: Computed): Promise<Ended> {
  const { members } = set.state;
  const told = toldOf(running, set);
  const ended = members.filter((member) => !isOpen(member) && member.status !== 'Removed');
  const announceOne = async (member: Member): Promise<void> => {
    const matter = await messageOfReport(deps, told, member);
    if (matter !== undefined) await deps.queues.requestMatter({ version: 1, matter });
  };
  await pMap(ended, announceOne, { concurrency: tenantsAtOnce });
  const isWithout = (member: Member) => hasFailed(member) || member.status !== 'Succeeded';
  return { tenants: ended.length, failed: ended.filter(isWithout).length };
}

/** Only this run: a request may have changed the schedule meanwhile, or another host may have ended it. */
async function end(deps: RunScheduleDeps, { schedule, run }: Running, ended: Ended): Promise<void> {
  const { scheduleId } = schedule;
  const { reportSetId, from, to, skipped, startedDateTime } = run;
  const lastRun = {
    reportSetId,
    from,
    to,
    skipped,
    startedDateTime,
    completedDateTime: deps.now(),
    ...ended,
  };
  const changes: ScheduleChanges = { run: undefined, lastRun };
  let current: StoredSchedule | undefined = schedule;
  await retryConflict<StoredSchedule | 'ended'>('schedule', async () => {
    if (current?.run?.reportSetId !== reportSetId) return 'ended';
    const written = await deps.schedules.update(current, changes);
    if (written === undefined) current = await deps.schedules.get(scheduleId);
    return written;
  });
  const { tenants, failed } = ended;
  deps.telemetry('reports.schedule.finished', { scheduleId, tenants, failed, skipped });
}
