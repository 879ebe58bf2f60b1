/** The message about the report of one tenant: what mail shows of it, and what is attached. */
import { childIdOf, type Member } from '../../batches/member.ts';
import { publicOutcome } from '../../batches/public-batch.ts';
import { messageOf, type Message } from '../../channels/message.ts';
import type { Tenant, TenantStore } from '../../tenants/tenant.ts';
import { kindOf } from '../public-report.ts';
import type { ReportOperation, ReportStore } from '../report.ts';
import { attachmentsOf, bodyFileOf } from './attached-report.ts';
import { periodName } from './period-name.ts';
import type { Schedule, ScheduleRun } from './schedule.ts';

export interface ReportMessageDeps {
  readonly reports: Pick<ReportStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: () => Date;
}

interface Scheduled {
  readonly schedule: Pick<Schedule, 'kind' | 'cadence' | 'channels' | 'formats' | 'displayName'>;
  readonly run: Pick<ScheduleRun, 'reportSetId' | 'from' | 'to' | 'skipped'>;
}

/** Undefined for a tenant that is gone. @param member one that has ended @throws when storage fails */
export async function messageOfReport(
  { reports, tenants, now }: ReportMessageDeps,
  scheduled: Scheduled,
  member: Member,
): Promise<Message | undefined> {
  const { tenantId } = member;
  const tenant = await tenants.get(tenantId);
  if (tenant === undefined) return undefined;
  const child = await reports.get({ tenantId, id: childIdOf(scheduled.run.reportSetId, tenantId) });
  return child !== undefined && member.status === 'Succeeded'
    ? messageWith(scheduled, tenant, child, now())
    : messageWithout(scheduled, tenant, errorOf(member, child), now());
}

/** Of a report that was computed. */
export function messageWith(
  { schedule, run }: Scheduled,
  tenant: Tenant,
  report: Pick<ReportOperation, 'id' | 'request' | 'state'>,
  now: Date,
): Message {
  const { isPending, hasGaps } = report.state;
  return messageOf({
    ...frameOf({ schedule, run }, tenant, now),
    severity: 'informational',
    title: titleOf({ schedule, run }),
    sentence: kindOf(schedule).description,
    facts: [
      ...factsOf({ schedule, run }),
      ...(isPending ? [{ name: 'Not complete yet', value: 'Records of this time may still arrive.' }] : []),
      ...(hasGaps ? [{ name: 'Missing', value: 'Records of this time are missing: see below.' }] : []),
    ],
    path: `/reports/${tenant.tenantId}/${report.id}`,
    body: bodyFileOf(report),
    attachments: attachmentsOf(report, schedule.formats),
  });
}

/** Of a report that there is not. @param why in a sentence */
export function messageWithout(scheduled: Scheduled, tenant: Tenant, why: string, now: Date): Message {
  return messageOf({
    ...frameOf(scheduled, tenant, now),
    severity: 'high',
    title: `${titleOf(scheduled)}: there is no report`,
    sentence: why,
    facts: factsOf(scheduled),
    nextSteps: 'Fix what this names, then send the reports of the schedule again.',
    path: `/reports/sets/${scheduled.run.reportSetId}`,
  });
}

function frameOf({ schedule, run }: Scheduled, { tenantId, displayName }: Tenant, now: Date) {
  return {
    key: `report ${run.reportSetId} ${tenantId}`,
    revision: 1,
    topic: 'reports',
    tenant: { tenantId, displayName },
    channels: schedule.channels,
    createdDateTime: now.toISOString(),
  } as const;
}

function titleOf({ schedule, run }: Scheduled): string {
  return `${kindOf(schedule).title}, ${periodName(schedule.cadence.timeZone, run)}`;
}

function factsOf({ schedule: { cadence, displayName }, run }: Scheduled) {
  const { skipped } = run;
  const missed = `${skipped} before this one: no host was running then.`;
  return [
    { name: 'Schedule', value: displayName },
    { name: 'Time', value: `${periodName(cadence.timeZone, run)}, ${cadence.timeZone}` },
    ...(skipped === 0 ? [] : [{ name: 'Periods without a report', value: missed }]),
  ];
}

function errorOf(member: Member, child: ReportOperation | undefined): string {
  const why = publicOutcome(member).errorMessage ?? child?.errorMessage;
  return why ?? 'The report was canceled, or deleted.';
}
