/** The step that makes mailboxes audited as wanted. */
import { changeMailboxes, describeRefusals, type MailboxOutcome, type Suspects } from './change-mailboxes.ts';
import type { EnablementStep } from './enablement.ts';
import type { MailboxChange } from './exchange-admin.ts';
import { listSelected } from './list-selected.ts';
import { describeChange, partsOf, planMailbox, undecidedSettings, type MailboxPlan } from './mailbox-plan.ts';
import { findUnaudited } from './posture.ts';
import { failed, type StepContext, type StepResult } from './step.ts';
import { countUnreadable, describeUnreadable, type Unreadable } from './unreadable.ts';

/** Mailboxes changed at once: what a crash can leave half done. */
const mailboxesAtOnce = 40;
/** Changes that are listed; more fit in no row. */
const maxListed = 25_000;

type Seen = Pick<EnablementStep, 'before' | 'after'> & { readonly changes: string[] };

/**
 * Reads every mailbox, then changes those that are wrong. A second run finds what the first one changed in order, so
 * only the plan is stored.
 */
export async function mailboxes(context: StepContext, stored: EnablementStep): Promise<StepResult> {
  const { total, plans, refused, unreadable } = await planAll(context);
  const changes = new Set([...(stored.changes ?? []), ...plans.flatMap(wordsOf)]);
  const odd = countOf(unreadable);
  const before = stored.before ?? { mailboxes: total, toChange: plans.length, ...odd };
  const seen = () => ({ before, changes: [...changes].slice(0, maxListed) });
  if (context.request.dryRun) return resultOf(seen(), refused, unreadable);
  if (plans.length > 0) await context.keep({ status: 'Running', ...seen() });
  const { outcomes, isDone } = await makeChanges(context, plans);
  for (const outcome of outcomes) correct(changes, outcome);
  if (!isDone) return { status: 'Running', ...seen() };
  const toChange = outcomes.filter((outcome) => outcome.refused.length > 0).length;
  const after = { mailboxes: total, toChange, ...odd };
  return resultOf({ ...seen(), after }, [...refused, ...outcomes.flatMap(describeRefusals)], unreadable);
}

function countOf(groups: readonly Unreadable[]): { readonly unreadable?: number } {
  const unreadable = groups.reduce((sum, { total }) => sum + total, 0);
  return unreadable === 0 ? {} : { unreadable };
}

function wordsOf({ mailbox, changes }: MailboxPlan): readonly string[] {
  return describeAll(changes, mailbox);
}

function describeAll(changes: readonly MailboxChange[], found: MailboxPlan['mailbox']): readonly string[] {
  return changes.map((change) => describeChange(change, found));
}

/** Replaces what was planned by what was made of it. */
function correct(changes: Set<string>, { refused, ...plan }: MailboxOutcome): void {
  if (refused.length === 0) return;
  for (const words of wordsOf(plan)) changes.delete(words);
  for (const words of describeAll(plan.made, plan.mailbox)) changes.add(words);
}

/** What cannot be read may be anything, so a step that met some is not done. */
function resultOf(seen: Seen, refused: readonly string[], unreadable: readonly Unreadable[]): StepResult {
  const reasons = [...refused, ...unreadable.map(describeUnreadable)];
  const code = refused.length > 0 ? 'MailboxesRefused' : 'MailboxesUnreadable';
  if (reasons.length > 0) return failed(seen, code, reasons);
  return { ...seen, status: seen.changes.length === 0 ? 'AlreadyDone' : 'Succeeded' };
}

/** Reads the whole list before anything is changed: its pages would expire meanwhile. */
async function planAll(context: StepContext) {
  const { tenant, request } = context;
  const unaudited = await findUnaudited(context, tenant);
  const plans = new Map<string, MailboxPlan>();
  const seen = new Set<string>();
  const refused: string[] = [];
  const unreadable = countUnreadable(unaudited);
  for await (const page of listSelected(context, tenant, request.mailboxes, refused)) {
    unreadable.addRows(page.unreadable);
    for (const mailbox of page.mailboxes) {
      seen.add(mailbox.id);
      unreadable.addSettings(mailbox.userPrincipalName, undecidedSettings(mailbox, request));
      const changes = planMailbox(mailbox, request, unaudited.ids.has(mailbox.id));
      if (changes.length > 0) plans.set(mailbox.id, { mailbox, changes });
    }
  }
  return { total: seen.size, plans: [...plans.values()], refused, unreadable: unreadable.groups() };
}

/** Not done when the rest is left to the next message, which is so only after something was changed. */
async function makeChanges(context: StepContext, plans: readonly MailboxPlan[]) {
  const outcomes: MailboxOutcome[] = [];
  const suspects: Suspects = new Set();
  const ordered = longestFirst(plans);
  while (outcomes.length < ordered.length) {
    const anyChanged = outcomes.some(({ made }) => made.length > 0);
    if (anyChanged && context.budget.aborted) return { outcomes, isDone: false };
    if (anyChanged) await context.ensureNewest();
    const group = ordered.slice(outcomes.length, outcomes.length + mailboxesAtOnce);
    outcomes.push(...(await changeMailboxes(context, group, suspects)));
  }
  return { outcomes, isDone: true };
}

/** What an earlier message left of a mailbox because it was refused is short: it must not hold up the others again. */
function longestFirst(plans: readonly MailboxPlan[]): readonly MailboxPlan[] {
  const lengthOf = ({ changes }: MailboxPlan) => changes.flatMap(partsOf).length;
  return plans.toSorted((one, other) => lengthOf(other) - lengthOf(one));
}
