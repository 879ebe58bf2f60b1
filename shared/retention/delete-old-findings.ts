/** Deletes findings of records before the limit: they say what was in the records. */
import { mayDelete, type Turn } from './retention-turn.ts';

/** Whether all are gone. */
export async function deleteOldFindings(turn: Turn): Promise<boolean> {
  const { findings, tenantId, before, telemetry } = turn;
  if (!(await mayDelete(turn))) return false;
  const deleted = await findings.removeBefore(tenantId, before);
  if (deleted > 0) telemetry('retention.findings.deleted', { tenantId, findings: deleted });
  return true;
}
