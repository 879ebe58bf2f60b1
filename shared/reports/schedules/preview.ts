/** What the mail of a schedule about one tenant looks like, without sending it. */
import type { AttachedFiles } from '../../channels/sending.ts';
import { linkOf } from '../../channels/link.ts';
import { mailOf } from '../../channels/text/mail.ts';
import { isFinished } from '../../operations/operation.ts';
import { startOperation } from '../../operations/start-operation.ts';
import type { StoredTenant } from '../../tenants/tenant.ts';
import { timedIdOf } from '../../timed-id.ts';
import type { ReportOperation } from '../report.ts';
import { newReport, type StartReportDeps } from '../start-report.ts';
import { latestSlot, rangeOf } from './cadence.ts';
import { messageWith, messageWithout } from './report-message.ts';
import type { Schedule } from './schedule.ts';

export interface PreviewDeps extends StartReportDeps {
  readonly attachedFiles: AttachedFiles;
  readonly publicUrl: string | undefined;
}

/** `report`: it is still being computed. */
export type Preview = { readonly html: string } | { readonly report: ReportOperation };

const dayMs = 24 * 60 * 60_000;

/**
 * The mail about the newest range. Its report is started once a day, and again for other options; asking again shows how far
 * it is.
 * @throws when storage fails
 */
export async function previewOf(
  deps: PreviewDeps,
  schedule: Schedule,
  { tenant, createdBy }: { readonly tenant: StoredTenant; readonly createdBy: string },
): Promise<Preview> {
  const now = deps.now();
  const range = rangeOf(schedule.cadence, latestSlot(schedule.cadence, now));
  const { kind, options, scheduleId } = schedule;
  const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  const id = timedIdOf(
    today,
    `preview\n${scheduleId}\n${tenant.tenantId}\n${JSON.stringify([kind, options, range])}`,
  );
  const found = await deps.reports.get({ tenantId: tenant.tenantId, id });
  const report =
    found ?? (await begun(deps, tenant, { id, createdBy, request: { kind, options, ...range } }));
  if (!isFinished(report)) return { report };
  const scheduled = { schedule, run: { reportSetId: id, skipped: 0, ...range } };
  const message =
    report.status === 'Succeeded'
      ? messageWith(scheduled, tenant, report, now)
      : messageWithout(scheduled, tenant, report.errorMessage ?? 'The report was canceled.', now);
  const body = message.body && (await deps.attachedFiles.read(message.body, tenant.tenantId));
  return { html: mailOf(message, { link: linkOf(deps.publicUrl, message), body: body?.toString() }).html };
}

async function begun(
  deps: PreviewDeps,
  tenant: StoredTenant,
  { id, ...wanted }: Pick<ReportOperation, 'id' | 'createdBy' | 'request'>,
): Promise<ReportOperation> {
  return await startOperation(deps, deps.reports, { ...(await newReport(deps, tenant, wanted)), id });
}
