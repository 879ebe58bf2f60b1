/** `add`: onboards a tenant; on request waits for its consent and enables auditing. */
import { onChange, type Outcome } from '../command-line/context.ts';
import { toSafeLine } from '../command-line/terminal-text.ts';
import type { Read, Tenant, TenantRegistration, Session } from './api.ts';
import { describeConsent, drawChecks, failedChecks, nameOf } from './describe-tenant.ts';
import { enableTenant } from './enable.ts';
import { follow } from './follow.ts';

const checkEveryMs = 10_000;
const longestWaitMs = 60 * 60_000;

interface AddOptions extends Pick<TenantRegistration, 'cloud' | 'contentTypes' | 'repairDrift' | 'tags'> {
  readonly name?: string;
  readonly wait?: boolean;
  /** Implies `wait`. */
  readonly enable?: boolean;
}

/** @throws HttpFailure */
export async function add(
  session: Session,
  named: Pick<TenantRegistration, 'tenantId' | 'domain'>,
  { name: displayName, wait = false, enable = false, ...options }: AddOptions,
): Promise<Outcome> {
  const added = await session.api.addTenant({ ...named, displayName, ...options });
  if (!wait && !enable) return outcomeOf(added, 0);
  const seen = isPending(added.value) ? await waitForConsent(session, added.value) : added;
  if (isPending(seen.value)) return outcomeOf(seen, 1);
  if (!enable) return outcomeOf(seen, 0);
  session.progress(`${nameOf(seen.value)} is ${seen.value.state}; enabling auditing`);
  return await enableTenant(session, seen.value.tenantId, {});
}

function isPending({ state }: Tenant): boolean {
  return state === 'PendingConsent';
}

/** Resolves with the tenant as last checked: still pending after an hour. */
async function waitForConsent(session: Session, tenant: Tenant): Promise<Read<Tenant>> {
  const { api, notify, now } = session;
  if (tenant.consentUrl) notify(describeConsent(tenant.consentUrl, tenant.consentUrlExpiresDateTime));
  notify(`\nWaiting for the consent of ${nameOf(tenant)}; Ctrl-C leaves, and the tenant remains`);
  const until = now().getTime() + longestWaitMs;
  const notifyChange = onChange(notify);
  return await follow(session, {
    read: () => api.checkTenant(tenant.tenantId),
    isFinished: (seen) => !isPending(seen) || now().getTime() >= until,
    onRead: (seen) => {
      const failed = failedChecks(seen).map(({ name, message }) => `${name}: ${message ?? 'Failed'}`);
      notifyChange(failed.map(toSafeLine).join('\n'));
    },
    waitMs: checkEveryMs,
  });
}

function outcomeOf({ value: tenant, body }: Read<Tenant>, exitCode: 0 | 1): Outcome {
  const failed = failedChecks(tenant);
  const parts = [
    `${nameOf(tenant)} is ${tenant.state}.`,
    failed.length === 0 ? undefined : drawChecks(failed),
    tenant.consentUrl && describeConsent(tenant.consentUrl, tenant.consentUrlExpiresDateTime),
  ];
  return { exitCode, answer: body, text: parts.filter(Boolean).join('\n\n') };
}
