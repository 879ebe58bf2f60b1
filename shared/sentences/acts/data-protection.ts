/** Retention, data loss prevention, and sensitivity labels. */
import { isObject, parseJson, type JsonObject } from '../../json.ts';
import type { Acts, Severity } from '../act.ts';
import { isOff, plainText, type Facts } from '../facts.ts';
import { say, valueOr, valuePart, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft } from '../people.ts';
import { cmdletNoun, cmdlets, cmdletVerb, named } from '../verbs.ts';
import { inSite, itemName } from './files.ts';

const retention = {
  RetentionCompliancePolicy: 'retention policy',
  RetentionComplianceRule: 'retention rule',
  RetentionPolicy: 'retention policy',
  RetentionPolicyTag: 'retention tag',
  ComplianceTag: 'retention label',
  AppRetentionCompliancePolicy: 'retention policy',
};
const dlp = {
  DlpCompliancePolicy: 'data loss prevention policy',
  DlpComplianceRule: 'data loss prevention rule',
  DlpPolicy: 'data loss prevention policy',
};
const labels = {
  Label: 'sensitivity label',
  LabelPolicy: 'label policy',
  AutoSensitivityLabelPolicy: 'label policy',
};

/** "{actor} deleted the retention policy “{name}”" */
function changed(nouns: Readonly<Record<string, string>>) {
  return (facts: Facts): Phrase =>
    say`${actor(facts)} ${cmdletVerb(facts)} the ${cmdletNoun(facts, nouns)} ${named(facts)}`;
}

function isRemoved(facts: Facts): boolean {
  const { parameter } = facts;
  const isDisabled = /^disable/i.test(parameter('Mode')) || isOff(parameter('Enabled'));
  return /^remove-/i.test(facts.record.operation ?? '') || isDisabled;
}

function severityByActor(facts: Facts): Severity {
  return isByMicrosoft(facts) ? 'routine' : 'notable';
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function member(fields: JsonObject, name: string): JsonObject {
  const value = fields[name];
  return isObject(value) ? value : {};
}

/** The content that a policy matched: a file, or a message by its subject. */
function matched({ fields }: Facts): Phrase {
  const file = plainText(member(fields, 'SharePointMetaData')['FileName']);
  if (file !== '') return say`the file “${[valuePart(file)]}”`;
  const subject = plainText(member(fields, 'ExchangeMetaData')['Subject']);
  return subject === '' ? say`content` : say`the message “${[valuePart(subject)]}”`;
}

function sender(facts: Facts): Phrase {
  const { fields, record } = facts;
  const names = ['SharePointMetaData', 'ExchangeMetaData'].map((name) =>
    plainText(member(fields, name)['From']),
  );
  return valueOr(names.find((name) => name !== '') ?? record.userId, 'someone', 'userId');
}

function dlpPolicy({ fields }: Facts): Phrase {
  const [policy] = objects(fields['PolicyDetails']);
  return say`the data loss prevention policy “${valueOr(plainText(policy?.['PolicyName']), 'without a name')}”`;
}

function isHigh({ fields }: Facts): boolean {
  const rules = objects(fields['PolicyDetails']).flatMap(({ Rules }) => objects(Rules));
  return rules.some(({ Severity }) => /^high$/i.test(plainText(Severity)));
}

/** ExceptionInfo: an object, or the JSON of one as text. */
function exceptionIn({ fields }: Facts): JsonObject | string {
  const exception = fields['ExceptionInfo'];
  const parsed = typeof exception === 'string' ? parseJson(exception) : exception;
  return isObject(parsed) ? parsed : plainText(exception);
}

function justification(facts: Facts): string {
  const exception = exceptionIn(facts);
  if (typeof exception === 'string') return exception;
  return plainText(exception['Justification']) || plainText(exception['Reason']);
}

function isOverridden(facts: Facts): boolean {
  const exception = exceptionIn(facts);
  return typeof exception === 'string' ? exception !== '' : Object.keys(exception).length > 0;
}

function reason(facts: Facts): Phrase | undefined {
  const text = justification(facts);
  return text === '' ? undefined : say`: “${text}”`;
}

function label({ field, fields }: Facts): Phrase {
  const data = member(fields, 'SensitivityLabelEventData');
  const id = plainText(data['SensitivityLabelId']) || field('DestinationLabel') || field('LabelName');
  return id === '' ? say`a sensitivity label` : say`the sensitivity label ${[valuePart(id)]}`;
}

function labeled(facts: Facts): Phrase {
  const name = itemName(facts).split('\\').at(-1) ?? '';
  return name === '' ? say`an item` : say`“${[valuePart(name, 'objectId', facts.record.objectId ?? name)]}”`;
}

const dlpMatches = ['DlpRuleMatch'];

export const dataProtectionActs = {
  retentionRemoved: {
    operations: cmdlets(['Remove', 'Set'], retention),
    when: isRemoved,
    severity: 'high',
    sentence: (facts) =>
      /^remove-/i.test(facts.record.operation ?? '')
        ? changed(retention)(facts)
        : say`${actor(facts)} turned off the ${cmdletNoun(facts, retention)} ${named(facts)}`,
  },
  retentionChanged: {
    operations: cmdlets(['Set'], retention),
    severity: severityByActor,
    sentence: changed(retention),
  },
  retentionAdded: {
    operations: cmdlets(['New'], retention),
    severity: 'routine',
    sentence: changed(retention),
  },
  dlpRemoved: {
    operations: cmdlets(['Remove', 'Set'], dlp),
    when: isRemoved,
    severity: 'high',
    sentence: (facts) =>
      /^remove-/i.test(facts.record.operation ?? '')
        ? changed(dlp)(facts)
        : say`${actor(facts)} turned off the ${cmdletNoun(facts, dlp)} ${named(facts)}`,
  },
  dlpChanged: { operations: cmdlets(['Set'], dlp), severity: severityByActor, sentence: changed(dlp) },
  dlpAdded: { operations: cmdlets(['New'], dlp), severity: 'routine', sentence: changed(dlp) },
  labelDefinitionChanged: {
    operations: cmdlets(['New', 'Set', 'Remove'], labels),
    severity: severityByActor,
    sentence: changed(labels),
  },
  dlpOverridden: {
    operations: [...dlpMatches, 'DlpRuleUndo'],
    when: isOverridden,
    severity: 'notable',
    sentence: (facts) =>
      say`${sender(facts)} overrode ${dlpPolicy(facts)} for ${matched(facts)}${reason(facts)}`,
  },
  dlpMatched: {
    operations: dlpMatches,
    severity: (facts) => (isHigh(facts) ? 'high' : 'notable'),
    sentence: (facts) => say`${dlpPolicy(facts)} matched ${matched(facts)} of ${sender(facts)}`,
  },
  dlpUndone: {
    operations: ['DlpRuleUndo'],
    severity: 'notable',
    sentence: (facts) => say`${dlpPolicy(facts)} no longer applies to ${matched(facts)} of ${sender(facts)}`,
  },
  labelRemoved: {
    operations: ['FileSensitivityLabelRemoved', 'SensitivityLabelRemoved', 'RemoveLabel'],
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} removed ${label(facts)} from ${labeled(facts)}${inSite(facts, 'in')}`,
  },
  labelChanged: {
    operations: [
      ...['FileSensitivityLabelChanged', 'SensitivityLabelUpdated', 'SensitivityLabelChanged'],
      ...['FileSensitivityLabelApplied', 'SensitivityLabelApplied', 'SensitivityLabeledFileOpened'],
    ],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} gave ${labeled(facts)}${inSite(facts, 'in')} ${label(facts)}`,
  },
} as const satisfies Acts;
