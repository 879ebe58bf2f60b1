/** Schedules over fakes: reports are computed when a test says so, and channels are those of the world of channels. */
import { randomUUID } from 'node:crypto';
import { childIdOf, isOpen, type MemberStatus } from '../../shared/batches/member.ts';
import type { TenantReport } from '../../shared/reports/document.ts';
import { documentName, writeJson } from '../../shared/reports/report-files.ts';
import { nextSlot, type Cadence } from '../../shared/reports/schedules/cadence.ts';
import { createAttachedReports } from '../../shared/reports/schedules/attached-report.ts';
import type { Schedule } from '../../shared/reports/schedules/schedule.ts';
import { watchSchedules } from '../../shared/reports/schedules/watch-schedules.ts';
import { createChannelWorld, type Host } from './channels/channel-world.ts';
import { minuteMs } from './clock.ts';
import { createFakeExportFiles } from './fakes/export-files.ts';
import { inventedReport, reportStart } from './reports.ts';

/** Every Monday at eight; the clock begins on a Tuesday. */
export const mondays: Cadence = { every: 'week', weekday: 'monday', at: '08:00', timeZone: 'Europe/Berlin' };

export function scheduleOf(more: Partial<Schedule> = {}): Schedule {
  const { cadence = mondays } = more;
  return {
    ...{ scheduleId: randomUUID(), displayName: 'Posture every week', kind: 'posture', options: {} },
    ...{ tenants: '*', cadence, formats: ['csv'], paused: false, createdBy: 'key-1', runsAs: 'key-1' },
    createdDateTime: reportStart,
    nextDueDateTime: nextSlot(cadence, reportStart).at,
    ...more,
  };
}

/** A document that names its tenant. */
export function documentOf(tenantId: string, displayName: string): TenantReport {
  const flags = { isPartial: false, isPending: false, hasGaps: false, gaps: [], gapsOmitted: 0 };
  const columns = [{ name: 'finding', title: 'Finding', kind: 'sentence' as const }];
  const table = { name: 'findings', title: 'Findings', columns, omitted: 0 };
  const rows = [[`Only of ${displayName}`]];
  const tables = [{ ...table, rows }];
  const sections = [{ name: 'all', title: 'All', paragraphs: [], charts: [], tables }];
  return { tenantId, displayName, ...flags, sections };
}

export function createScheduleWorld() {
  const channels = createChannelWorld();
  const { clock, deps, drain } = channels;
  const exportFiles = createFakeExportFiles();
  const attachedFiles = createAttachedReports({ reports: deps.reports, exportFiles });
  Object.assign(deps, { attachedFiles });
  /** Ends what has begun. @param statusOf by tenant */
  const compute = async (statusOf: (tenantId: string) => MemberStatus = () => 'Succeeded') => {
    for (const set of deps.reportSets.all().filter(({ status }) => status === 'NotStarted')) {
      const members = set.state.members.map(({ tenantId }) => ({ tenantId, status: statusOf(tenantId) }));
      for (const { tenantId, status } of members) {
        if (status !== 'Succeeded' && status !== 'Failed') continue;
        const id = childIdOf(set.id, tenantId);
        const { kind, options, from, to } = set.request;
        const request = { kind, options, from, to };
        const errorMessage = status === 'Failed' ? 'It would need more memory.' : undefined;
        const one = inventedReport({ tenantId, id, status, request, errorMessage });
        await deps.reports.create(one, reportStart);
        const named = (await deps.tenants.get(tenantId))?.displayName ?? '';
        await writeJson(exportFiles, documentName(one), JSON.stringify(documentOf(tenantId, named)));
      }
      const status = members.some(isOpen) ? 'NotStarted' : 'Succeeded';
      await deps.reportSets.replace(set, { ...set, status, state: { members } });
    }
  };
  /** What the timer does, on a host that may end meanwhile. */
  const tick = async (host: Host = {}) => {
    await watchSchedules({ ...deps, queues: host.queues ?? deps.queues }).catch(() => undefined);
  };
  return {
    ...{ ...channels, exportFiles, compute, tick },
    /** So many times: the timer, what is in the queue, and the reports. */
    pass: async (quarters: number, hostOf: () => Host = () => ({})) => {
      for (let count = 0; count < quarters; count++) {
        await tick(hostOf());
        await drain(hostOf);
        await compute();
        clock.advance(15 * minuteMs);
        await drain(hostOf);
      }
    },
  };
}

export type ScheduleWorld = ReturnType<typeof createScheduleWorld>;
