/** A verification as answers show it. */
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import { differenceKinds, type Difference } from './difference.ts';
import { differenceMeanings } from './difference-meanings.ts';
import { totalOf, type Findings } from './findings.ts';
import type { Verification } from './verification.ts';

export function publicVerification(one: Verification) {
  const { request, state } = one;
  return {
    ...publicIdentity(one),
    fromDateTime: request.from?.toISOString(),
    toDateTime: request.to.toISOString(),
    mode: modeOf(one),
    seed: (state.share ?? 1) < 1 ? (request.seed ?? one.id) : undefined,
    landingCount: state.landings,
    comparedCount: state.compared,
    pendingCount: state.pending,
    recordCount: state.records,
    indexRowCount: state.rows,
    checkedRowCount: state.explained ?? 0,
    linkCount: state.link?.number ?? 0,
    differenceCount: totalOf(state),
    differenceKinds: summaryOf(state),
    ...publicHistory(one),
    ...publicError(one),
  };
}

/** Absent until it is decided. */
function modeOf({ request, state }: Verification) {
  if (state.share === undefined) return request.mode;
  return state.share < 1 ? 'sample' : 'full';
}

/** How many there are of each kind, and what to do about them. */
export function summaryOf({ counts }: Pick<Findings, 'counts'>) {
  return differenceKinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [{ kind, count, ...differenceMeanings[kind] }];
  });
}

/** With the first differences, by name. */
export function verificationResult(one: Verification) {
  return { ...publicVerification(one), differences: one.state.listed.map(publicDifference) };
}

function publicDifference({
  kind,
  landingId,
  blobName,
  contentId,
  recordId,
  line,
  table,
  link,
  detail,
}: Difference) {
  return { kind, landingId, blobName, contentId, recordId, line, table, link, detail };
}
