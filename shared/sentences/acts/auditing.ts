/** Whether the audit log is written at all, and of what. */
import { auditingSwitch } from '../../records/auditing-switch.ts';
import type { Acts } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, type Phrase } from '../parts.ts';
import { actor, mailbox, mailboxName, personOr } from '../people.ts';

/** What the cmdlet turns off or on, after "turned off " and its like. */
const switched: Readonly<Record<string, (facts: Facts) => Phrase>> = {
  'set-adminauditlogconfig': () => say`the audit log of the organization`,
  'set-organizationconfig': () => say`mailbox auditing for the whole organization`,
  'set-mailbox': (facts) => say`auditing of ${mailbox(facts)}`,
  'set-mailboxauditbypassassociation': (facts) =>
    say`mailbox auditing of everything that ${personOr(facts, mailboxName(facts), 'an account')} does`,
};

const switches = Object.keys(switched);

function whatIsSwitched(facts: Facts): Phrase {
  return switched[facts.record.operation?.toLowerCase() ?? '']?.(facts) ?? say`auditing`;
}

function switchOf({ record, parameters }: Facts): 'off' | 'on' | undefined {
  return auditingSwitch(record.operation ?? '', parameters());
}

/** What of a mailbox is audited, and for how long. */
const scopes = ['AuditAdmin', 'AuditDelegate', 'AuditOwner', 'AuditLogAgeLimit', 'DefaultAuditSet'];

export const auditingActs = {
  auditingDisabled: {
    operations: switches,
    when: (facts) => switchOf(facts) === 'off',
    severity: 'high',
    sentence: (facts) => say`${actor(facts)} turned off ${whatIsSwitched(facts)}`,
  },
  auditingEnabled: {
    operations: switches,
    when: (facts) => switchOf(facts) === 'on',
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} turned on ${whatIsSwitched(facts)}`,
  },
  auditedActionsChanged: {
    operations: ['Set-Mailbox'],
    when: ({ parameter }) => scopes.some((name) => parameter(name) !== ''),
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} changed what is audited in ${mailbox(facts)}`,
  },
} as const satisfies Acts;
