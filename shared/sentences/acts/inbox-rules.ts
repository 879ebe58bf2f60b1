/** Inbox rules: made by cmdlets, in Outlook on the web, or by Outlook, which has a form of its own. */
import { isObject, parseJson } from '../../json.ts';
import type { Acts, Severity } from '../act.ts';
import { isOutside, recipientsIn } from '../addresses.ts';
import { isOn, plainText, type Facts } from '../facts.ts';
import { listed, listedValues, say, valuePart, type Phrase } from '../parts.ts';
import { actor, mailbox } from '../people.ts';
import { simple } from '../verbs.ts';

/** What a rule does. */
interface Rule {
  readonly targets: readonly string[];
  readonly deletes: boolean;
  readonly folder: string;
  readonly marksAsRead: boolean;
}

const forwardingParameters = ['ForwardTo', 'RedirectTo', 'ForwardAsAttachmentTo'];
const wordParameters = ['SubjectContainsWords', 'SubjectOrBodyContainsWords', 'BodyContainsWords'];

function ruleOf(facts: Facts): Rule {
  return isFromOutlook(facts) ? ruleOfOutlook(facts) : ruleOfCmdlet(facts);
}

function isFromOutlook({ record }: Facts): boolean {
  return record.operation?.toLowerCase() === 'updateinboxrules';
}

function ruleOfCmdlet({ parameter }: Facts): Rule {
  return {
    targets: forwardingParameters.flatMap((name) => recipientsIn(parameter(name))),
    deletes: isOn(parameter('DeleteMessage')) || isOn(parameter('SoftDeleteMessage')),
    folder: parameter('MoveToFolder'),
    marksAsRead: isOn(parameter('MarkAsRead')),
  };
}

/** RuleActions, here without its brackets: `[{"ActionType":"Forward","Recipients":["bo@contoso.example"]}]` */
function ruleOfOutlook({ property }: Facts): Rule {
  const parsed = parseJson(`[${property('RuleActions')}]`);
  const actions = (Array.isArray(parsed) ? parsed : []).filter(isObject);
  const ofType = (type: RegExp) => actions.filter(({ ActionType }) => type.test(plainText(ActionType)));
  const [move] = ofType(/^(?:move|copy)/i);
  return {
    targets: ofType(/forward|redirect/i).flatMap(({ Recipients }) => recipientsIn(plainText(Recipients))),
    deletes: ofType(/delete/i).length > 0,
    folder:
      move === undefined ? '' : plainText(move['FolderName'] ?? move['Folder'] ?? move['DestinationFolder']),
    marksAsRead: ofType(/mark.*read/i).length > 0,
  };
}

/** The last part of `Bo\Move to archive`. */
function ruleName({ parameter, property, record }: Facts): string {
  const inObject = /\\([^\\]*)$/.exec(record.objectId ?? '')?.[1] ?? '';
  return (parameter('Name') || property('RuleName') || inObject || parameter('Identity')).trim();
}

function rule(facts: Facts): Phrase {
  const name = ruleName(facts);
  const quoted = name === '' ? say` without a name` : say` “${[valuePart(name)]}”`;
  return say`the inbox rule${quoted} in ${mailbox(facts)}`;
}

/** "messages from a with the words “b” and “c”" */
function messages({ parameter }: Facts): Phrase {
  const words = wordParameters.flatMap((name) => recipientsIn(parameter(name)));
  const from = listedValues(
    recipientsIn(parameter('From') || parameter('FromAddressContainsWords')),
    'userId',
  );
  const quoted = listed(words.map((word) => say`“${word}”`));
  return say`messages${from && say` from ${from}`}${quoted && say` that contain ${quoted}`}`;
}

type Effect = (rule: Rule, what: Phrase) => Phrase | undefined;

const effects: readonly Effect[] = [
  ({ targets }, what) => (targets.length > 0 ? say`forwards ${what} to ${listedValues(targets)}` : undefined),
  ({ deletes }, what) => (deletes ? say`deletes ${what}` : undefined),
  ({ folder }, what) => (folder === '' ? undefined : say`moves ${what} to ${[valuePart(folder)]}`),
  ({ marksAsRead }, what) => (marksAsRead ? say`marks ${what} as read` : undefined),
];

/** ", which forwards messages to x and deletes them" */
function effectsOf(facts: Facts): Phrase | undefined {
  const parsed = ruleOf(facts);
  const them: Phrase = [{ text: 'them' }];
  const said = effects.reduce<readonly Phrase[]>((before, effect) => {
    const phrase = effect(parsed, before.length === 0 ? messages(facts) : them);
    return phrase === undefined ? before : [...before, phrase];
  }, []);
  const all = listed(said);
  return all && say`, which ${all}`;
}

/** Folders that few people open. */
const hiddenFolder = /rss|archive|junk|deleted|trash|conversation history|spam|sync issues/i;
/** What those who steal mailboxes do not want their owners to read. */
const telltaleWords =
  /invoice|payment|payroll|wire|bank|phish|hack|password|mfa|suspicious|security|helpdesk/i;

function isHiding(facts: Facts): boolean {
  const { deletes, folder, marksAsRead } = ruleOf(facts);
  const words = wordParameters.map(facts.parameter).join(' ');
  return (
    deletes || hiddenFolder.test(folder) || ((marksAsRead || folder !== '') && telltaleWords.test(words))
  );
}

function severityOfForwarding(facts: Facts): Severity {
  const isHigh = ruleOf(facts).targets.some((target) => isOutside(facts, target)) || isHiding(facts);
  return isHigh ? 'high' : 'notable';
}

/** Rules that are hidden from view often have a name such as "." */
function severityByName(facts: Facts): Severity {
  return /^[^\p{L}\p{N}]+$/u.test(ruleName(facts)) ? 'notable' : 'routine';
}

function hasOutlookOperation(facts: Facts, pattern: RegExp): boolean {
  return isFromOutlook(facts) && pattern.test(facts.property('RuleOperation'));
}

function isNew(facts: Facts): boolean {
  return /^new-/i.test(facts.record.operation ?? '') || hasOutlookOperation(facts, /^(?:add|create|new)/i);
}

const changing = ['New-InboxRule', 'Set-InboxRule', 'UpdateInboxRules'];

function created(facts: Facts): Phrase {
  return say`${actor(facts)} ${[{ text: isNew(facts) ? 'created' : 'changed' }]} ${rule(facts)}${effectsOf(facts)}`;
}

export const inboxRuleActs = {
  inboxRuleRemoved: {
    ...simple('deleted', rule, 'routine', ['Remove-InboxRule', 'UpdateInboxRules']),
    when: (facts) => !isFromOutlook(facts) || hasOutlookOperation(facts, /^(?:remove|delete)/i),
  },
  inboxRuleForwarding: {
    operations: changing,
    when: (facts) => ruleOf(facts).targets.length > 0,
    severity: severityOfForwarding,
    sentence: created,
  },
  inboxRuleHiding: { operations: changing, when: isHiding, severity: 'high', sentence: created },
  inboxRuleCreated: { operations: changing, when: isNew, severity: severityByName, sentence: created },
  inboxRuleChanged: { operations: changing, severity: severityByName, sentence: created },
  inboxRuleEnabled: simple('turned on', rule, 'routine', ['Enable-InboxRule']),
  inboxRuleDisabled: simple('turned off', rule, 'routine', ['Disable-InboxRule']),
} as const satisfies Acts;
