/** What is missing from the records of a report, in words. */
import { gapReasons } from '../landing/gap-reasons.ts';
import { holesIn, type Completeness, type Hole } from '../query/completeness.ts';
import type { ReportGap } from './document.ts';

/** They are stored with the operation; more are counted. */
const maxGaps = 100;

interface Gaps {
  readonly gaps: readonly ReportGap[];
  readonly gapsOmitted: number;
}

/** Those that may lack records of the range, half-open. */
export function gapsIn(completeness: Completeness, range: { readonly from: Date; readonly to: Date }): Gaps {
  const holes = holesIn(completeness, range);
  return { gaps: holes.slice(0, maxGaps).map(gapOf), gapsOmitted: Math.max(0, holes.length - maxGaps) };
}

function gapOf(hole: Hole): ReportGap {
  const { from, to, contentType } = hole;
  const reason = contentType === undefined ? holeReason(hole) : `${contentType}: ${holeReason(hole)}`;
  return { ...(from === undefined ? {} : { from: from.toISOString() }), to: to.toISOString(), reason };
}

/** One sentence. */
export function holeReason({ cause }: Pick<Hole, 'cause'>): string {
  if (cause === 'deleted') return 'Records may be deleted, because of the retention of the tenant.';
  if (cause === 'notCollected') return 'Collection had not begun, and no backfill has searched all of it.';
  if (cause === 'rejected') return 'A body was not a list of records; it is fetched again every day.';
  return gapReasons[cause].message;
}
