/** Users, guests, groups, devices, and how users prove who they are. */
import type { Acts, Severity } from '../act.ts';
import { namesOfChanges } from '../changes.ts';
import { isOff, isOn, type Facts } from '../facts.ts';
import { say, valueOr, type Phrase } from '../parts.ts';
import { actor, directoryTarget, isByMicrosoft, sameAsActor, targetCalled, targetName } from '../people.ts';
import { simple, whatChanged } from '../verbs.ts';

const update = ['Update user.'];

function isForSelf(facts: Facts): boolean {
  return sameAsActor(facts, targetName(facts) ?? facts.record.objectId ?? '');
}

function severityForOthers(facts: Facts): Severity {
  return isForSelf(facts) || isByMicrosoft(facts) ? 'routine' : 'notable';
}

/** How many methods of multifactor authentication the property lists before and after. */
function methods({ modified }: Facts): { readonly before: number; readonly after: number } | undefined {
  const property = modified('StrongAuthenticationMethod');
  if (property === undefined) return undefined;
  return { before: countOf(property.from), after: countOf(property.to) };
}

function countOf(text: string): number {
  return text.slice(0, 100_000).match(/"MethodType"/gi)?.length ?? 0;
}

function losesMfa(facts: Facts): boolean {
  const requirement = facts.modified('StrongAuthenticationRequirement');
  const count = methods(facts);
  const isCleared = requirement !== undefined && requirement.from !== '' && requirement.to === '';
  return isCleared || (count !== undefined && count.before > 0 && count.after === 0);
}

function gainsMethod(facts: Facts): boolean {
  const count = methods(facts);
  const phoneApp = facts.modified('StrongAuthenticationPhoneAppDetail');
  return count !== undefined
    ? count.after > count.before
    : (phoneApp?.to.length ?? 0) > (phoneApp?.from.length ?? 0);
}

function losesMethod(facts: Facts): boolean {
  const count = methods(facts);
  return count !== undefined && count.after < count.before;
}

function isAccountEnabled({ newValue }: Facts): string {
  return newValue('AccountEnabled');
}

function changedProperties(facts: Facts): Phrase {
  const properties = whatChanged(namesOfChanges(facts), 'attribute');
  return say`${properties} of ${isForSelf(facts) ? say`their own account` : directoryTarget(facts)}`;
}

/** "the password of bo@contoso.example" or "their own password" */
function belonging(noun: string) {
  const words: Phrase = [{ text: noun }];
  return (facts: Facts) =>
    isForSelf(facts) ? say`their own ${words}` : say`the ${words} of ${directoryTarget(facts)}`;
}

const user = (facts: Facts) => targetCalled(facts, 'user');
const group = (facts: Facts) => targetCalled(facts, 'group');
const device = (facts: Facts) => targetCalled(facts, 'device');

/** Of a member or an owner, the target is the person, and the group is a property. */
function itsGroup({ modified }: Facts): Phrase {
  const { from = '', to = '' } = modified('Group.DisplayName') ?? {};
  return say`the group ${valueOr(to || from, 'without a name')}`;
}

function itsDevice({ newValue }: Facts): Phrase {
  return say`the device ${valueOr(newValue('Device.DisplayName'), 'without a name')}`;
}

export const accountActs = {
  mfaDisabled: {
    ...simple('turned off multifactor authentication for', directoryTarget, 'high', [
      'Disable Strong Authentication.',
      ...update,
    ]),
    when: (facts) => /^disable/i.test(facts.record.operation ?? '') || losesMfa(facts),
  },
  mfaEnabled: simple('turned on multifactor authentication for', directoryTarget, 'routine', [
    'Enable Strong Authentication.',
  ]),
  temporaryAccessPassCreated: {
    ...simple('created a Temporary Access Pass for', directoryTarget, 'notable', update),
    when: ({ newValue }) => newValue('SecuredAccessPassData') !== '',
  },
  mfaMethodAdded: {
    ...simple('added a method of multifactor authentication for', directoryTarget, 'notable', [
      ...update,
      ...['User registered security info', 'User registered all required security info'],
      'Admin registered security info',
    ]),
    when: (facts) => /registered/i.test(facts.record.operation ?? '') || gainsMethod(facts),
  },
  mfaMethodRemoved: {
    ...simple('removed a method of multifactor authentication from', directoryTarget, 'notable', [
      ...update,
      ...['User deleted security info', 'Admin deleted security info'],
    ]),
    when: (facts) => /deleted/i.test(facts.record.operation ?? '') || losesMethod(facts),
  },
  mfaDetailsChanged: {
    ...simple(
      'changed',
      belonging('phone number or email address for multifactor authentication'),
      'notable',
      update,
    ),
    when: ({ modified }) => modified('StrongAuthenticationUserDetails') !== undefined,
  },
  userDisabled: {
    ...simple('blocked sign-in for', directoryTarget, 'notable', ['Disable account.', ...update]),
    when: (facts) => /^disable/i.test(facts.record.operation ?? '') || isOff(isAccountEnabled(facts)),
  },
  userEnabled: {
    ...simple('allowed sign-in for', directoryTarget, 'notable', ['Enable account.', ...update]),
    when: (facts) => /^enable/i.test(facts.record.operation ?? '') || isOn(isAccountEnabled(facts)),
  },
  userChanged: simple('changed', changedProperties, 'routine', update),
  userCreated: simple('created', user, (facts) => (isByMicrosoft(facts) ? 'routine' : 'notable'), [
    'Add user.',
  ]),
  userDeleted: simple('deleted', user, 'notable', ['Delete user.', 'Hard Delete user.']),
  userRestored: simple('restored', user, 'notable', ['Restore user.']),
  guestInvited: {
    operations: ['Invite external user.'],
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} invited ${directoryTarget(facts)} as a guest`,
  },
  invitationRedeemed: simple('accepted the invitation of', directoryTarget, 'routine', [
    'Redeem external user invite.',
  ]),
  passwordReset: simple('reset', belonging('password'), severityForOthers, [
    'Reset user password.',
    'Reset password (by admin)',
  ]),
  passwordChanged: simple('changed', belonging('password'), 'routine', [
    'Change user password.',
    'Change password (self-service)',
    'Reset password (self-service)',
  ]),
  sessionsRevoked: simple('revoked', belonging('sessions'), severityForOthers, [
    'Update StsRefreshTokenValidFrom Timestamp.',
    'Revoke all sign-in sessions.',
  ]),
  licenseChanged: simple('changed', belonging('licenses'), 'routine', [
    'Change user license.',
    'Set license properties.',
  ]),
  groupCreated: simple('created', group, 'routine', ['Add group.']),
  groupChanged: simple('changed', group, 'routine', ['Update group.']),
  groupDeleted: simple('deleted', group, (facts) => (isByMicrosoft(facts) ? 'routine' : 'notable'), [
    ...['Delete group.', 'Hard delete group.', 'Remove-UnifiedGroup'],
  ]),
  groupMemberAdded: {
    operations: ['Add member to group.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} added ${directoryTarget(facts)} to ${itsGroup(facts)}`,
  },
  groupMemberRemoved: {
    operations: ['Remove member from group.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} removed ${directoryTarget(facts)} from ${itsGroup(facts)}`,
  },
  groupOwnerAdded: {
    operations: ['Add owner to group.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} made ${directoryTarget(facts)} an owner of ${itsGroup(facts)}`,
  },
  groupOwnerRemoved: {
    operations: ['Remove owner from group.'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} removed ${directoryTarget(facts)} as an owner of ${itsGroup(facts)}`,
  },
  deviceRegistered: {
    operations: ['Add registered owner to device.', 'Add registered users to device.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} registered ${itsDevice(facts)} for ${directoryTarget(facts)}`,
  },
  deviceAdded: simple('added', device, 'routine', ['Add device.', 'Register device.']),
  deviceChanged: simple('changed', device, 'routine', ['Update device.']),
  deviceDeleted: simple('deleted', device, 'routine', ['Delete device.']),
} as const satisfies Acts;
