/** What has to change on a mailbox so that it is audited as wanted; pure. */
import type { EnablementRequest } from './enablement.ts';
import { logonTypes, type LogonType, type Mailbox, type MailboxChange } from './exchange-admin.ts';
import { defaultActionsOf, missingFrom, recommendedActionsOf } from './mailbox-actions.ts';

/** The changes of one mailbox, to be made one after the other. */
export interface MailboxPlan {
  /** As it was found. */
  readonly mailbox: Mailbox;
  readonly changes: readonly MailboxChange[];
}

/**
 * No changes when the mailbox is as wanted. Actions are last and in a change of their own: Exchange makes a change as a
 * whole or not at all, and actions are what it refuses most, for want of a license.
 */
export function planMailbox(
  mailbox: Mailbox,
  request: EnablementRequest,
  /** The server-side filter finds the mailbox not audited, whatever it says of itself. */
  foundUnaudited: boolean,
): readonly MailboxChange[] {
  const { id, userPrincipalName } = mailbox;
  // It says that it is audited and is not: only switching it off and on again makes it true.
  const isTrapped = mailbox.auditEnabled && foundUnaudited;
  const wanted: readonly Settings[] = [
    { auditEnabled: isTrapped ? false : undefined },
    {
      auditEnabled: isTrapped || !mailbox.auditEnabled ? true : undefined,
      auditLogAgeDays: wantedAge(mailbox, request),
    },
    { addActions: missingActions(mailbox, request) },
  ];
  return wanted.flatMap((change) =>
    partsOf(change).length === 0 ? [] : [{ mailbox: { id, userPrincipalName }, ...change }],
  );
}

/** Settings that may be in a form that Auditkeep does not know. */
export const unreadableSettings = ['AuditLogAgeLimit', 'DefaultAuditSet'] as const;
export type UnreadableSetting = (typeof unreadableSettings)[number];

/** Settings that cannot be read and that decide what would have to change: the mailbox may not be as wanted. */
export function undecidedSettings(
  mailbox: Mailbox,
  request: EnablementRequest,
): readonly UnreadableSetting[] {
  const { auditLogAgeDays, managedByMicrosoft } = mailbox;
  const isUndecided: Readonly<Record<UnreadableSetting, boolean>> = {
    AuditLogAgeLimit: auditLogAgeDays === undefined && !request.lower,
    DefaultAuditSet: managedByMicrosoft === undefined && dependsOnManagement(mailbox, request),
  };
  return unreadableSettings.filter((setting) => isUndecided[setting]);
}

function dependsOnManagement(mailbox: Mailbox, request: EnablementRequest): boolean {
  const partsIf = (managedByMicrosoft: readonly LogonType[]) =>
    partsOf({ addActions: missingActions({ ...mailbox, managedByMicrosoft }, request) }).length;
  return partsIf(logonTypes) !== partsIf([]);
}

/** What a change sets. */
type Settings = Omit<MailboxChange, 'mailbox'>;

/**
 * Undefined when the limit may stay: a longer one is good, and cutting it would delete what it has kept. One that cannot
 * be read may be longer.
 * @see undecidedSettings
 */
function wantedAge({ auditLogAgeDays: found }: Mailbox, request: EnablementRequest): number | undefined {
  const { auditLogAgeDays: wanted, lower } = request;
  if (lower) return found === wanted ? undefined : wanted;
  return found !== undefined && found < wanted ? wanted : undefined;
}

function missingActions(mailbox: Mailbox, request: EnablementRequest): Settings['addActions'] {
  const missing: Partial<Record<LogonType, readonly string[]>> = {};
  for (const type of logonTypes) {
    const lacking = missingFrom(mailbox.actions[type], wantedActions(mailbox, request, type));
    if (lacking.length > 0) missing[type] = lacking;
  }
  return missing;
}

/**
 * When actions are named, Microsoft stops updating those of the logon type, so actions that it adds later are missed.
 * They are therefore named only on request, or where Microsoft has stopped already; its default set then comes with
 * them. Requested as none, they stay as they are. Where it cannot be read who manages them, only those that are
 * requested are added: both answers come to the same then.
 */
function wantedActions(mailbox: Mailbox, request: EnablementRequest, type: LogonType): readonly string[] {
  const asked = type === 'owner' ? request.owner : request.nonOwner?.[type];
  const { managedByMicrosoft = logonTypes } = mailbox;
  const isLeftToMicrosoft =
    managedByMicrosoft.includes(type) && missingFrom(mailbox.actions[type], asked ?? []).length === 0;
  if (isLeftToMicrosoft || asked?.length === 0) return [];
  return asked === undefined ? recommendedActionsOf(type) : union(defaultActionsOf(type), asked);
}

function union(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...some, ...missingFrom(some, more)];
}

/** The smallest changes that Exchange can make or refuse: a switch, a limit, one action of one logon type. */
export function partsOf({ auditEnabled, auditLogAgeDays, addActions = {} }: Settings): readonly Settings[] {
  return [
    ...(auditEnabled === undefined ? [] : [{ auditEnabled }]),
    ...(auditLogAgeDays === undefined ? [] : [{ auditLogAgeDays }]),
    ...logonTypes.flatMap((type) =>
      (addActions[type] ?? []).map((action) => ({ addActions: { [type]: [action] } })),
    ),
  ];
}

/** A part in a word or two, as errors name it. */
export function namePart({ auditEnabled, auditLogAgeDays, addActions = {} }: Settings): string {
  if (auditEnabled !== undefined) return 'AuditEnabled';
  if (auditLogAgeDays !== undefined) return 'AuditLogAgeLimit';
  return Object.entries(addActions)
    .map(([type, actions]) => `${actions.join(', ')} (${type})`)
    .join(', ');
}

/** The change in words, with what was found, for dry runs and logs. */
export function describeChange(
  { mailbox, auditEnabled, auditLogAgeDays, addActions = {} }: MailboxChange,
  found: Pick<Mailbox, 'auditLogAgeDays'>,
): string {
  const { auditLogAgeDays: age } = found;
  const ageBefore = age === undefined ? '' : ` from ${age === Infinity ? 'unlimited' : age}`;
  const parts = [
    ...(auditEnabled === undefined
      ? []
      : [`AuditEnabled from ${switchOf(!auditEnabled)} to ${switchOf(auditEnabled)}`]),
    ...(auditLogAgeDays === undefined ? [] : [`AuditLogAgeLimit${ageBefore} to ${auditLogAgeDays} days`]),
    ...Object.entries(addActions).map(([type, actions]) => `Audit ${type} + ${actions.join(', ')}`),
  ];
  return `${mailbox.userPrincipalName}: ${parts.join('; ')}`;
}

function switchOf(isOn: boolean): string {
  return isOn ? 'True' : 'False';
}
