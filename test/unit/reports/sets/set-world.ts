/** A report on several tenants whose parts ended in different ways, in memory. */
import { createOpenedByCalls } from '../../../../shared/access/opened.ts';
import { holds, type Caller } from '../../../../shared/access/caller.ts';
import type { Scope } from '../../../../shared/access/api-keys.ts';
import { childIdOf, type Member } from '../../../../shared/batches/member.ts';
import { newOperationId } from '../../../../shared/operations/operation.ts';
import type { TenantReport } from '../../../../shared/reports/document.ts';
import { documentName, writeJson } from '../../../../shared/reports/report-files.ts';
import { reportOperationKind, type ReportOperation } from '../../../../shared/reports/report.ts';
import type { ReportSet } from '../../../../shared/reports/sets/report-set.ts';
import type { Tenant } from '../../../../shared/tenants/tenant.ts';
import { createFakeExportFiles } from '../../../support/fakes/export-files.ts';
import { createFakeOperationStore } from '../../../support/fakes/operation-store.ts';
import { createFakeTenantStore } from '../../../support/fakes/tenant-store.ts';
import { inventedReport, reportRange, reportStart } from '../../../support/reports.ts';

export function reportSetOf(members: readonly Member[]): ReportSet {
  return {
    tenantId: '0d9c2b44-5a1e-8f0b-8c3d-2e6f1a90b715',
    id: newOperationId(reportStart),
    status: 'Succeeded',
    createdBy: 'key-1',
    request: { kind: 'posture', ...reportRange, options: {}, tenants: '*' },
    createdDateTime: reportStart,
    lastActionDateTime: reportStart,
    state: { members },
  };
}

/** @param tenants those that are managed when the set is read */
export function createSetWorld(set: ReportSet, tenants: () => readonly Tenant[]) {
  const reports = createFakeOperationStore(reportOperationKind);
  const exportFiles = createFakeExportFiles();
  const opened = createOpenedByCalls();
  const access = {
    ...opened,
    visibleTenants: async (caller: Caller, scope: Scope = 'records.read') =>
      (await createFakeTenantStore(tenants()).list()).filter((tenant) => holds(caller, scope, tenant)),
  };
  return {
    deps: { access, reports, exportFiles },
    openedBy: (caller: Caller) => opened.openedBy(caller),
    /** The report on one of its tenants, as it ended. */
    end: async (tenantId: string, changes: Partial<ReportOperation>, document?: TenantReport) => {
      const one = { ...inventedReport(changes), tenantId, id: childIdOf(set.id, tenantId) };
      await reports.create(one, reportStart);
      if (document !== undefined) await writeJson(exportFiles, documentName(one), JSON.stringify(document));
    },
  };
}
