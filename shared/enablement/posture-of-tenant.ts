/** The newest posture of a tenant, in a table of many. */
import type { Tenant } from '../tenants/tenant.ts';
import { driftOf, problemsOf, type Posture, type PostureStore } from './posture.ts';

export interface NewestPosture {
  /** Absent: never checked. */
  readonly posture?: Posture | undefined;
  readonly problems: readonly string[];
  /** What got worse since the check before. */
  readonly drift: readonly string[];
}

/** @throws when storage fails */
export async function newestPosture(postures: PostureStore, tenantId: string): Promise<NewestPosture> {
  const [posture, before] = await postures.list(tenantId, 2);
  if (posture === undefined) return { problems: [], drift: [] };
  const drift = before === undefined ? [] : driftOf(before, posture);
  return { posture, problems: problemsOf(posture), drift };
}

/** Problems beyond this number make no difference to the rank. */
const manyProblems = 9999;

/**
 * The worst has the greatest rank: auditing is off; something got worse; something is wrong; never checked; as wanted.
 * Among equals, the one with the most problems.
 */
export function rankOfPosture({ posture, problems, drift }: NewestPosture): number {
  const groups = [
    posture === undefined,
    problems.length > 0,
    drift.length > 0,
    posture !== undefined && (!posture.unifiedAuditLog || posture.mailboxAuditingDisabled),
  ];
  return (groups.lastIndexOf(true) + 1) * (manyProblems + 1) + Math.min(manyProblems, problems.length);
}

/** The row of a tenant. */
export function publicPostureOfTenant(
  { tenantId, displayName }: Tenant,
  { posture, problems, drift }: NewestPosture,
) {
  const { takenAt: checkedDateTime, ...settings } = posture ?? {};
  return { tenantId, tenantDisplayName: displayName, checkedDateTime, ...settings, problems, drift };
}
