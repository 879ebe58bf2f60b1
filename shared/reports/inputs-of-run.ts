/** What the collector of a report is given: the same in every run. */
import * as z from 'zod';
import type { ExportFiles } from '../exports/export.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { readManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { readInputs, type ReadInputsDeps } from './read-inputs.ts';
import { readJson, runFileName, writeJson } from './report-files.ts';
import { storedInputs, type GivenInputs, type MaybeNeeded, type ReportLimits } from './report-inputs.ts';
import type { ReportKind } from './report-kind.ts';
import type { ReportOperation, ReportRequest, ReportState } from './report.ts';

export interface InputsDeps extends ReadInputsDeps {
  readonly exportFiles: ExportFiles;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly reportLimits: ReportLimits;
}

type ReportRun = OperationRun<ReportRequest, ReportState>;

/** Reads what the kind needs once, and stores it. @throws when storage fails */
export async function inputsOf(
  deps: InputsDeps,
  run: ReportRun,
  kind: Pick<ReportKind, 'needs' | 'roles'>,
): Promise<GivenInputs<unknown> & MaybeNeeded> {
  return { ...givenInputs(deps, run.operation()), ...(await neededInputs(deps, run, kind)) };
}

function givenInputs({ reportLimits: limits }: InputsDeps, one: ReportOperation): GivenInputs<unknown> {
  const { tenantId, request, state, createdDateTime: now } = one;
  const { displayName, ...completeness } = state;
  const { from, to, options } = request;
  return { tenant: { tenantId, displayName }, completeness, range: { from, to }, options, now, limits };
}

/** Those that the first run read, unless that did not get so far. */
async function neededInputs(
  deps: InputsDeps,
  run: ReportRun,
  kind: Pick<ReportKind, 'needs' | 'roles'>,
): Promise<MaybeNeeded> {
  const one = run.operation();
  const { state, request, tenantId } = one;
  const name = (of: number) => runFileName(one, of, 'inputs');
  const found =
    state.inputs === undefined
      ? undefined
      : await readJson(deps.exportFiles, name(state.inputs), storedInputs);
  if (found !== undefined) return found;
  const tenant = await readManagedTenant(deps.tenants, tenantId);
  const { needs } = kind;
  const roles = kind.roles(request.options);
  const inputs = await readInputs(deps, { tenant, range: request, needs, roles, now: one.createdDateTime });
  await writeJson(deps.exportFiles, name(run.number), JSON.stringify(z.encode(storedInputs, inputs)));
  await run.save({ state: { ...state, inputs: run.number } });
  return inputs;
}
