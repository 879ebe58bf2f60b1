/** What people make of a finding. */
import { retryConflict } from '../retry.ts';
import {
  findFinding,
  isUnnotified,
  type FindingState,
  type FindingStore,
  type StoredFinding,
} from './finding.ts';
import type { NotificationQueue } from './messages.ts';

export interface ChangeFindingDeps {
  readonly findings: Pick<FindingStore, 'get' | 'update'>;
  readonly queues: NotificationQueue;
}

export interface FindingDecision {
  readonly state: FindingState;
  readonly reason: string | undefined;
  readonly changedBy: string;
  readonly changedDateTime: Date;
}

/**
 * Records that arrive later are added whatever the state is. Channels are notified, so that a ticket is closed with its
 * finding; a message that is lost is sent again later.
 * @throws RequestError 404, 409 when others keep changing it
 */
export async function changeFinding(
  { findings, queues }: ChangeFindingDeps,
  { tenantId, findingId }: Pick<StoredFinding, 'tenantId' | 'findingId'>,
  decision: FindingDecision,
): Promise<StoredFinding> {
  const changed = await retryConflict('finding', async () =>
    findings.update(await findFinding(findings, tenantId, findingId), decision),
  );
  const { revision } = changed;
  if (isUnnotified(changed)) await queues.requestNotification({ version: 1, tenantId, findingId, revision });
  return changed;
}
