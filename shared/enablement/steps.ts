/** The steps of an enablement: each looks first, changes only what is wrong, and can be run again at any time. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { EnablementRequest, EnablementStep, StepName } from './enablement.ts';
import type { ExchangeAdmin, MailboxChange } from './exchange-admin.ts';
import { describeChange, planMailbox } from './mailbox-plan.ts';
import { findUnaudited, problemsOf, readPosture } from './posture.ts';

export interface StepContext {
  readonly tenant: Tenant;
  readonly request: EnablementRequest;
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** False when the rest should be left to the next message. */
  readonly mayGoOn: () => boolean;
}

/** What a step came to; merged into the stored step. `Waiting`: what was asked for has not taken effect yet. */
export type StepResult = Pick<EnablementStep, 'status'> & Partial<EnablementStep>;

export type Step = (context: StepContext, stored: EnablementStep) => Promise<StepResult>;

export const steps: Readonly<Record<StepName, Step>> = {
  customization,
  unifiedAuditLog,
  organizationAuditing,
  mailboxes,
  bypasses,
  subscriptions,
  verification,
};

interface Setting {
  /** As a before and after show it. */
  readonly name: string;
  readonly wanted: boolean;
  /** The cmdlet that does it, as a dry run names it. */
  readonly change: string;
  readonly read: () => Promise<boolean>;
  readonly set: () => Promise<void>;
}

/** One switch: asked for once, then read back until it has taken effect, which can take an hour. */
async function ensure(
  { request }: StepContext,
  stored: EnablementStep,
  setting: Setting,
): Promise<StepResult> {
  const found = await setting.read();
  const before = stored.before ?? { [setting.name]: found };
  const after = { [setting.name]: found };
  const asked = stored.changes !== undefined;
  if (found === setting.wanted) return { status: asked ? 'Succeeded' : 'AlreadyDone', before, after };
  const changes = [setting.change];
  if (request.dryRun) return { status: 'Succeeded', before, changes };
  if (!asked) await setting.set();
  const now = await setting.read();
  return {
    status: now === setting.wanted ? 'Succeeded' : 'Waiting',
    before,
    after: { [setting.name]: now },
    changes,
  };
}

function customization(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { exchange, tenant } = context;
  return ensure(context, stored, {
    name: 'isDehydrated',
    wanted: false,
    change: 'Enable-OrganizationCustomization',
    read: async () => (await exchange.readOrganization(tenant)).isDehydrated,
    set: () => exchange.enableCustomization(tenant),
  });
}

function unifiedAuditLog(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { exchange, tenant } = context;
  return ensure(context, stored, {
    name: 'unifiedAuditLogIngestionEnabled',
    wanted: true,
    change: 'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
    read: () => exchange.readUnifiedAuditLog(tenant),
    set: () => exchange.enableUnifiedAuditLog(tenant),
  });
}

function organizationAuditing(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { exchange, tenant } = context;
  return ensure(context, stored, {
    name: 'auditDisabled',
    wanted: false,
    change: 'Set-OrganizationConfig -AuditDisabled $false',
    read: async () => (await exchange.readOrganization(tenant)).auditDisabled,
    set: () => exchange.allowMailboxAuditing(tenant),
  });
}

/** Changes in flight at once: what a crash can repeat, and what Exchange bears. */
const changesAtOnce = 40;

/**
 * Looks at every mailbox and changes those that are wrong. A second run finds right what the first one changed, so
 * it needs no memory of its own.
 */
async function mailboxes(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { exchange, tenant, request, mayGoOn } = context;
  const unaudited = await findUnaudited(exchange, tenant);
  const made = stored.changes ?? [];
  const changes: string[] = [];
  const failures: string[] = [];
  let total = 0;
  for await (const page of exchange.listMailboxes(tenant, request.mailboxes)) {
    total += page.length;
    const plans = page.map((mailbox) => planMailbox(mailbox, request, unaudited.has(mailbox.id)));
    if (request.dryRun) changes.push(...plans.flat().map(describeChange));
    else await makeChanges(context, plans, { changes, failures });
    if (!mayGoOn()) return { status: 'Running', changes: [...made, ...changes] };
  }
  const all = [...made, ...changes];
  const before = stored.before ?? { mailboxes: total, toChange: changes.length };
  const after = { mailboxes: total, changed: request.dryRun ? 0 : all.length, failed: failures.length };
  if (failures.length > 0) return failed({ before, after, changes: all }, 'MailboxesRefused', failures);
  return { status: all.length === 0 ? 'AlreadyDone' : 'Succeeded', before, after, changes: all };
}

interface Outcome {
  readonly changes: string[];
  readonly failures: string[];
}

/** First all first changes, then all second ones: a mailbox's own changes stay in order. */
async function makeChanges(
  { exchange, tenant }: StepContext,
  plans: readonly (readonly MailboxChange[])[],
  outcome: Outcome,
): Promise<void> {
  for (const round of [0, 1]) {
    const changes = plans.flatMap((plan) => plan[round] ?? []);
    for (let at = 0; at < changes.length; at += changesAtOnce) {
      const group = changes.slice(at, at + changesAtOnce);
      const errors = await exchange.changeMailboxes(tenant, group);
      group.forEach((change, index) => {
        const error = errors[index];
        if (error === undefined) outcome.changes.push(describeChange(change));
        else outcome.failures.push(`${change.mailbox.userPrincipalName}: ${error}`);
      });
    }
  }
}

async function bypasses(
  { exchange, tenant, request }: StepContext,
  stored: EnablementStep,
): Promise<StepResult> {
  const found = await exchange.listBypasses(tenant);
  const before = stored.before ?? { bypasses: found };
  if (found.length === 0)
    return {
      status: stored.changes === undefined ? 'AlreadyDone' : 'Succeeded',
      before,
      after: { bypasses: [] },
    };
  if (!request.removeBypasses) return { status: 'AlreadyDone', before, after: { bypasses: found } };
  const changes = found.map(
    (identity) => `Set-MailboxAuditBypassAssociation ${identity} -AuditBypassEnabled $false`,
  );
  if (request.dryRun) return { status: 'Succeeded', before, changes };
  const errors = await exchange.removeBypasses(tenant, found);
  const failures = found.flatMap((identity, index) =>
    errors[index] === undefined ? [] : [`${identity}: ${errors[index]}`],
  );
  if (failures.length > 0) return failed({ before, changes }, 'BypassesRefused', failures);
  return { status: 'Succeeded', before, after: { bypasses: [] }, changes };
}

async function subscriptions(
  { feed, tenant, request }: StepContext,
  stored: EnablementStep,
): Promise<StepResult> {
  const running = await feed.listSubscriptions(tenant);
  const enabled = running
    .filter((subscription) => subscription.enabled)
    .map(({ contentType }) => contentType);
  const missing = tenant.contentTypes.filter((contentType) => !enabled.includes(contentType));
  const before = stored.before ?? { enabled };
  if (missing.length === 0) {
    return { status: stored.changes === undefined ? 'AlreadyDone' : 'Succeeded', before, after: { enabled } };
  }
  const changes = missing.map((contentType) => `subscriptions/start ${contentType}`);
  if (request.dryRun) return { status: 'Succeeded', before, changes };
  for (const contentType of missing) await feed.startSubscription(tenant, contentType);
  return { status: 'Succeeded', before, after: { enabled: [...enabled, ...missing] }, changes };
}

/** Reads everything back, by the server's own filter, and names what is still wrong. */
async function verification(context: StepContext): Promise<StepResult> {
  const posture = await readPosture(context, context.tenant, context.request);
  const after = { ...posture };
  const problems = problemsOf(posture).filter((problem) => concerns(context.request, problem));
  if (problems.length === 0) return { status: 'Succeeded', after };
  return failed({ after }, 'StillWrong', [...problems, ...posture.mailboxes.wrong]);
}

/** What was not asked for is shown, but is no failure. */
function concerns(request: EnablementRequest, problem: string): boolean {
  if (problem.includes('(bypass)')) return request.removeBypasses;
  if (problem.includes('subscription')) return request.workloads.includes('feed');
  if (problem.includes('mailboxes are')) return request.workloads.includes('mailboxes');
  return request.workloads.includes('organization');
}

const maxNamed = 50;

function failed(seen: Partial<EnablementStep>, errorCode: string, reasons: readonly string[]): StepResult {
  const more = reasons.length > maxNamed ? [`and ${reasons.length - maxNamed} more`] : [];
  return {
    ...seen,
    status: 'Failed',
    errorCode,
    errorMessage: [...reasons.slice(0, maxNamed), ...more].join('\n'),
  };
}
