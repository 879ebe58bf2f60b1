/** Messages about findings. */
import type { FindingMessage } from '../../detection/messages.ts';
import { isUnnotified, type FindingStore, type StoredFinding } from '../../detection/finding.ts';
import { findManagedTenant } from '../../tenants/managed.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { messageOf, type Message } from '../message.ts';
import { routeMessage, type RouteMessageDeps } from '../route-message.ts';

export interface NotifyOfFindingDeps extends RouteMessageDeps {
  readonly findings: Pick<FindingStore, 'get' | 'update'>;
}

/**
 * Gives a finding to the channels, then notes that on the finding. Repeating it changes nothing.
 * @throws when storage fails: the message must be redelivered
 */
export async function notifyOfFinding(
  deps: NotifyOfFindingDeps,
  { tenantId, findingId }: FindingMessage,
): Promise<void> {
  const finding = await deps.findings.get(tenantId, findingId);
  if (finding === undefined || !isUnnotified(finding)) return;
  const tenant = await findManagedTenant(deps.tenants, tenantId);
  if (tenant === undefined) return;
  await routeMessage(deps, messageOfFinding(finding, tenant));
  const { revision: notifiedRevision, state: notifiedState } = finding;
  // One that has changed meanwhile has a message of its own.
  await deps.findings.update(finding, { notifiedRevision, notifiedState });
}

/** Each revision, and that it was closed, is later than what was before. */
function revisionOf({ revision, state }: StoredFinding): number {
  return 2 * revision + (state === 'closed' ? 1 : 0);
}

/** The most records whose sentences are in a message. */
const maxRecords = 5;

export function messageOfFinding(
  finding: StoredFinding,
  { tenantId, displayName }: Pick<Tenant, 'tenantId' | 'displayName'>,
): Message {
  const { rule, group, records, count, countIsExact, state, reason } = finding;
  return messageOf({
    key: `finding ${finding.findingId}`,
    revision: revisionOf(finding),
    topic: 'findings',
    severity: finding.severity,
    tenant: { tenantId, displayName },
    title: rule.title,
    sentence: finding.sentence,
    facts: [
      ...group.map(({ member, value }) => ({ name: member, value })),
      { name: 'Records', value: `${countIsExact ? '' : 'about '}${count}` },
      { name: 'First', value: finding.firstDateTime.toISOString() },
      { name: 'Last', value: finding.lastDateTime.toISOString() },
      ...(state === 'closed' && reason !== undefined ? [{ name: 'Closed because', value: reason }] : []),
      ...authorOf(finding),
      ...(records.length > 1 ? records : []).slice(0, maxRecords).map(({ createdDateTime, sentence }) => ({
        name: createdDateTime.toISOString(),
        value: sentence,
      })),
    ],
    nextSteps: rule.nextSteps,
    path: pathOfFinding(finding),
    closed: state === 'closed',
    createdDateTime: finding.lastDateTime.toISOString(),
  });
}

/** Of a finding, below the address of the console. */
export function pathOfFinding({
  tenantId,
  findingId,
}: Pick<StoredFinding, 'tenantId' | 'findingId'>): string {
  return `/findings/${tenantId}/${findingId}`;
}

/** The license of a rule of others demands that its author is shown with what it finds. */
function authorOf({ rule: { author, license } }: StoredFinding): readonly { name: string; value: string }[] {
  if (author === undefined) return [];
  return [{ name: 'Rule by', value: license === undefined ? author : `${author} (${license})` }];
}
