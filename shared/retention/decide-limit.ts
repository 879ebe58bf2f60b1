/** Says what will be deleted, before anything is. */
import { isHeld, unchanged, type Turn } from './retention-turn.ts';
import type { Retained } from './retention.ts';

/** Records before this moment are deleted, once that has been known for a day. */
export function limitOf({ limit, from }: Retained): Date {
  return limit ?? from;
}

/**
 * The checkpoints say it as well: they stay if the tenant is removed without its data and registered again. The tenant is
 * read again: what matters is whether it still wants this. Whether it is decided: if it changes in between, the next run
 * does it.
 */
export async function decideLimit(turn: Turn): Promise<boolean> {
  const { before, now, tenants, tenantId, ledger } = turn;
  if (await isHeld(turn)) return false;
  const tenant = await unchanged(turn);
  if (tenant === undefined) return false;
  const last = tenant.retained;
  const from = last === undefined || last.from < before ? before : last.from;
  await ledger.markRetained(tenantId, from);
  const retained: Retained = { from, limit: before, decidedAt: now(), rawFrom: last?.rawFrom };
  const isDecided = await tenants.updateIfUnchanged(tenant, { retained });
  if (isDecided && (last === undefined || limitOf(last) < before)) report(turn);
  return isDecided;
}

/** A limit that moves back deletes nothing. */
function report({ telemetry, tenantId, before }: Turn): void {
  telemetry('retention.limit.moved', { tenantId, retainedFromDateTime: before.toISOString() });
}
