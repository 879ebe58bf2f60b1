/** What records, keeps, searches, and protects. */
import type { Rule } from '../rule.ts';
import {
  all,
  any,
  byMicrosoft,
  contains,
  exists,
  is,
  isFalse,
  isTrue,
  not,
  operation,
  packRule,
  succeeded,
} from './writing.ts';

const protections = [
  ...['AntiPhishPolicy', 'AntiPhishRule', 'SafeLinksPolicy', 'SafeLinksRule'],
  ...['SafeAttachmentPolicy', 'SafeAttachmentRule', 'MalwareFilterPolicy', 'MalwareFilterRule'],
  ...['HostedContentFilterPolicy', 'HostedContentFilterRule'],
  ...['ATPProtectionPolicyRule', 'EOPProtectionPolicyRule'],
];
const helpDeskNames = [
  ...['help desk', 'helpdesk', 'service desk', 'it support', 'it-support', 'tech support'],
  ...['technical support', 'microsoft support', 'microsoft security', 'security team'],
];

export const complianceRules: readonly Rule[] = [
  packRule({
    id: 'auditingSwitchedOff',
    title: 'Auditing switched off',
    description:
      'The unified audit log, the auditing of mailboxes, or that of one mailbox or account was switched off.',
    nextSteps: 'Switch it on again, and ask who switched it off. What happened until then was not recorded.',
    severity: 'high',
    condition: all(
      operation(
        'Set-AdminAuditLogConfig',
        'Set-OrganizationConfig',
        'Set-Mailbox',
        'Set-MailboxAuditBypassAssociation',
      ),
      is('auditing', 'off'),
      not(byMicrosoft),
      succeeded,
    ),
  }),
  packRule({
    id: 'eDiscoveryByNewUser',
    title: 'eDiscovery used by someone new',
    description:
      'Someone who had not done so in the 30 days before created a case or a search of eDiscovery.',
    nextSteps: 'Check that the legal or security team knows of the search and its reason.',
    severity: 'medium',
    condition: all(operation('SearchCreated', 'CaseAdded'), succeeded),
    groupBy: [],
    window: 'P1D',
    trigger: { kind: 'firstSeen', member: 'userId', days: 30, newGroups: 'fire' },
  }),
  packRule({
    id: 'eDiscoveryExported',
    title: 'Result of eDiscovery exported',
    description: 'Someone exported what a search of eDiscovery found, or downloaded it.',
    nextSteps: 'Check who requested the export, and where the files are.',
    severity: 'medium',
    condition: all(
      any(
        operation('SearchExported', 'SearchExportDownloaded'),
        all(
          operation('New-ComplianceSearchAction'),
          any(isTrue('Parameters.Export'), contains('Parameters', '-Export')),
        ),
      ),
      succeeded,
    ),
  }),
  packRule({
    id: 'emailProtectionRemoved',
    title: 'Protection of email removed',
    description:
      'A policy against phishing, malware, spam, or unsafe links or attachments was removed or turned off, or the signing of a domain.',
    nextSteps: 'Check that another policy takes its place. Restore it otherwise.',
    severity: 'high',
    condition: all(
      any(
        operation(...protections.flatMap((name) => [`Remove-${name}`, `Disable-${name}`])),
        all(operation('Set-DkimSigningConfig'), isFalse('Parameters.Enabled')),
      ),
      not(byMicrosoft),
      succeeded,
    ),
  }),
  packRule({
    id: 'retentionRemoved',
    title: 'Retention or a hold removed',
    description: 'A retention policy or label was removed or turned off, or a mailbox is no longer on hold.',
    nextSteps: 'Check with those who are responsible for retention: what it kept can be deleted from now on.',
    severity: 'high',
    condition: all(
      any(
        operation(
          'Remove-RetentionCompliancePolicy',
          'Remove-RetentionComplianceRule',
          'Remove-ComplianceTag',
        ),
        all(operation('Set-RetentionCompliancePolicy'), isFalse('Parameters.Enabled')),
        all(operation('Set-Mailbox'), isFalse('Parameters.LitigationHoldEnabled')),
      ),
      not(byMicrosoft),
      succeeded,
    ),
  }),
  packRule({
    id: 'dlpOverridden',
    title: 'Data loss prevention overridden',
    description:
      'A user sent or shared something although a policy against data loss matched, and gave a reason.',
    nextSteps: 'Read the reason. Change the policy if it is in the way of honest work.',
    severity: 'low',
    condition: any(
      operation('DlpRuleUndo'),
      all(operation('DlpRuleMatch'), exists('ExceptionInfo.Justification')),
    ),
  }),
  packRule({
    id: 'helpDeskChat',
    title: 'Chat from outside by someone named like a help desk',
    description:
      'Someone in another organization began a chat with one user in Teams, under a name such as Help Desk or IT Support.',
    nextSteps:
      'Ask the user what was said and whether they let anyone control their computer. Block the other organization.',
    severity: 'medium',
    condition: all(
      operation('ChatCreated'),
      is('CommunicationType', 'OneOnOne'),
      isTrue('ParticipantInfo.HasForeignTenantUsers'),
      contains('Members.DisplayName', ...helpDeskNames),
    ),
  }),
  packRule({
    id: 'microsoftAlert',
    title: 'Alert of Microsoft',
    description: 'An alert of Microsoft Defender or Purview, with its severity.',
    nextSteps: 'Open the alert in the Microsoft Defender portal.',
    severity: 'informational',
    condition: all(operation('AlertTriggered', 'AlertEntityGenerated'), is('recordType', 40, 98)),
    groupBy: ['AlertId'],
    window: 'P1D',
    raiseTo: [
      { severity: 'low', condition: is('Severity', 'Low') },
      { severity: 'medium', condition: is('Severity', 'Medium') },
      { severity: 'high', condition: is('Severity', 'High') },
    ],
  }),
];
