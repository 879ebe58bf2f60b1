/** Defender for Office 365: policies against phishing, malware, and spam, and exceptions from them. */
import type { Acts } from '../act.ts';
import { recipientsIn } from '../addresses.ts';
import { isOff, type Facts } from '../facts.ts';
import { listedValues, say, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft } from '../people.ts';
import { cmdletNoun, cmdlets, cmdletVerb, named, simple } from '../verbs.ts';

const policies = {
  AntiPhishPolicy: 'anti-phishing policy',
  AntiPhishRule: 'anti-phishing rule',
  SafeLinksPolicy: 'Safe Links policy',
  SafeLinksRule: 'Safe Links rule',
  SafeAttachmentPolicy: 'Safe Attachments policy',
  SafeAttachmentRule: 'Safe Attachments rule',
  MalwareFilterPolicy: 'malware filter policy',
  MalwareFilterRule: 'malware filter rule',
  HostedContentFilterPolicy: 'spam filter policy',
  HostedContentFilterRule: 'spam filter rule',
  HostedConnectionFilterPolicy: 'connection filter policy',
  HostedOutboundSpamFilterPolicy: 'outbound spam filter policy',
  HostedOutboundSpamFilterRule: 'outbound spam filter rule',
  ATPProtectionPolicyRule: 'preset security policy',
  EOPProtectionPolicyRule: 'preset security policy',
};

function policy(facts: Facts): Phrase {
  return say`the ${cmdletNoun(facts, policies)} ${named(facts)}`;
}

function changed(facts: Facts): Phrase {
  return say`${actor(facts)} ${cmdletVerb(facts)} ${policy(facts)}`;
}

const allowing = ['IPAllowList', 'AllowedSenders', 'AllowedSenderDomains'];

function allowed({ parameter }: Facts): readonly string[] {
  return allowing.flatMap((name) => recipientsIn(parameter(name)));
}

function entries({ parameter }: Facts): Phrase {
  return listedValues(recipientsIn(parameter('Entries'))) ?? say`entries`;
}

export const protectionActs = {
  filterExceptionAdded: {
    operations: cmdlets(['New', 'Set'], {
      HostedContentFilterPolicy: '',
      HostedConnectionFilterPolicy: '',
    }),
    when: (facts) => allowed(facts).length > 0,
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} excepted ${listedValues(allowed(facts))} from filtering with ${policy(facts)}`,
  },
  protectionRemoved: {
    operations: cmdlets(['Remove', 'Disable'], policies),
    severity: 'high',
    sentence: changed,
  },
  protectionChanged: {
    operations: cmdlets(['Set'], policies),
    severity: (facts) => (isByMicrosoft(facts) ? 'routine' : 'notable'),
    sentence: changed,
  },
  protectionAdded: {
    operations: cmdlets(['New', 'Enable'], policies),
    severity: 'routine',
    sentence: changed,
  },
  dkimDisabled: {
    ...simple('turned off DKIM signing for', named, 'high', ['Set-DkimSigningConfig']),
    when: ({ parameter }) => isOff(parameter('Enabled')),
  },
  senderAllowed: {
    operations: ['New-TenantAllowBlockListItems'],
    when: ({ parameters }) => parameters().some(({ name }) => name.toLowerCase() === 'allow'),
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} allowed ${entries(facts)} in the Tenant Allow/Block List`,
  },
  senderBlocked: {
    operations: ['New-TenantAllowBlockListItems'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} blocked ${entries(facts)} in the Tenant Allow/Block List`,
  },
  quarantineReleased: simple('released a message from', () => say`quarantine`, 'notable', [
    'Release-QuarantineMessage',
    'QuarantineReleaseMessage',
  ]),
  quarantineDeleted: simple('deleted a message from', () => say`quarantine`, 'routine', [
    'Delete-QuarantineMessage',
    'QuarantineDelete',
  ]),
} as const satisfies Acts;
