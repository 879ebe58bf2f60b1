/** Teams, channels, chats, and Copilot. */
import { isObject } from '../../json.ts';
import { addressIn } from '../../records/person-names.ts';
import type { Acts } from '../act.ts';
import { isOn, plainText, type Facts } from '../facts.ts';
import { listed, say, valueOr, type Phrase } from '../parts.ts';
import { actor, personOr, sameAsActor } from '../people.ts';
import { simple } from '../verbs.ts';

/** Not Role: what its numbers mean differs between records. */
function memberNames({ fields }: Facts): readonly string[] {
  const members: readonly unknown[] = Array.isArray(fields['Members']) ? fields['Members'] : [];
  const names = members
    .filter(isObject)
    .map(({ UPN, DisplayName }) => plainText(UPN) || plainText(DisplayName));
  return names.filter((name) => name !== '');
}

function members(facts: Facts): Phrase {
  const phrases = memberNames(facts).map((name) => personOr(facts, addressIn(name) ?? name, 'someone'));
  return listed(phrases) ?? say`someone`;
}

/** Of a chat, the actor is a member as well. */
function others(facts: Facts): Phrase {
  const names = memberNames(facts).filter((name) => !sameAsActor(facts, name));
  return listed(names.map((name) => personOr(facts, addressIn(name) ?? name, 'someone'))) ?? say`someone`;
}

function hasGuest(facts: Facts): boolean {
  return memberNames(facts).some((name) => /#ext#@/i.test(name));
}

function team({ field }: Facts): Phrase {
  return say`the team ${valueOr(field('TeamName') || field('TeamGuid'), 'without a name')}`;
}

function channel(facts: Facts): Phrase {
  return say`the channel ${valueOr(facts.field('ChannelName'), 'without a name')} in ${team(facts)}`;
}

function app({ field }: Facts): Phrase {
  return say`the app ${valueOr(field('AddOnName') || field('AppName') || field('AddOnGuid'), 'without a name')}`;
}

function isWithOtherOrganization({ fields }: Facts): boolean {
  const info = fields['ParticipantInfo'];
  return isObject(info) && isOn(plainText(info['HasForeignTenantUsers']));
}

function setting({ field }: Facts): Phrase {
  const name = say`“${valueOr(field('Name'), 'without a name')}”`;
  const value = field('NewValue');
  return value === '' ? name : say`${name} to ${value}`;
}

const isExternal = /^(?:true|\$true)$/i;

/** A host such as Word or Teams. */
function copilotHost({ fields }: Facts): Phrase | undefined {
  const data = fields['CopilotEventData'];
  const host = isObject(data) ? plainText(data['AppHost']) : '';
  return host === '' ? undefined : say` in ${host}`;
}

export const teamsActs = {
  teamGuestAdded: {
    operations: ['MemberAdded'],
    when: hasGuest,
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} added ${members(facts)} to ${team(facts)} as a guest`,
  },
  teamMemberAdded: {
    operations: ['MemberAdded'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} added ${members(facts)} to ${team(facts)}`,
  },
  teamMemberRemoved: {
    operations: ['MemberRemoved'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} removed ${members(facts)} from ${team(facts)}`,
  },
  teamRoleChanged: {
    operations: ['MemberRoleChanged'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} changed the role of ${members(facts)} in ${team(facts)}`,
  },
  teamCreated: simple('created', team, 'routine', ['TeamCreated']),
  teamDeleted: simple('deleted', team, 'notable', ['TeamDeleted']),
  teamSettingsChanged: simple('changed the settings of', team, 'routine', ['TeamSettingChanged']),
  channelAdded: simple('added', channel, 'routine', ['ChannelAdded']),
  channelChanged: simple('changed', channel, 'routine', ['ChannelSettingChanged']),
  channelDeleted: simple('deleted', channel, 'routine', ['ChannelDeleted']),
  tabAdded: simple('added a tab to', channel, 'routine', ['TabAdded', 'TabUpdated']),
  appInstalled: {
    operations: ['AppInstalled', 'BotAddedToTeam', 'ConnectorAdded'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} added ${app(facts)} to ${team(facts)}`,
  },
  externalChat: {
    operations: ['ChatCreated'],
    when: isWithOtherOrganization,
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} started a chat with people of another organization: ${others(facts)}`,
  },
  chatCreated: {
    operations: ['ChatCreated'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} started a chat with ${others(facts)}`,
  },
  teamsSession: simple('signed in to', () => say`Teams`, 'routine', ['TeamsSessionStarted']),
  teamsPolicyChanged: simple('changed the organization’s Teams setting', setting, 'notable', [
    'TeamsTenantSettingChanged',
  ]),
  teamsFederationOpened: {
    ...simple('allowed Teams chats with', () => say`people of other organizations`, 'notable', [
      'Set-CsTenantFederationConfiguration',
      'Set-CsExternalAccessPolicy',
    ]),
    when: ({ parameter }) =>
      ['AllowFederatedUsers', 'AllowTeamsConsumer', 'EnableFederationAccess'].some((name) =>
        isExternal.test(parameter(name)),
      ),
  },
  teamsFederationChanged: simple(
    'changed',
    () => say`the Teams settings for people of other organizations`,
    'notable',
    ['Set-CsTenantFederationConfiguration', 'Set-CsExternalAccessPolicy'],
  ),
  copilotUsed: {
    operations: ['CopilotInteraction'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} used Copilot${copilotHost(facts)}`,
  },
  yammerGroupCreated: simple(
    'created the Viva Engage group',
    ({ field }) => valueOr(field('GroupName'), 'without a name'),
    'routine',
    ['GroupCreation'],
  ),
} as const satisfies Acts;
