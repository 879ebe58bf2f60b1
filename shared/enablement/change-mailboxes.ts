/** Makes the planned changes of mailboxes: what Exchange refuses is named, and everything else is made all the same. */
import { logonTypes, type LogonType, type MailboxChange } from './exchange-admin.ts';
import { namePart, partsOf, type MailboxPlan } from './mailbox-plan.ts';
import type { StepContext } from './step.ts';

/** What Exchange did with the changes of one mailbox. */
export interface MailboxOutcome extends MailboxPlan {
  /** In order; a change that was refused as a whole is here with the parts of it that were made. */
  readonly made: readonly MailboxChange[];
  readonly refused: readonly Refusal[];
}

interface Refusal {
  readonly change: MailboxChange;
  readonly error: string;
}

/** Actions that were refused for one mailbox already, by name: others may lack the same license. */
export type Suspects = Set<string>;

interface Work {
  readonly plan: MailboxPlan;
  readonly left: MailboxChange[];
  readonly made: MailboxChange[];
  readonly refused: Refusal[];
  /** Every reason so far: one that comes again, for another change, is about the mailbox. */
  readonly reasons: Set<string>;
}

/**
 * Makes the changes of a few mailboxes, a round of one change each at a time: those of a mailbox stay in order. A
 * refused change is made again part by part. Suspects are sent alone from the start, which saves requests.
 * @param suspects extended by what is refused now
 * @throws UpstreamError when Exchange is too busy, or refuses everything
 */
export async function changeMailboxes(
  { exchange, tenant, budget }: Pick<StepContext, 'exchange' | 'tenant' | 'budget'>,
  plans: readonly MailboxPlan[],
  suspects: Suspects,
): Promise<readonly MailboxOutcome[]> {
  const works = plans.map((plan) => begin(plan, suspects));
  for (let round = nextRound(works); round.length > 0; round = nextRound(works)) {
    const changes = round.map(({ change }) => change);
    const errors = await exchange.changeMailboxes(tenant, changes, budget);
    round.forEach(({ work, change }, index) => {
      settle(work, change, errors[index]);
    });
  }
  const outcomes = works.map(({ plan, made, refused }) => ({ ...plan, made, refused }));
  for (const action of outcomes.flatMap(actionsRefused)) suspects.add(action);
  return outcomes;
}

function begin(plan: MailboxPlan, suspects: Suspects): Work {
  const left = plan.changes.flatMap((change) => withSuspectsApart(change, suspects));
  return { plan, left, made: [], refused: [], reasons: new Set() };
}

function withSuspectsApart(change: MailboxChange, suspects: Suspects): readonly MailboxChange[] {
  const apart = split(change).filter((part) => suspects.has(namePart(part)));
  if (apart.length === 0) return [change];
  const rest = withoutActions(change, suspects);
  return partsOf(rest).length === 0 ? apart : [rest, ...apart];
}

function withoutActions({ addActions = {}, ...change }: MailboxChange, names: Suspects): MailboxChange {
  const isLeft = (type: LogonType) => (action: string) =>
    !names.has(namePart({ addActions: { [type]: [action] } }));
  const left = logonTypes.map((type) => [type, (addActions[type] ?? []).filter(isLeft(type))] as const);
  return { ...change, addActions: Object.fromEntries(left.filter(([, actions]) => actions.length > 0)) };
}

function split(change: MailboxChange): readonly MailboxChange[] {
  return partsOf(change).map((part) => ({ mailbox: change.mailbox, ...part }));
}

interface Turn {
  readonly work: Work;
  readonly change: MailboxChange;
}

function nextRound(works: readonly Work[]): readonly Turn[] {
  return works.flatMap((work) => {
    const change = work.left.shift();
    return change === undefined ? [] : [{ work, change }];
  });
}

function settle(work: Work, change: MailboxChange, error: string | undefined): void {
  if (error === undefined) {
    work.made.push(change);
    return;
  }
  const isAboutMailbox = work.reasons.has(error);
  work.reasons.add(error);
  const parts = split(change);
  if (!isAboutMailbox && (parts.length > 1 || mustNotStayOff(work, change))) work.left.unshift(...parts);
  else work.refused.push({ change, error });
}

/** Switched off only to be switched on again. */
function mustNotStayOff({ made }: Work, { auditEnabled }: MailboxChange): boolean {
  return auditEnabled === true && made.some((change) => change.auditEnabled === false);
}

/** A mailbox that refuses everything says nothing about actions. */
function actionsRefused({ made, refused }: MailboxOutcome): readonly string[] {
  if (made.length === 0) return [];
  return refused.flatMap(({ change }) => (change.addActions === undefined ? [] : [namePart(change)]));
}

/** A line for each reason, with what was refused for it; a mailbox that refuses everything for one reason is one line. */
export function describeRefusals({ mailbox, made, refused }: MailboxOutcome): readonly string[] {
  const reasons = [...new Set(refused.map(({ error }) => error))];
  const isWhole = made.length === 0 && reasons.length === 1 && refused.length > 1;
  return reasons.map((reason) => {
    const names = refused.filter(({ error }) => error === reason).map(({ change }) => namePart(change));
    return `${mailbox.userPrincipalName}: ${isWhole ? '' : `${names.join(', ')}: `}${reason}`;
  });
}
