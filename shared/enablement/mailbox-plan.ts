/** What has to change on a mailbox so that it is audited as wanted; pure. */
import { recommendedNonOwnerActions, type EnablementRequest } from './enablement.ts';
import { logonTypes, type LogonType, type Mailbox, type MailboxChange } from './exchange-admin.ts';

/** Changes to make one after the other; none when the mailbox is as wanted. */
export function planMailbox(
  mailbox: Mailbox,
  request: EnablementRequest,
  /** The server-side filter finds the mailbox not audited, whatever it says of itself. */
  foundUnaudited: boolean,
): readonly MailboxChange[] {
  const { id, userPrincipalName } = mailbox;
  const wanted = wantedChange(mailbox, request);
  const named = { mailbox: { id, userPrincipalName } };
  // It says that it is audited and is not: only switching it off and on again makes it true.
  if (mailbox.auditEnabled && foundUnaudited) {
    return [
      { ...named, auditEnabled: false },
      { ...named, ...wanted, auditEnabled: true },
    ];
  }
  return Object.values(wanted).some((value) => value !== undefined) ? [{ ...named, ...wanted }] : [];
}

type Wanted = Omit<MailboxChange, 'mailbox'>;

function wantedChange(mailbox: Mailbox, request: EnablementRequest): Wanted {
  const addActions = missingActions(mailbox, request);
  return {
    auditEnabled: mailbox.auditEnabled ? undefined : true,
    auditLogAgeDays:
      mailbox.auditLogAgeDays === request.auditLogAgeDays ? undefined : request.auditLogAgeDays,
    addActions: Object.keys(addActions).length === 0 ? undefined : addActions,
  };
}

function missingActions(
  mailbox: Mailbox,
  request: EnablementRequest,
): Partial<Record<LogonType, readonly string[]>> {
  const missing: Partial<Record<LogonType, readonly string[]>> = {};
  for (const type of logonTypes) {
    const audited = new Set(mailbox.actions[type].map((action) => action.toLowerCase()));
    const lacking = wantedActions(mailbox, request, type).filter(
      (action) => !audited.has(action.toLowerCase()),
    );
    if (lacking.length > 0) missing[type] = lacking;
  }
  return missing;
}

/**
 * When actions are named, Microsoft stops updating those of the logon type, so actions that it adds later are missed.
 * They are therefore named only on request, or where Microsoft has stopped already.
 */
function wantedActions(mailbox: Mailbox, request: EnablementRequest, type: LogonType): readonly string[] {
  const asked = type === 'owner' ? request.owner : request.nonOwner?.[type];
  if (asked !== undefined) return asked;
  return type === 'owner' || mailbox.managedByMicrosoft.includes(type) ? [] : recommendedNonOwnerActions;
}

/** The change in words, for dry runs and logs. */
export function describeChange({
  mailbox,
  auditEnabled,
  auditLogAgeDays,
  addActions,
}: MailboxChange): string {
  const parts = [
    ...(auditEnabled === undefined ? [] : [`AuditEnabled ${auditEnabled ? 'True' : 'False'}`]),
    ...(auditLogAgeDays === undefined ? [] : [`AuditLogAgeLimit ${auditLogAgeDays} days`]),
    ...Object.entries(addActions ?? {}).map(([type, actions]) => `Audit ${type} + ${actions.join(', ')}`),
  ];
  return `${mailbox.userPrincipalName}: ${parts.join('; ')}`;
}
