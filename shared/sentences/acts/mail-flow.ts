/** What happens to the email of the whole organization: transport rules, journaling, connectors, domains. */
import type { Acts, Severity } from '../act.ts';
import { isOutside, recipientsIn } from '../addresses.ts';
import { isOn, type Facts } from '../facts.ts';
import { listed, listedValues, say, valueOr, type Phrase } from '../parts.ts';
import { actor } from '../people.ts';
import { cmdletNoun, cmdlets, cmdletVerb, named, simple } from '../verbs.ts';

const copying = ['BlindCopyTo', 'CopyTo', 'AddToRecipients'];
const redirecting = ['RedirectMessageTo'];
const wordParameters = ['SubjectContainsWords', 'SubjectOrBodyContainsWords', 'AttachmentContainsWords'];
const changing = ['New-TransportRule', 'Set-TransportRule'];

function targets({ parameter }: Facts, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => recipientsIn(parameter(name)));
}

const allTargets = (facts: Facts) => targets(facts, [...copying, ...redirecting]);

function severityOfTargets(facts: Facts): Severity {
  return allTargets(facts).some((target) => isOutside(facts, target)) ? 'high' : 'notable';
}

function transportRule(facts: Facts): Phrase {
  return say`the transport rule ${named(facts)}`;
}

function words({ parameter }: Facts): Phrase | undefined {
  const all = wordParameters.flatMap((name) => recipientsIn(parameter(name)));
  const quoted = listed(all.map((word) => say`“${word}”`));
  return quoted && say` that contain ${quoted}`;
}

function forwards(facts: Facts): Phrase {
  const verb = targets(facts, redirecting).length > 0 ? 'redirects messages' : 'sends copies of messages';
  return say`which ${[{ text: verb }]}${words(facts)} to ${listedValues(allTargets(facts))}`;
}

const connectors = { InboundConnector: 'inbound connector', OutboundConnector: 'outbound connector' };

/** `contoso.onmicrosoft.com\Default`: remote domains and policies have the organization before their name. */
function allowsForwarding({ parameter }: Facts): boolean {
  return isOn(parameter('AutoForwardEnabled')) || /^on$/i.test(parameter('AutoForwardingMode'));
}

function journalTarget({ parameter }: Facts): string {
  return parameter('JournalEmailAddress');
}

export const mailFlowActs = {
  transportRuleForwarding: {
    operations: changing,
    when: (facts) => allTargets(facts).length > 0,
    severity: severityOfTargets,
    sentence: (facts) =>
      say`${actor(facts)} ${cmdletVerb(facts)} ${transportRule(facts)}, ${forwards(facts)}`,
  },
  transportRuleBypassingFilter: {
    operations: changing,
    when: ({ parameter }) => parameter('SetSCL') === '-1',
    severity: 'high',
    sentence: (facts) =>
      say`${actor(facts)} ${cmdletVerb(facts)} ${transportRule(facts)}, which lets messages${words(facts)} bypass the spam filter`,
  },
  transportRuleCreated: simple('created', transportRule, 'notable', ['New-TransportRule']),
  transportRuleChanged: simple('changed', transportRule, 'notable', ['Set-TransportRule']),
  transportRuleRemoved: simple('deleted', transportRule, 'notable', ['Remove-TransportRule']),
  transportRuleEnabled: simple('turned on', transportRule, 'notable', ['Enable-TransportRule']),
  transportRuleDisabled: simple('turned off', transportRule, 'notable', ['Disable-TransportRule']),
  journalingSet: {
    operations: ['New-JournalRule', 'Set-JournalRule'],
    when: (facts) => journalTarget(facts) !== '',
    severity: (facts) => (isOutside(facts, journalTarget(facts)) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} ${cmdletVerb(facts)} the journal rule ${named(facts)}, which sends copies of messages to ${valueOr(journalTarget(facts), 'an address')}`,
  },
  autoForwardingAllowed: {
    operations: [
      'Set-RemoteDomain',
      'New-HostedOutboundSpamFilterPolicy',
      'Set-HostedOutboundSpamFilterPolicy',
    ],
    when: allowsForwarding,
    severity: 'high',
    sentence: (facts) =>
      say`${actor(facts)} allowed automatic forwarding of email to other organizations with ${named(facts)}`,
  },
  connectorChanged: {
    operations: cmdlets(['New', 'Set', 'Remove'], connectors),
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} ${cmdletVerb(facts)} the ${cmdletNoun(facts, connectors)} ${named(facts)}`,
  },
  acceptedDomainChanged: {
    operations: ['New-AcceptedDomain', 'Set-AcceptedDomain', 'Remove-AcceptedDomain'],
    severity: 'notable',
    sentence: (facts) => say`${actor(facts)} ${cmdletVerb(facts)} the accepted domain ${named(facts)}`,
  },
} as const satisfies Acts;
