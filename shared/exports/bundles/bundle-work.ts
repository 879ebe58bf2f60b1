/** Runs bundles: one file of several tenants, or an export of each. */
import { batchWork } from '../../batches/batch-work.ts';
import { childrenOf, type ChildrenDeps, type ChildKind } from '../../batches/children.ts';
import { hasFailed, type Member, type MemberStatus } from '../../batches/member.ts';
import type { OperationEffects } from '../../operations/end-operation.ts';
import type { Ending } from '../../operations/operation.ts';
import type { OperationWork } from '../../operations/run-operation.ts';
import { exportEffects, type ExportEffectsDeps } from '../export-work.ts';
import { exportFileName, type Export, type ExportRequest, type ExportState } from '../export.ts';
import { newExport } from '../start-export.ts';
import type { Bundle, BundleRequest, BundleState, BundleStore } from './bundle.ts';
import { writeBundle, type WriteBundleDeps } from './write-bundle.ts';

export interface BundleEffectsDeps extends Pick<ExportEffectsDeps, 'exportFiles'> {
  readonly bundles: BundleStore;
}

export type BundleWorkDeps = BundleEffectsDeps & ExportEffectsDeps & ChildrenDeps & WriteBundleDeps;

export function bundleEffects({
  bundles,
  exportFiles,
}: BundleEffectsDeps): OperationEffects<BundleRequest, BundleState> {
  return {
    store: bundles,
    // The files of single tenants expire with their exports.
    discard: async (one) => {
      if (one.request.layout === 'oneFile') await exportFiles.remove(exportFileName(one));
    },
    measure: ({ state: { file } }) => ({ records: file?.progress.records, bytes: file?.progress.bytes }),
  };
}

export function bundleWork(deps: BundleWorkDeps): OperationWork<BundleRequest, BundleState, undefined> {
  const perTenant = batchWork<BundleRequest, BundleState>({
    store: deps.bundles,
    children: (bundle) => childrenOf(deps, exportsOf(deps, bundle), bundle),
    endOf,
  });
  return {
    ...perTenant,
    ...bundleEffects(deps),
    work: async (run, held) =>
      run.operation().request.layout === 'oneFile'
        ? await writeBundle(deps, run, held.budget)
        : await perTenant.work(run, held),
  };
}

function exportsOf(
  deps: BundleWorkDeps,
  { request, createdBy }: Pick<Bundle, 'request' | 'createdBy'>,
): ChildKind<ExportRequest, ExportState> {
  const { format, bom, select, filters } = request;
  return {
    effects: exportEffects(deps),
    requires: ['records.read'],
    statusOf,
    newChild: (tenant) => newExport(deps, tenant, { request: { format, bom, select, filters }, createdBy }),
  };
}

function statusOf({ status, errorCode }: Export): MemberStatus {
  if (errorCode === 'TenantRemoved') return 'Removed';
  return status === 'NotStarted' ? 'Running' : status;
}

function endOf(members: readonly Member[]): Ending {
  const hasFile = members.some(({ status }) => status === 'Succeeded');
  if (hasFile || !members.some(hasFailed)) return { status: 'Succeeded' };
  const errorMessage = 'No export of this bundle succeeded. Its list of tenants says why.';
  return { status: 'Failed', errorCode: 'EveryExportFailed', errorMessage };
}
