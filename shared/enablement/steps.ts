/** The steps of an enablement: each reads first, changes only what is wrong, and can be run again at any time. */
import * as z from 'zod';
import { onRefusal, type UpstreamError } from '../errors.ts';
import type { EnablementRequest, EnablementStep, StepName } from './enablement.ts';
import { mailboxes } from './mailbox-step.ts';
import { findProblems, readPosture, type Problem } from './posture.ts';
import { failed, notInEffectYet, type Step, type StepContext, type StepResult } from './step.ts';
import { describeRows } from './unreadable.ts';

/** One switch. */
interface Setting {
  /** As a before and after show it. */
  readonly name: string;
  readonly wanted: boolean;
  /** The cmdlet that does it, as a dry run names it. */
  readonly change: string;
  readonly read: (context: StepContext) => Promise<boolean>;
  readonly set: (context: StepContext) => Promise<void>;
}

const isDehydrated: Setting = {
  name: 'isDehydrated',
  wanted: false,
  change: 'Enable-OrganizationCustomization',
  read: async ({ exchange, tenant, budget }) =>
    (await exchange.readOrganization(tenant, budget)).isDehydrated,
  set: ({ exchange, tenant, budget }) => exchange.enableCustomization(tenant, budget),
};

const ingestsUnifiedAuditLog: Setting = {
  name: 'unifiedAuditLogIngestionEnabled',
  wanted: true,
  change: 'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
  read: ({ exchange, tenant, budget }) => exchange.readUnifiedAuditLog(tenant, budget),
  set: ({ exchange, tenant, budget }) => exchange.enableUnifiedAuditLog(tenant, budget),
};

const isAuditDisabled: Setting = {
  name: 'auditDisabled',
  wanted: false,
  change: 'Set-OrganizationConfig -AuditDisabled $false',
  read: async ({ exchange, tenant, budget }) =>
    (await exchange.readOrganization(tenant, budget)).auditDisabled,
  set: ({ exchange, tenant, budget }) => exchange.allowMailboxAuditing(tenant, budget),
};

/** Sets a switch once, then reads it back until it has taken effect, which can take an hour. */
function ensure(setting: Setting): Step {
  const { name, wanted, change } = setting;
  return async (context, stored) => {
    const found = await setting.read(context);
    const before = stored.before ?? { [name]: found };
    if (found === wanted) return { status: doneStatus(stored), before, after: { [name]: found } };
    const changes = [change];
    if (context.request.dryRun) return { status: 'Succeeded', before, changes };
    if (stored.errorCode !== notInEffectYet.errorCode) {
      await context.keep({ status: 'Running', before, changes });
      await setting.set(context);
    }
    const now = await setting.read(context);
    const status = now === wanted ? 'Succeeded' : 'Waiting';
    return { status, before, after: { [name]: now }, changes };
  };
}

/** What is right is this enablement's doing if it meant to change it. */
function doneStatus({ changes = [] }: EnablementStep): 'Succeeded' | 'AlreadyDone' {
  return changes.length > 0 ? 'Succeeded' : 'AlreadyDone';
}

async function bypasses(
  { exchange, tenant, request, keep, budget }: StepContext,
  stored: EnablementStep,
): Promise<StepResult> {
  const { bypasses: found, unreadable } = await exchange.listBypasses(tenant, budget);
  const names = found.map(({ name }) => name);
  const odd = unreadable === 0 ? {} : { unreadable };
  const before = stored.before ?? { bypasses: names, ...odd };
  if ((found.length === 0 && unreadable === 0) || !request.removeBypasses) {
    return { status: doneStatus(stored), before, after: { bypasses: names, ...odd } };
  }
  const wanted = names.map((name) => `Set-MailboxAuditBypassAssociation ${name} -AuditBypassEnabled $false`);
  const changes = union(stored.changes, wanted);
  const oddRows = unreadable === 0 ? [] : [describeRows(unreadable, 'bypasses')];
  if (request.dryRun) return resultOf({ before, changes }, 'BypassesUnreadable', oddRows);
  await keep({ status: 'Running', before, changes });
  const errors = await exchange.removeBypasses(tenant, found, budget);
  const left = names.filter((_name, index) => errors[index] !== undefined);
  const reasons = names.flatMap((name, index) =>
    errors[index] === undefined ? [] : `${name}: ${errors[index]}`,
  );
  const code = reasons.length > 0 ? 'BypassesRefused' : 'BypassesUnreadable';
  return resultOf({ before, after: { bypasses: left, ...odd }, changes }, code, [...reasons, ...oddRows]);
}

async function subscriptions(
  { feed, tenant, request, keep, budget }: StepContext,
  stored: EnablementStep,
): Promise<StepResult> {
  const running = await feed.listSubscriptions(tenant, budget);
  const enabled = running.filter((one) => one.enabled).map(({ contentType }) => contentType);
  const missing = tenant.contentTypes.filter((contentType) => !enabled.includes(contentType));
  const before = stored.before ?? { enabled };
  if (missing.length === 0) return { status: doneStatus(stored), before, after: { enabled } };
  const wanted = missing.map((contentType) => `subscriptions/start ${contentType}`);
  const changes = union(stored.changes, wanted);
  if (request.dryRun) return { status: 'Succeeded', before, changes };
  await keep({ status: 'Running', before, changes });
  const started: string[] = [];
  const refused: RefusedSubscription[] = [];
  for (const contentType of missing) {
    const refusal = await startSubscription({ feed, tenant, budget }, contentType);
    if (refusal === undefined) started.push(contentType);
    else refused.push({ contentType, code: refusal.code, message: refusal.message });
  }
  const reasons = refused.map(({ contentType, message }) => `${contentType}: ${message}`);
  const after = { enabled: [...enabled, ...started], ...(refused.length === 0 ? {} : { refused }) };
  return resultOf({ before, after, changes }, 'SubscriptionsRefused', reasons);
}

/** As the step stores them; absent in those of earlier versions. */
export const refusedSubscriptions = z
  .array(z.object({ contentType: z.string(), code: z.string(), message: z.string() }))
  .default([]);
type RefusedSubscription = z.output<typeof refusedSubscriptions>[number];

function resultOf(seen: Partial<EnablementStep>, errorCode: string, reasons: readonly string[]): StepResult {
  return reasons.length === 0 ? { ...seen, status: 'Succeeded' } : failed(seen, errorCode, reasons);
}

/** Why it is refused for good, such as a missing permission: the others are started all the same. */
async function startSubscription(
  { feed, tenant, budget }: Pick<StepContext, 'feed' | 'tenant' | 'budget'>,
  contentType: StepContext['tenant']['contentTypes'][number],
): Promise<UpstreamError | undefined> {
  return await feed.startSubscription(tenant, contentType, budget).then(
    () => undefined,
    onRefusal((error) => {
      if (error.action === 'fail') return error;
      throw error;
    }),
  );
}

function union(some: readonly string[] = [], more: readonly string[] = []): string[] {
  return [...new Set([...some, ...more])];
}

/** Reads everything back, by the server's own filter, and names what is still wrong. */
async function verification(context: StepContext): Promise<StepResult> {
  const { tenant, request } = context;
  const posture = await readPosture(context, tenant, request);
  const after = { ...posture };
  const problems = findProblems(posture).filter(({ about }) => isRequested(request, about));
  if (problems.length === 0) return { status: 'Succeeded', after };
  const wrong = request.workloads.includes('mailboxes') ? posture.mailboxes.wrong : [];
  return failed({ after }, 'StillWrong', [...problems.map(({ text }) => text), ...wrong]);
}

/** What was not requested, or takes a license, is shown, but does not fail the step. */
function isRequested({ removeBypasses, workloads }: EnablementRequest, about: Problem['about']): boolean {
  if (about === 'actions') return false;
  if (about === 'bypasses' || about === 'unreadableBypasses') return removeBypasses;
  return workloads.includes(about === 'unreadableMailboxes' ? 'mailboxes' : about);
}

export const steps: Readonly<Record<StepName, Step>> = {
  customization: ensure(isDehydrated),
  unifiedAuditLog: ensure(ingestsUnifiedAuditLog),
  organizationAuditing: ensure(isAuditDisabled),
  mailboxes,
  bypasses,
  subscriptions,
  verification,
};
