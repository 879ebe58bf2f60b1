/** Settings of Exchange that have no act of their own: what was changed, by the names of the parameters. */
import type { Acts } from '../act.ts';
import { namesOfChanges } from '../changes.ts';
import type { Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { recipientIn } from '../../records/recipient-names.ts';
import { cmdletNoun, cmdlets, simple, whatChanged } from '../verbs.ts';

const objects = {
  MailboxPlan: 'mailbox plan',
  User: 'user',
  OwaMailboxPolicy: 'policy for Outlook on the web',
  MailContact: 'mail contact',
  DistributionGroup: 'distribution group',
  UnifiedGroup: 'group',
};
const organization = {
  OrganizationConfig: 'organization',
  TransportConfig: 'organization',
  AdminAuditLogConfig: 'audit log',
};

function settings(facts: Facts): Phrase {
  return whatChanged(namesOfChanges(facts), 'setting');
}

/** `contoso.onmicrosoft.com\\Default`: the organization may precede the name. */
function objectName({ record, parameter }: Facts): Phrase {
  const objectId = record.objectId ?? parameter('Identity');
  const name = recipientIn(objectId).split('\\').at(-1) ?? '';
  return name === '' ? say`without a name` : [valuePart(name, 'objectId', objectId)];
}

export const exchangeSettingActs = {
  exchangeObjectChanged: simple(
    'changed',
    (facts) => say`${settings(facts)} of the ${cmdletNoun(facts, objects)} ${objectName(facts)}`,
    'routine',
    cmdlets(['Set'], objects),
  ),
  exchangeOrganizationChanged: simple(
    'changed',
    (facts) => say`${settings(facts)} of the ${cmdletNoun(facts, organization)}`,
    'routine',
    cmdlets(['Set'], organization),
  ),
} as const satisfies Acts;
