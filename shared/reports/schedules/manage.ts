/** Creates, changes, and deletes schedules, and sends reports at once. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { soleTenant } from '../../access/tenant-set.ts';
import { findChannel, type ChannelStore } from '../../channels/channel.ts';
import type { ScheduleQueue } from '../../channels/notifications.ts';
import { invalidParameter, RequestError } from '../../errors.ts';
import { retryConflict } from '../../retry.ts';
import { newTimedId } from '../../timed-id.ts';
import { latestSlot, nextSlot, rangeOf } from './cadence.ts';
import {
  findSchedule,
  type Schedule,
  type ScheduleChanges,
  type ScheduleSettings,
  type ScheduleStore,
  type StoredSchedule,
} from './schedule.ts';

export interface ManageSchedulesDeps {
  readonly schedules: ScheduleStore;
  readonly channels: Pick<ChannelStore, 'get'>;
  readonly queues: ScheduleQueue;
  readonly now: () => Date;
}

/** All are read every 15 minutes. */
const maxSchedules = 100;

/** @throws RequestError 400 for a channel that takes no reports, and for several tenants where an option names someone, 404 for one that does not exist, 409 when there are too many */
export async function createSchedule(
  deps: ManageSchedulesDeps,
  wanted: Omit<ScheduleSettings, 'paused'> & Pick<Schedule, 'createdBy'>,
): Promise<Schedule> {
  checkTenants(wanted);
  await checkChannels(deps, wanted.channels);
  if ((await deps.schedules.list()).length >= maxSchedules)
    throw new RequestError(409, 'TooManyReportSchedules', tooMany);
  const now = deps.now();
  const schedule: Schedule = {
    ...wanted,
    scheduleId: randomUUID(),
    paused: false,
    runsAs: wanted.createdBy,
    createdDateTime: now,
    nextDueDateTime: nextSlot(wanted.cadence, now).at,
  };
  await deps.schedules.create(schedule);
  return schedule;
}

const tooMany = `There can be ${maxSchedules} report schedules. Delete those that are no longer needed.`;

/**
 * Each customer would read in its report whose name is an option, and that is someone of one of them.
 * @throws RequestError 400
 */
function checkTenants({ tenants, options }: Pick<ScheduleSettings, 'tenants' | 'options'>): void {
  const naming = Object.keys(options).find((name) => typeof options[name] === 'string');
  if (naming === undefined || soleTenant(tenants) !== undefined) return;
  const why = `the option ${naming} names someone of one customer, and each report shows it`;
  throw invalidParameter('tenants', `'tenants' must be one tenant: ${why}.`);
}

/** Reports would be computed, and reach no one. */
async function checkChannels(
  { channels }: Pick<ManageSchedulesDeps, 'channels'>,
  wanted: readonly string[] = [],
): Promise<void> {
  for (const id of wanted) {
    const { topics } = await findChannel(channels, id);
    if (!topics.includes('reports'))
      throw invalidParameter('channels', `'channels' has ${id}, which does not have the topic reports.`);
  }
}

/** Absent and undefined members stay as they are; `allChannels`: it has none of its own anymore. */
export type SchedulePatch = {
  readonly [K in keyof ScheduleSettings]?: ScheduleSettings[K] | undefined;
} & Pick<Schedule, 'runsAs'> & { readonly allChannels?: boolean | undefined };

/**
 * A schedule that has another cadence, or is no longer paused, is due at its next slot: what it missed meanwhile is not made
 * up for. A run that has begun continues.
 * @throws RequestError as {@link createSchedule}; 404, and 409 when others keep changing it
 */
export async function changeSchedule(
  deps: ManageSchedulesDeps,
  scheduleId: string,
  { allChannels = false, ...patch }: SchedulePatch,
): Promise<StoredSchedule> {
  await checkChannels(deps, patch.channels);
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return await updated(deps, scheduleId, (before) => {
    checkTenants({ tenants: patch.tenants ?? before.tenants, options: patch.options ?? before.options });
    const resumes = before.paused && patch.paused === false;
    const cadence = patch.cadence ?? before.cadence;
    const isMoved = resumes || patch.cadence !== undefined;
    return {
      ...given,
      ...(isMoved ? { nextDueDateTime: nextSlot(cadence, deps.now()).at } : {}),
      ...(allChannels ? { channels: undefined } : {}),
    };
  });
}

async function updated(
  { schedules }: Pick<ManageSchedulesDeps, 'schedules'>,
  scheduleId: string,
  changesOf: (before: StoredSchedule) => ScheduleChanges,
): Promise<StoredSchedule> {
  return await retryConflict('report schedule', async () => {
    const before = await findSchedule(schedules, scheduleId);
    return await schedules.update(before, changesOf(before));
  });
}

/** A run that has begun sends nothing. Succeeds if there is none. */
export async function deleteSchedule(
  { schedules }: Pick<ManageSchedulesDeps, 'schedules'>,
  scheduleId: string,
): Promise<void> {
  const id = z.guid().safeParse(scheduleId).data?.toLowerCase();
  if (id !== undefined) await schedules.remove(id);
}

/**
 * Starts a run about the newest range now, also if it is paused or was sent already. When it is due next stays as it is.
 * @throws RequestError 404, and 409 while there is a run
 */
export async function sendNow(deps: ManageSchedulesDeps, scheduleId: string): Promise<StoredSchedule> {
  const sent = await updated(deps, scheduleId, ({ run, cadence }) => {
    if (run !== undefined) throw isRunning();
    const now = deps.now();
    const range = rangeOf(cadence, latestSlot(cadence, now));
    const { timeZone } = cadence;
    return { run: { reportSetId: newTimedId(now), ...range, timeZone, skipped: 0, startedDateTime: now } };
  });
  await deps.queues.requestSchedule({ version: 1, scheduleId: sent.scheduleId, waitedMs: 0 });
  return sent;
}

function isRunning(): RequestError {
  const message =
    'Reports of this schedule are being computed. They are sent when all of them are: wait for that.';
  return new RequestError(409, 'ReportScheduleRunning', message);
}
