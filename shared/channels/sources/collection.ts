/** Messages about the collection of a tenant: audit posture that became worse, gaps, and enablements that failed. */
import type { EnablementStep } from '../../enablement/enablement.ts';
import { gapReasons } from '../../landing/gap-reasons.ts';
import type { Gap } from '../../landing/ledger.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { messageOf, type Message } from '../message.ts';

type Named = Pick<Tenant, 'tenantId' | 'displayName'>;

const about = ({ tenantId, displayName }: Named) => ({
  tenant: { tenantId, displayName },
  path: `/tenants/${tenantId}`,
});

/** @param drift sentences, at least one @param day of the check, `yyyy-MM-dd`: one message a day */
export function driftMessage(tenant: Named, drift: readonly string[], now: Date): Message {
  const day = now.toISOString().slice(0, 10);
  return messageOf({
    key: `drift ${tenant.tenantId} ${day}`,
    revision: 1,
    topic: 'drift',
    severity: 'high',
    ...about(tenant),
    title: 'Audit settings are worse than a day before',
    sentence: drift.slice(0, 3).join(' '),
    facts: [{ name: 'Changes for the worse', value: String(drift.length) }],
    nextSteps: 'Find out who changed the audit settings, and start an enablement to set them again.',
    createdDateTime: now.toISOString(),
  });
}

/** Those that are that recent are in a message; runs of the watch that are missed are made up for. */
const recentMs = 2 * 60 * 60_000;

/** Undefined if none of them is new. One message a day for each tenant. */
export function gapsMessage(tenant: Named, gaps: readonly Gap[], now: Date): Message | undefined {
  const recent = gaps.filter(({ recordedAt }) => recordedAt.getTime() > now.getTime() - recentMs);
  const [first] = recent;
  if (first === undefined) return undefined;
  const day = first.recordedAt.toISOString().slice(0, 10);
  const { message, cure } = gapReasons[first.reason];
  return messageOf({
    key: `gaps ${tenant.tenantId} ${day}`,
    revision: gaps.length,
    topic: 'gaps',
    severity: 'high',
    ...about(tenant),
    title: 'Audit records are missing',
    sentence: message,
    facts: [
      { name: 'Gaps', value: String(recent.length) },
      { name: 'Content type', value: first.contentType },
      { name: 'From', value: first.window.start.toISOString() },
      { name: 'Before', value: first.window.end.toISOString() },
    ],
    nextSteps: cure,
    createdDateTime: first.recordedAt.toISOString(),
  });
}

/** @param steps those that failed */
export function failedEnablementMessage(
  tenant: Named,
  operationId: string,
  steps: readonly Pick<EnablementStep, 'name' | 'errorMessage'>[],
  now: Date,
): Message {
  return messageOf({
    key: `enablement ${operationId}`,
    revision: 1,
    topic: 'enablements',
    severity: 'high',
    tenant: { tenantId: tenant.tenantId, displayName: tenant.displayName },
    path: `/tenants/${tenant.tenantId}/enablements/${operationId}`,
    title: 'Auditing could not be turned on',
    sentence: 'An enablement failed.',
    facts: steps.map(({ name, errorMessage }) => ({ name, value: errorMessage ?? 'It failed.' })),
    nextSteps: 'Fix what each step names, then start the enablement again.',
    createdDateTime: now.toISOString(),
  });
}
