/** The step that makes mailboxes audited as wanted. */
import type { EnablementStep } from './enablement.ts';
import type { MailboxChange } from './exchange-admin.ts';
import { listSelected } from './list-selected.ts';
import { describeChange, planMailbox } from './mailbox-plan.ts';
import { findUnaudited } from './posture.ts';
import { failed, type StepContext, type StepResult } from './step.ts';

/** Mailboxes changed at once: what a crash can leave half done. */
const mailboxesAtOnce = 40;
/** Changes that are listed; more fit in no row. */
const maxListed = 25_000;

type MailboxPlan = readonly MailboxChange[];
type Seen = Pick<EnablementStep, 'before' | 'after'> & { readonly changes: string[] };

/**
 * Reads every mailbox, then changes those that are wrong. A second run finds what the first one changed in order, so
 * only the plan is stored.
 */
export async function mailboxes(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { total, plans, refused } = await planAll(context);
  const changes = new Set([...(stored.changes ?? []), ...plans.flat().map(describeChange)]);
  const before = stored.before ?? { mailboxes: total, toChange: plans.length };
  const seen = () => ({ before, changes: [...changes].slice(0, maxListed) });
  if (context.request.dryRun) return resultOf(seen(), refused);
  if (plans.length > 0) await context.keep({ status: 'Running', ...seen() });
  const made = await makeChanges(context, plans);
  if (made === undefined) return { status: 'Running', ...seen() };
  for (const change of made.refused) changes.delete(describeChange(change));
  const reasons = [...refused, ...made.reasons];
  const after = { mailboxes: total, toChange: made.reasons.length };
  return resultOf({ ...seen(), after }, reasons);
}

function resultOf(seen: Seen, reasons: readonly string[]): StepResult {
  if (reasons.length > 0) return failed(seen, 'MailboxesRefused', reasons);
  return { ...seen, status: seen.changes.length === 0 ? 'AlreadyDone' : 'Succeeded' };
}

/** Reads the whole list before anything is changed: its pages would expire meanwhile. */
async function planAll(context: StepContext) {
  const { tenant, request } = context;
  const unaudited = await findUnaudited(context, tenant);
  const plans = new Map<string, MailboxPlan>();
  const seen = new Set<string>();
  const refused: string[] = [];
  for await (const page of listSelected(context, tenant, request.mailboxes, refused)) {
    for (const mailbox of page) {
      seen.add(mailbox.id);
      const plan = planMailbox(mailbox, request, unaudited.has(mailbox.id));
      if (plan.length > 0) plans.set(mailbox.id, plan);
    }
  }
  return { total: seen.size, plans: [...plans.values()], refused };
}

interface Refusals {
  readonly refused: MailboxChange[];
  readonly reasons: string[];
}

/** Undefined when the rest is left to the next message, which is so only after something was changed. */
async function makeChanges(
  context: StepContext,
  plans: readonly MailboxPlan[],
): Promise<Refusals | undefined> {
  const refusals: Refusals = { refused: [], reasons: [] };
  for (let at = 0; at < plans.length; at += mailboxesAtOnce) {
    const anyChanged = at > refusals.reasons.length;
    if (anyChanged && context.budget.aborted) return undefined;
    if (anyChanged) await context.ensureNewest();
    await changeGroup(context, plans.slice(at, at + mailboxesAtOnce), refusals);
  }
  return refusals;
}

/** First all first changes, then all second ones: a mailbox's own changes stay in order. */
async function changeGroup(
  { exchange, tenant, budget }: StepContext,
  group: readonly MailboxPlan[],
  { refused, reasons }: Refusals,
): Promise<void> {
  let left = group;
  for (const round of [0, 1]) {
    left = left.filter((plan) => plan.length > round);
    const errors = await exchange.changeMailboxes(
      tenant,
      left.flatMap((plan) => plan[round] ?? []),
      budget,
    );
    const wrong = left.filter((_plan, index) => errors[index] !== undefined);
    refused.push(...wrong.flat());
    reasons.push(...left.flatMap((plan, index) => reasonOf(plan, errors[index])));
    left = left.filter((plan) => !wrong.includes(plan));
    if (round === 1) await switchOnAgain({ exchange, tenant, budget }, wrong);
  }
}

/** Switched off to be switched on again, and the rest of that was refused: they must not stay off. */
async function switchOnAgain(
  { exchange, tenant, budget }: Pick<StepContext, 'exchange' | 'tenant' | 'budget'>,
  wrong: readonly MailboxPlan[],
): Promise<void> {
  const changes = wrong.flatMap(([first]): MailboxChange[] =>
    first === undefined ? [] : [{ mailbox: first.mailbox, auditEnabled: true }],
  );
  if (changes.length > 0) await exchange.changeMailboxes(tenant, changes, budget);
}

function reasonOf(plan: MailboxPlan, error: string | undefined): readonly string[] {
  return error === undefined ? [] : [`${plan[0]?.mailbox.userPrincipalName ?? ''}: ${error}`];
}
