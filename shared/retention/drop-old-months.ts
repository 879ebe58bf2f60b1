/** Deletes the index of months before the limit. */
import { monthOf, startOfMonth, type Month } from '../index/keys.ts';
import { mayDelete, saveProgress, type Turn } from './retention-turn.ts';

/** Whether all are gone. */
export async function dropOldMonths(turn: Turn): Promise<boolean> {
  const { index, tenantId, before, telemetry } = turn;
  const months = (await index.months(tenantId)).filter((month) => month < monthOf(before)).toSorted();
  const [oldest] = months;
  if (oldest === undefined) return true;
  if (!(await mayDelete(turn)) || !(await expectClaims(turn, oldest))) return false;
  for (const month of months) {
    if (!(await mayDelete(turn))) return false;
    await index.dropMonth(tenantId, month);
    telemetry('retention.month.dropped', { tenantId, month });
  }
  return true;
}

/**
 * Where there are rows, there are claims: of records that were imported while the retention was longer, although all older
 * claims had been deleted. Whether that is saved.
 */
async function expectClaims(turn: Turn, oldest: Month): Promise<boolean> {
  const { claimsFrom, pass, ...rest } = turn.progress();
  const start = startOfMonth(oldest);
  const isExpected = (claimsFrom ?? start) <= start && (pass?.before ?? start) <= start;
  if (isExpected) return true;
  // A reading that is under way may be past them.
  const known = claimsFrom === undefined || claimsFrom < start ? claimsFrom : start;
  return await saveProgress(turn, { ...rest, claimsFrom: known, pass: pass && { ...pass, before: start } });
}
