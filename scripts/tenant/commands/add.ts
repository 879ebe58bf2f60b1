/** `add`: takes a tenant into care, and if asked stays with it until its consent is there and auditing is on. */
import type { Tenant } from '../answers.ts';
import type { Read } from '../api.ts';
import type { AddCommand } from '../arguments.ts';
import { describeConsent, drawChecks, failedChecks, nameOf } from '../describe-tenant.ts';
import { follow, sayChanges } from '../follow.ts';
import type { Outcome, Session } from '../session.ts';
import { toSafeLine } from '../terminal-text.ts';
import { enableTenant } from './enable.ts';

const checkEveryMs = 10_000;
const longestWaitMs = 60 * 60_000;

/** @throws ApiFailure */
export async function add(session: Session, command: AddCommand): Promise<Outcome> {
  const added = await session.api.addTenant(command.registration);
  if (!command.wait) return outcomeOf(added, 0);
  const seen = isPending(added.value) ? await waitForConsent(session, added.value) : added;
  if (isPending(seen.value)) return outcomeOf(seen, 1);
  if (!command.enable) return outcomeOf(seen, 0);
  session.say(`${nameOf(seen.value)} is ${seen.value.state}; auditing is turned on`);
  return await enableTenant(session, seen.value.tenantId, {});
}

function isPending({ state }: Tenant): boolean {
  return state === 'PendingConsent';
}

/** Gives the tenant as it was seen last: still pending after an hour. */
async function waitForConsent(session: Session, tenant: Tenant): Promise<Read<Tenant>> {
  const { api, say, now } = session;
  if (tenant.consentUrl) say(describeConsent(tenant.consentUrl, tenant.consentUrlExpiresDateTime));
  say(`\nWaiting for the consent of ${nameOf(tenant)}; Ctrl-C leaves, the tenant stays`);
  const until = now().getTime() + longestWaitMs;
  const sayNew = sayChanges(say);
  return await follow(session, {
    read: () => api.checkTenant(tenant.tenantId),
    isFinished: (seen) => !isPending(seen) || now().getTime() >= until,
    onSeen: (seen) => {
      sayNew(
        failedChecks(seen)
          .map(({ name, message }) => toSafeLine(`${name}: ${message ?? 'Failed'}`))
          .join('\n'),
      );
    },
    waitMs: checkEveryMs,
  });
}

function outcomeOf({ value: tenant, body }: Read<Tenant>, exitCode: 0 | 1): Outcome {
  const failed = failedChecks(tenant);
  const text = [
    `${nameOf(tenant)} is ${tenant.state}.`,
    ...(failed.length === 0 ? [] : [drawChecks(failed)]),
    ...(tenant.consentUrl ? [describeConsent(tenant.consentUrl, tenant.consentUrlExpiresDateTime)] : []),
  ].join('\n\n');
  return { exitCode, answer: body, text };
}
