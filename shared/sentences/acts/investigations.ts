/** eDiscovery and other searches in everyone's content. */
import type { Acts } from '../act.ts';
import { isOn, type Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { actor, mailbox, personOr } from '../people.ts';
import { simple } from '../verbs.ts';

/** A search, a case or a hold, by whichever name the record has. */
function called({ parameter, property, field, record }: Facts, words: string): Phrase {
  const names = [
    ...['SearchName', 'Name', 'Case', 'Identity'].map(parameter),
    ...['SearchName', 'Name'].map(property),
    ...['Case', 'Name'].map(field),
    record.objectId ?? '',
  ];
  const name = names.find((one) => one !== '');
  if (name === undefined) return [{ text: `${words} without a name` }];
  return say`${[{ text: words }]} “${[valuePart(name, 'objectId', record.objectId ?? name)]}”`;
}

const search = (facts: Facts) => called(facts, 'the eDiscovery search');
const caseOf = (facts: Facts) => called(facts, 'the eDiscovery case');
const hold = (facts: Facts) => called(facts, 'the hold');

const actions = ['New-ComplianceSearchAction'];

/** A switch of a command line has no value. */
function isSwitchedOn({ parameters, parameter }: Facts, name: string): boolean {
  const isNamed = parameters().some((one) => one.name.toLowerCase() === name);
  return isNamed && (parameter(name) === '' || isOn(parameter(name)));
}

function member({ parameter }: Facts): string | undefined {
  return parameter('Member') || parameter('User') || undefined;
}

export const investigationActs = {
  contentPurged: {
    ...simple('deleted the messages found by', search, 'high', actions),
    when: (facts) => isSwitchedOn(facts, 'purge'),
  },
  eDiscoveryExport: {
    ...simple('exported the results of', search, 'high', [
      ...['SearchExported', 'SearchExportDownloaded', 'SearchReportExported', 'ViewedSearchExported'],
      ...['CaseExported', ...actions],
    ]),
    when: (facts) => !actions.includes(facts.record.operation ?? '') || isSwitchedOn(facts, 'export'),
  },
  eDiscoveryPreview: simple('previewed the results of', search, 'notable', [
    ...['SearchPreviewed', 'SearchPreviewExported', 'PreviewItemListed', 'PreviewItemDownloaded', ...actions],
  ]),
  eDiscoverySearchCreated: simple('created', search, 'notable', ['SearchCreated', 'New-ComplianceSearch']),
  eDiscoverySearchChanged: simple('changed', search, 'notable', ['SearchUpdated', 'Set-ComplianceSearch']),
  eDiscoverySearchStarted: simple('started', search, 'notable', ['SearchStarted', 'Start-ComplianceSearch']),
  eDiscoverySearchRemoved: simple('deleted', search, 'routine', ['SearchRemoved', 'Remove-ComplianceSearch']),
  eDiscoveryCaseCreated: simple('created', caseOf, 'notable', ['CaseAdded', 'New-ComplianceCase']),
  eDiscoveryCaseRemoved: simple('deleted', caseOf, 'notable', ['CaseRemoved', 'Remove-ComplianceCase']),
  eDiscoveryMemberAdded: {
    operations: ['CaseMemberAdded', 'Add-ComplianceCaseMember'],
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} added ${personOr(facts, member(facts), 'someone')} to ${caseOf(facts)}`,
  },
  eDiscoveryAdminAdded: {
    operations: ['CaseAdminAdded', 'Add-eDiscoveryCaseAdmin'],
    severity: 'high',
    sentence: (facts) =>
      say`${actor(facts)} made ${personOr(facts, member(facts), 'someone')} an administrator of all eDiscovery cases`,
  },
  holdCreated: simple('created', hold, 'notable', ['HoldCreated', 'New-CaseHoldPolicy']),
  holdChanged: simple('changed', hold, 'notable', ['HoldUpdated', 'Set-CaseHoldPolicy']),
  holdRemoved: simple('removed', hold, 'high', ['HoldRemoved', 'Remove-CaseHoldPolicy']),
  mailboxContentPurged: {
    ...simple('searched and deleted messages in', mailbox, 'high', ['Search-Mailbox']),
    when: (facts) => isSwitchedOn(facts, 'deletecontent'),
  },
  mailboxSearched: simple('searched', mailbox, 'notable', ['Search-Mailbox']),
  auditLogSearched: simple('searched', () => say`the audit log`, 'routine', [
    ...[
      'AuditSearchCreated',
      'AuditSearchCompleted',
      'AuditSearchExportJobCreated',
      'Search-UnifiedAuditLog',
    ],
  ]),
} as const satisfies Acts;
