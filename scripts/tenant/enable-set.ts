/** `enable` of a set of tenants: a rollout, and the table of what became of each tenant. */
import type { Outcome } from '../command-line/context.ts';
import type { EnablementRequest, Session } from './api.ts';
import { describeRollout, describeRolloutProgress } from './describe-rollout.ts';
import { followEnablement } from './follow-enablement.ts';

/** Exit code 1 unless it succeeded in all of them. @param tenants as in a query @throws HttpFailure */
export async function enableSet(
  session: Session,
  tenants: string,
  request: EnablementRequest,
): Promise<Outcome> {
  const { api } = session;
  const operation = await api.startRollout({ ...request, tenants });
  const read = (path: string) => api.getRollout(path);
  const followed = { read, progressOf: describeRolloutProgress };
  const { value: rollout, body } = await followEnablement(session, operation, followed);
  const rows = await api.listRolloutTenants(rollout.id);
  return {
    exitCode: rollout.status === 'Succeeded' ? 0 : 1,
    answer: { rollout: body, tenants: rows.body },
    text: describeRollout(rollout, rows.value),
  };
}
