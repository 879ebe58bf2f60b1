/** Schedules of reports: which reports are computed when, and which channels they are for. */
import type { Access } from '../../shared/access/access.ts';
import { readableSet } from '../../shared/access/open-tenants.ts';
import * as api from '../../shared/api/report-schedules.ts';
import { serialized } from '../../shared/http/reply.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  sendNow,
  type ManageSchedulesDeps,
} from '../../shared/reports/schedules/manage.ts';
import { previewOf, type PreviewDeps } from '../../shared/reports/schedules/preview.ts';
import { publicReport } from '../../shared/reports/public-report.ts';
import { publicSchedule } from '../../shared/reports/schedules/public-schedule.ts';
import { findSchedule, type ScheduleStore } from '../../shared/reports/schedules/schedule.ts';

interface ReadDeps {
  readonly schedules: Pick<ScheduleStore, 'get' | 'list'>;
}

interface AccessDeps {
  readonly access: Pick<Access, 'openTenant' | 'requireAllTenants'>;
}

export const listReportSchedulesHandler = handler(
  api.listReportSchedules,
  async ({ schedules }: ReadDeps, { reply }) =>
    reply(200, { value: (await schedules.list()).map(publicSchedule) }),
);

export const createReportScheduleHandler = handler(
  api.createReportSchedule,
  async (deps: ManageSchedulesDeps & AccessDeps, { request, caller, body, reply }) => {
    const { tenants: terms, ...rest } = body;
    const tenants = await readableSet(deps.access, caller, terms);
    const created = await createSchedule(deps, { ...rest, tenants, createdBy: caller.id });
    return reply(201, publicSchedule(created), { Location: addressOf(request, created.scheduleId) });
  },
);

export const getReportScheduleHandler = handler(
  api.getReportSchedule,
  async ({ schedules }: ReadDeps, { path, reply }) =>
    reply(200, publicSchedule(await findSchedule(schedules, path.scheduleId))),
);

export const changeReportScheduleHandler = handler(
  api.changeReportSchedule,
  async (deps: ManageSchedulesDeps & AccessDeps, { caller, path, body, reply }) => {
    const { tenants: terms, ...patch } = body;
    // Also without terms: from now on, it computes reports of what this caller may read.
    const readable = await readableSet(deps.access, caller, terms);
    const changes = { ...patch, tenants: terms && readable, runsAs: caller.id };
    return reply(200, publicSchedule(await changeSchedule(deps, path.scheduleId, changes)));
  },
);

export const deleteReportScheduleHandler = handler(
  api.deleteReportSchedule,
  async (deps: Pick<ManageSchedulesDeps, 'schedules'>, { path, reply }) => {
    await deleteSchedule(deps, path.scheduleId);
    return reply(204);
  },
);

export const sendReportScheduleHandler = handler(
  api.sendReportSchedule,
  async (deps: ManageSchedulesDeps & AccessDeps, { caller, path, reply }) => {
    deps.access.requireAllTenants(caller, 'records.read');
    return reply(202, publicSchedule(await sendNow(deps, path.scheduleId)));
  },
);

/** Styles are in its elements, as in mail; nothing else may be loaded or run. */
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

export const previewReportScheduleHandler = handler(
  api.previewReportSchedule,
  async (deps: PreviewDeps & ReadDeps & AccessDeps, { caller, path, body, reply }) => {
    const schedule = await findSchedule(deps.schedules, path.scheduleId);
    const tenant = await deps.access.openTenant(caller, body.tenantId, 'records.read');
    const preview = await previewOf(deps, schedule, { tenant, createdBy: caller.id });
    if ('report' in preview) return reply(202, publicReport(preview.report), { 'Retry-After': '5' });
    const headers = { 'Content-Security-Policy': mailPolicy, 'Referrer-Policy': 'no-referrer' };
    return reply(200, serialized(preview.html, 'text/html; charset=utf-8'), headers);
  },
);
