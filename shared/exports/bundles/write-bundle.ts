/** Writes the one file of several tenants, run by run, one tenant after the other, from where the last run stopped. */
import pMap from 'p-map';
import type { Budget } from '../../budget.ts';
import type { Member } from '../../batches/member.ts';
import type { OperationRun } from '../../operations/operation-run.ts';
import type { Outcome } from '../../operations/run-operation.ts';
import { indexingWaitMs } from '../../landing/awaits-indexing.ts';
import { findManagedTenant } from '../../tenants/managed.ts';
import { exportFileName, type ExportFiles } from '../export.ts';
import { blockCount, blockIdsOf } from '../file-writer.ts';
import { bundleForm } from './bundle-form.ts';
import { longestWritingMs, type BundleRequest, type BundleState } from './bundle.ts';
import { ageOf, step, type Step, type WritePartDeps } from './write-part.ts';
import { fileOf, openWriting, restarted, stateOf, type Writing } from './writing.ts';

export interface WriteBundleDeps extends WritePartDeps {
  readonly exportFiles: ExportFiles;
}

type BundleRun = OperationRun<BundleRequest, BundleState>;

/** What a kill costs at most, where records are few and far between. */
const saveEveryMs = 30_000;
/** Blob Storage's limit. */
const maxBlocks = 50_000;
const tenantsAtOnce = 16;

export async function writeBundle(
  deps: WriteBundleDeps,
  run: BundleRun,
  budget: Budget,
): Promise<Outcome<BundleState>> {
  const writing = await openWriting(deps, run);
  let next: Step = writing.isRead ? 'end' : 'continue';
  while (next !== 'end') {
    if (run.operation().cancelRequested) return { status: 'Canceled', state: run.operation().state };
    if (ageOf(deps, run.operation()) > longestWritingMs) return failed(run, tooLong);
    next = await step(deps, writing);
    if (next === 'continue' && !budget.aborted && !isWorthSaving(deps, writing)) continue;
    await run.save({ state: await stateOf(deps, writing) });
    if (blockCount(fileOf(run.operation()).progress.blocks) >= maxBlocks) return failed(run, tooLarge);
    if (next === 'wait') return { waitMs: indexingWaitMs };
    if (next === 'continue' && budget.aborted) return { waitMs: 0 };
  }
  return await commit(deps, run, writing);
}

/** None of the tenants in the file has been removed until now: otherwise it is written again, without them. */
async function commit(
  deps: WriteBundleDeps,
  run: BundleRun,
  { writer }: Writing,
): Promise<Outcome<BundleState>> {
  const one = run.operation();
  const { state } = one;
  const gone = await removedSince(deps, state.members);
  if (gone.size > 0) {
    await run.save({ state: restarted(one, gone) });
    return { waitMs: 0 };
  }
  const file = fileOf(one);
  const { mediaType } = bundleForm(one.request);
  await deps.exportFiles.commit(exportFileName(one), blockIdsOf(file.progress.blocks), mediaType);
  return { status: 'Succeeded', state: { ...state, file: { ...file, sha256: writer.digest() } } };
}

async function removedSince(
  { tenants }: WriteBundleDeps,
  members: readonly Member[],
): Promise<ReadonlySet<string>> {
  const written = members.filter(({ status }) => status === 'Succeeded');
  const gone = await pMap(
    written,
    async ({ tenantId }) => ((await findManagedTenant(tenants, tenantId)) === undefined ? [tenantId] : []),
    { concurrency: tenantsAtOnce },
  );
  return new Set(gone.flat());
}

const tooLarge = {
  errorCode: 'ExportTooLarge',
  errorMessage:
    'The file would be larger than storage allows. Export fewer tenants, or parts with from and to.',
};
const tooLong = {
  errorCode: 'ExportTooLong',
  errorMessage:
    'The file was not written within a day. Export fewer tenants, parts with from and to, or a file for each tenant.',
};

function failed({ operation }: BundleRun, reason: typeof tooLarge): Outcome<BundleState> {
  return { status: 'Failed', state: operation().state, ...reason };
}

function isWorthSaving({ now }: WriteBundleDeps, { writer, savedAt }: Writing): boolean {
  return writer.hasBlock() || now().getTime() - savedAt.getTime() >= saveEveryMs;
}
