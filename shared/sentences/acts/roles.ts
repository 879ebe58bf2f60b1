/** Who is an administrator: directory roles, role groups of Exchange and Purview, and management roles. */
import type { Acts, Severity } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, valueOr, type Phrase } from '../parts.ts';
import { actor, directoryTarget, isByMicrosoft, personOr } from '../people.ts';

/** Roles that can give themselves further rights, or read or change what belongs to everyone. */
const powerful =
  /^(?:(?:global|company|privileged role|privileged authentication|exchange|sharepoint|security|application|cloud application|hybrid identity|conditional access|user|authentication|intune|compliance|domain name|external identity provider|helpdesk) administrator|privileged role administrator|partner tier[12] support|tenantadmins|organization management|recipient management|security administrator|ediscovery manager|ediscovery administrators?|compliance management|compliance administrator|discovery management|help desk|hygiene management)$/i;

/** Added: the new value; removed: the old one. */
function roleName({ modified, parameter }: Facts): string {
  const { from, to } = modified('Role.DisplayName') ?? { from: '', to: parameter('Role') };
  return to === '' ? from : to;
}

function role(facts: Facts): Phrase {
  return say`the role ${valueOr(roleName(facts), 'without a name')}`;
}

function severityOfRole(facts: Facts): Severity {
  if (powerful.test(roleName(facts))) return 'high';
  return isByMicrosoft(facts) ? 'routine' : 'notable';
}

function isEligible({ record }: Facts): boolean {
  return /eligible/i.test(record.operation ?? '');
}

function roleGroup({ record, parameter }: Facts): string {
  return parameter('Identity') || (record.objectId ?? '');
}

function member(facts: Facts): Phrase {
  return personOr(facts, facts.parameter('Member') || facts.parameter('Members') || undefined, 'someone');
}

/** Act for any mailbox, or reads or sends the email of all. */
const managesMailboxes =
  /^(?:applicationimpersonation|mailbox search|mailbox import export|application (?:mail|exchange)\b.*|mail\..*)$/i;

function managementAssignee({ parameter }: Facts): string | undefined {
  const names = ['User', 'App', 'SecurityGroup', 'Computer', 'Policy'].map(parameter);
  return names.find((name) => name !== '');
}

export const roleActs = {
  roleActivated: {
    operations: [
      'Add member to role completed (PIM activation)',
      'Add member to role requested (PIM activation)',
      'Add member to role approval requested (PIM activation)',
    ],
    severity: (facts) => (powerful.test(roleName(facts)) ? 'notable' : 'routine'),
    sentence: (facts) => {
      const isRequest = /requested/i.test(facts.record.operation ?? '');
      return say`${actor(facts)} ${[{ text: isRequest ? 'requested to activate' : 'activated' }]} ${role(facts)}`;
    },
  },
  roleEligibilityGranted: {
    operations: [
      'Add eligible member to role.',
      'Add eligible member to role in PIM completed (permanent)',
      'Add eligible member to role in PIM completed (timebound)',
      'Add eligible member to role completed',
    ],
    severity: severityOfRole,
    sentence: (facts) => say`${actor(facts)} made ${directoryTarget(facts)} eligible for ${role(facts)}`,
  },
  roleGranted: {
    operations: [
      'Add member to role.',
      'Add member to role in PIM completed (permanent)',
      'Add member to role in PIM completed (timebound)',
      'Add member to role outside of PIM (permanent)',
      'Add scoped member to role.',
    ],
    severity: severityOfRole,
    sentence: (facts) => say`${actor(facts)} gave ${directoryTarget(facts)} ${role(facts)}`,
  },
  roleRemoved: {
    operations: [
      'Remove member from role.',
      'Remove eligible member from role.',
      'Remove scoped member from role.',
      'Remove member from role in PIM completed (permanent)',
      'Remove member from role in PIM completed (timebound)',
      'Remove eligible member from role in PIM completed (permanent)',
      'Remove eligible member from role in PIM completed (timebound)',
    ],
    severity: (facts) => (powerful.test(roleName(facts)) ? 'notable' : 'routine'),
    sentence: (facts) =>
      isEligible(facts)
        ? say`${actor(facts)} removed the eligibility of ${directoryTarget(facts)} for ${role(facts)}`
        : say`${actor(facts)} removed ${role(facts)} from ${directoryTarget(facts)}`,
  },
  roleGroupMemberAdded: {
    operations: ['Add-RoleGroupMember'],
    severity: (facts) => (powerful.test(roleGroup(facts)) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} added ${member(facts)} to the role group ${valueOr(roleGroup(facts), 'without a name', 'objectId')}`,
  },
  roleGroupMemberRemoved: {
    operations: ['Remove-RoleGroupMember'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} removed ${member(facts)} from the role group ${valueOr(roleGroup(facts), 'without a name', 'objectId')}`,
  },
  roleGroupMembersReplaced: {
    operations: ['Update-RoleGroupMember'],
    severity: (facts) => (powerful.test(roleGroup(facts)) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} replaced the members of the role group ${valueOr(roleGroup(facts), 'without a name', 'objectId')}`,
  },
  managementRoleAssigned: {
    operations: ['New-ManagementRoleAssignment'],
    severity: ({ parameter }) => (managesMailboxes.test(parameter('Role')) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} gave ${personOr(facts, managementAssignee(facts), 'someone')} the management role ${valueOr(facts.parameter('Role'), 'without a name')}`,
  },
} as const satisfies Acts;
