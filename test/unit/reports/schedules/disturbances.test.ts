/** What happens to scheduled reports when something else changes: schedules, files, releases, and what others send. */
import { describe, expect, it } from 'vitest';
import { closeState } from '../../../../shared/operations/end-operation.ts';
import { removeFiles } from '../../../../shared/reports/report-files.ts';
import { reportSetKind } from '../../../../shared/reports/sets/report-set.ts';
import { inventedMessage } from '../../../support/channels/messages.ts';
import { minuteMs } from '../../../support/clock.ts';
import { createScheduleWorld, scheduleOf } from '../../../support/report-schedules.ts';
import { fabrikamId } from '../../../support/tenants.ts';

/** A world in which a schedule has begun. */
async function begunWorld(more: Parameters<typeof scheduleOf>[0] = {}) {
  const world = createScheduleWorld();
  await world.addChannel('mail', { topics: ['reports', 'findings'] });
  const schedule = scheduleOf({ tenants: fabrikamId, ...more });
  await world.deps.schedules.create(schedule);
  world.clock.set(new Date(schedule.nextDueDateTime.getTime() + minuteMs));
  await world.tick();
  await world.drain();
  return { ...world, schedule };
}

/** The same, and its reports are computed, and not yet announced. */
async function computedWorld(more: Parameters<typeof scheduleOf>[0] = {}) {
  const world = await begunWorld(more);
  await world.compute();
  const [report] = world.deps.reports.all();
  if (report === undefined) throw new Error('Nothing was computed.');
  return { ...world, report };
}

describe('a scheduled report', () => {
  it('does not hold up its channel when its document is gone or does not fit, and says so', async () => {
    const world = await computedWorld({ formats: [] });
    await removeFiles(world.exportFiles, world.report);
    await world.pass(1);
    await world.publish(inventedMessage({ title: 'Later' }));
    await world.settle();
    const messages = world.received.map(({ outgoing: { message } }) => message);
    expect(messages.map(({ title }) => title)).toEqual(['Audit posture, 2026-03-09 to 2026-03-15', 'Later']);
    expect(world.received[0]?.outgoing.body).toBeUndefined();
  });

  it('has the name and the time of what was computed, though its schedule was changed meanwhile', async () => {
    const world = await computedWorld();
    const stored = await world.deps.schedules.get(world.schedule.scheduleId);
    if (stored === undefined) throw new Error('The schedule is gone.');
    const cadence = { ...stored.cadence, timeZone: 'America/Los_Angeles' };
    await world.deps.schedules.update(stored, { kind: 'signIns', cadence });
    await world.pass(2);
    expect(world.at('mail')).toEqual(['Audit posture, 2026-03-09 to 2026-03-15']);
  });

  it('is attached once in each format, however often the schedule names it', async () => {
    const world = await computedWorld({ formats: ['csv', 'html', 'csv'] });
    await world.pass(1);
    const names = world.received[0]?.outgoing.attachments.map(({ name }) => name) ?? [];
    expect([names.length > 1, new Set(names).size]).toEqual([true, names.length]);
  });

  it('that was given up has a message like any that there is not', async () => {
    const world = await begunWorld();
    const [set] = world.deps.reportSets.all();
    if (set === undefined) throw new Error('Nothing has begun.');
    const ending = { status: 'Failed', errorCode: 'ReportSetStalled' } as const;
    const state = closeState(reportSetKind, set, ending);
    await world.deps.reportSets.replace(set, { ...set, ...ending, state });
    await world.pass(1);
    expect(world.received.map(({ outgoing: { message } }) => [message.severity, message.title])).toEqual([
      ['high', 'Audit posture, 2026-03-09 to 2026-03-15: there is no report'],
    ]);
  });
});
