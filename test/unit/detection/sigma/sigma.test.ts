import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../../shared/detection/evaluate.ts';
import { parseSigma } from '../../../../shared/detection/sigma/parse-sigma.ts';
import { SigmaError } from '../../../../shared/detection/sigma/sigma-error.ts';
import { watched } from '../../../support/detection/watched.ts';

/** Lines 1 to 4; the detection begins in line 5. */
function sigma(detection: string, more = ''): string {
  return `title: A rule
logsource:
  product: m365
  service: audit
detection:
${detection.replaceAll(/^/gm, '  ')}
${more}`;
}

function matches(rule: string, fields: Readonly<Record<string, unknown>>): boolean {
  const compiled = compileRules(parseSigma(rule), (_, error) => {
    throw error;
  });
  return compiled.evaluate(watched(fields)).matches.length > 0;
}

/** Whether a rule with one selection matches. */
function selects(selection: string, fields: Readonly<Record<string, unknown>>): boolean {
  return matches(sigma(`selection:\n${selection.replaceAll(/^/gm, '  ')}\ncondition: selection`), fields);
}

function refusal(rule: string): string | undefined {
  try {
    parseSigma(rule);
    return undefined;
  } catch (error) {
    if (!(error instanceof SigmaError)) throw error;
    return error.message;
  }
}

const record = {
  ...{ Operation: 'New-InboxRule', Workload: 'Exchange', UserId: 'ada@contoso.example', Version: 3 },
  ...{ ResultStatus: 'True', ClientIP: '192.0.2.7', Empty: '', Nil: null, Path: 'C:\\Temp\\*.txt' },
  Parameters: [
    { Name: 'ForwardTo', Value: 'bo@fabrikam.example' },
    { Name: 'DeleteMessage', Value: 'True' },
  ],
  ExtendedProperties: [{ Name: 'RequestType', Value: 'Cmsi:Cmsi' }],
};

describe('values and modifiers', () => {
  test.each([
    ['Operation: new-inboxrule', true],
    ['Operation: new-inbox', false],
    ['Operation: [a, New-InboxRule]', true],
    ['Operation: New-*Rule', true],
    ['Operation: New-InboxRul?', true],
    ['Operation|contains: inbox', true],
    ['Operation|contains|all: [inbox, rule]', true],
    ['Operation|contains|all: [inbox, mailbox]', false],
    ['Operation|contains: n*x', true],
    ['Operation|startswith: new', true],
    ['Operation|startswith: inbox', false],
    ['Operation|endswith: RULE', true],
    ['Operation|cased: new-inboxrule', false],
    ['Operation|contains|cased: Inbox', true],
    ['Operation|contains|cased: inbox', false],
    ['Operation|neq: Set-InboxRule', true],
    ['Operation|neq: [Set-InboxRule, New-InboxRule]', false],
    ['Operation|re: ^New-.*Rule$', true],
    ['Operation|re: ^new-.*rule$', false],
    ['Operation|re|i: ^new-.*rule$', true],
    ['ClientIP|cidr: 192.0.2.0/24', true],
    ['ClientIP|cidr: [198.51.100.0/24, 203.0.113.0/24]', false],
    ['Version|gt: 3', false],
    ['Version|gte: 3', true],
    ['Version|lt: 3.5', true],
    ['Version|lte: 2', false],
    ['Version: 3', true],
    ['Absent|exists: false', true],
    ['Empty|exists: true', true],
    ["Empty: ''", true],
    ['Nil: null', true],
    ['Absent: null', true],
    ['Empty: null', false],
    ['UserId|fieldref: userId', true],
    ['UserId|fieldref: Operation', false],
    ['UserId|fieldref|neq: Operation', true],
    ['UserId|fieldref|endswith: Operation', false],
    ['Path: C:\\Temp\\\\\\*.txt', true],
    ['Path: C:\\Temp\\\\*', true],
    ['Path|startswith: C:\\', true],
    ['Path|endswith: \\\\\\*.txt', true],
    ['Path|contains: Temp\\', true],
    ['Parameters|contains: [RedirectTo, ForwardTo]', true],
    ['Parameters|contains: \'DeleteMessage","Value":"True\'', true],
    ['Parameters|contains: \'DeleteMessage", "Value": "True\'', true],
    ['Parameters|contains|all: [ForwardTo, DeleteMessage]', true],
    ['Parameters.ForwardTo|endswith: "@fabrikam.example"', true],
    ['RequestType: Cmsi:Cmsi', true],
  ])('%s: %s', (selection, expected) => {
    expect(selects(selection, record)).toBe(expected);
  });

  test('a dash before a word may be another one', () => {
    const selection = "CommandLine|contains|windash: ' -export'";
    expect(selects(selection, { CommandLine: 'search /export' })).toBe(true);
    expect(selects(selection, { CommandLine: 'search –export' })).toBe(true);
    expect(selects(selection, { CommandLine: 'search export' })).toBe(false);
  });
});

describe('selections', () => {
  test('fields of a map all have to hold, and one element of a list', () => {
    expect(selects('Operation: New-InboxRule\nVersion: 4', record)).toBe(false);
    expect(selects('- Operation: New-InboxRule\n  Version: 4\n- Workload: Exchange', record)).toBe(true);
  });

  test('keywords are anywhere in the record', () => {
    expect(selects('- nothing\n- FABRIKAM', record)).toBe(true);
    expect(selects('- nothing', record)).toBe(false);
    expect(selects('- forward*fabrikam', record)).toBe(true);
    expect(selects("'|all':\n  - fabrikam\n  - inbox", record)).toBe(true);
    expect(selects("'|all':\n  - fabrikam\n  - nothing", record)).toBe(false);
  });

  test.each([
    ['a and b', false],
    ['a or b', true],
    ['a and not b', true],
    ['not (a or b)', false],
    ['b or a and b', false],
    ['1 of x_*', true],
    ['all of x_*', false],
    ['1 of them', true],
    ['all of them', false],
    ['any of x_* and not b', true],
    ['NOT b AND a', true],
  ])('condition %s: %s', (condition, expected) => {
    const [yes, no] = ['Workload: Exchange', 'Workload: SharePoint'].map((one) => `{ ${one} }`);
    const names = condition.includes('x_') || condition.includes('them') ? ['x_a', 'x_b'] : [];
    const selections = condition.includes('them') ? [] : [`a: ${yes}`, `b: ${no}`];
    const used = selections.filter((one) => new RegExp(`\\b${one[0] ?? ''}\\b`).test(condition));
    const all = [...used, ...names.map((name, at) => `${name}: ${at === 0 ? yes : no}`)];
    expect(matches(sigma([...all, `condition: ${condition}`].join('\n')), record)).toBe(expected);
  });

  test('a list of conditions holds if one of them does', () => {
    const detection = 'a: { Workload: SharePoint }\nb: { Workload: Exchange }\ncondition:\n  - a\n  - b';
    expect(matches(sigma(detection), record)).toBe(true);
  });
});

describe('log sources and their names', () => {
  const alert = {
    ...{ Operation: 'AlertTriggered', Workload: 'SecurityComplianceCenter', RecordType: 40 },
    ...{ ResultStatus: 'Succeeded', Name: 'Unusual volume of file deletion' },
  };
  const published = (service: string, name: string) => `title: Alert
logsource: { product: m365, service: ${service} }
detection:
  selection:
    eventSource: SecurityComplianceCenter
    eventName: ${name}
    status: success
  condition: selection`;

  test('the event of an alert is its policy; success has several spellings', () => {
    const rule = published('threat_management', 'Unusual volume of file deletion');
    expect(matches(rule, alert)).toBe(true);
    expect(matches(rule, { ...alert, ResultStatus: 'TRUE' })).toBe(true);
    expect(matches(rule, { ...alert, ResultStatus: 'Failed' })).toBe(false);
    expect(matches(rule, { ...alert, Name: 'Other' })).toBe(false);
    expect(matches(rule, { ...alert, Operation: 'Other' })).toBe(false);
  });

  test('the event of another record is its operation', () => {
    const search = {
      Operation: 'SearchExported',
      Workload: 'SecurityComplianceCenter',
      ResultStatus: 'Success',
    };
    expect(matches(published('threat_management', 'SearchExported'), search)).toBe(true);
  });

  test('services select records', () => {
    const rule = (service: string) => sigma('a: { UserId: x }\ncondition: a').replace('audit', service);
    const of = (Workload: string) => ({ UserId: 'x', Workload });
    expect(matches(rule('exchange'), of('Exchange'))).toBe(true);
    expect(matches(rule('exchange'), of('SharePoint'))).toBe(false);
    expect(matches(rule('threat_detection'), of('Exchange'))).toBe(false);
    expect(matches(rule('threat_detection'), { ...of('Other'), RecordType: 98 })).toBe(true);
  });

  test('the payload is the whole record', () => {
    expect(selects('Payload|contains|all: [inboxrule, fabrikam]', record)).toBe(true);
    expect(selects('Payload|contains: nothing', record)).toBe(false);
  });
});

test('what describes the rule is kept', () => {
  const rule = sigma(
    'a: { UserId: x }\ncondition: a',
    `id: 0f1f3a3e-0000-4000-8000-000000000001
description: |
  What it means.
author: Ada
license: DRL-1.1
references: [https://contoso.example/a]
level: high
falsepositives: [Migrations, Tests]
tags: [attack.collection]
date: 2026-01-02
`,
  );
  expect(parseSigma(rule)).toMatchObject([
    {
      ...{ id: '0f1f3a3e-0000-4000-8000-000000000001', title: 'A rule', description: 'What it means.' },
      ...{ author: 'Ada', license: 'DRL-1.1', references: ['https://contoso.example/a'], severity: 'high' },
      nextSteps: 'Check whether this is expected: Migrations; Tests',
    },
  ]);
});

describe('what is wrong or not supported is refused by name and line', () => {
  const one = (selection: string) => sigma(`a:\n  ${selection}\ncondition: a`);
  test.each([
    [one('Operation|base64: x'), "Line 7: 'base64' is a modifier that is not supported."],
    [one('Operation|base64offset|contains: x'), "'base64offset' is a modifier that is not supported"],
    [one('Operation|expand: "%x%"'), "'expand' is a modifier that is not supported"],
    [one('CreationTime|hour: 3'), "'hour' is a modifier that is not supported"],
    [one('Operation|beginswith: x'), "'beginswith' is not a modifier"],
    [one('Operation|contains|startswith: x'), "'startswith' does not go together with contains"],
    [one('Operation|i: x'), "'i' has no meaning with equality"],
    [one('Operation|re|cased: x'), "'cased' has no meaning with re"],
    [one('Operation|re: (?=x)'), "Line 7: '(?=x)' is not a regular expression"],
    [one('ClientIP|cidr: 192.0.2.1'), "'192.0.2.1' is not a network"],
    [one('Version|gt: many'), "'gt' must be followed by a number"],
    [one('Version|exists: 1'), "'exists' must be true or false"],
    [one('properties.message: x'), "Line 7: 'properties.message' is not a field of Microsoft 365's records"],
    [one('Payload|startswith: x'), "'Payload' supports only contains"],
    [one('Operation: { a: b }'), "'a value' must be a text"],
    [one(`Operation|contains: [${'a,'.repeat(2001)}]`), "Line 1: 'the rule' has more than 2000 comparisons"],
    [one('Operation: []'), "'Operation' has no values"],
    [sigma('a: {}\ncondition: a'), "Line 6: 'a selection' has no fields"],
    [sigma('a:\n  - [x]\ncondition: a'), "Line 7: 'a list' is within a list"],
    [sigma('a: { UserId: x }\nb: { UserId: x }\ncondition: a'), "Line 7: 'b' is not used in the condition"],
    [sigma('a: { UserId: x }\ncondition: a | count() by UserId > 5'), "Line 7: 'count' is an aggregation"],
    [sigma('a: { UserId: x }\ncondition: a | near a'), "'near' is an aggregation"],
    [sigma('a: { UserId: x }\ncondition: a or b'), "Line 7: 'b' is not a selection"],
    [sigma('a: { UserId: x }\ncondition: 2 of a*'), "'2 of' is not supported"],
    [sigma('a: { UserId: x }\ncondition: 1 of b*'), "'b*' is not the name of any selection"],
    [sigma('a: { UserId: x }\ncondition: (a'), "'condition' has a '(' without a ')'"],
    [sigma('a: { UserId: x }\ncondition: a a'), "'a' is unexpected"],
    [sigma('a: { UserId: x }\ncondition: a and'), "'condition' ends where"],
    [sigma('a: { UserId: x }'), "'condition' must be a text"],
    [
      sigma('a: { UserId: x }\ntimeframe: 5m\ncondition: a'),
      "Line 7: 'timeframe' belongs to an obsolete version",
    ],
    [sigma('a: { UserId: x }\ncondition: a').replace('m365', 'azure'), "Line 3: 'azure' is not supported"],
    [sigma('a: { UserId: x }\ncondition: a').replace('audit', 'teams'), "Line 4: 'teams' is not a service"],
    [sigma('a: { UserId: x }\ncondition: a', 'detektion: x'), "Line 8: 'detektion' is unknown"],
    [
      sigma('a: { UserId: x }\ncondition: a', 'level: severe'),
      "Line 8: 'level' must be informational or low",
    ],
    [sigma('a: &x { UserId: x }\nb: *x\ncondition: a'), "Line 7: '*x' is an alias"],
    [sigma('a: { UserId: x }\na: { UserId: y }\ncondition: a'), "Line 7: 'the file' is not valid YAML"],
    ['title: [', "'the file' is not valid YAML"],
    ['', "'the file' has no rule"],
    ['x'.repeat(70_000), "'the file' has more than 64 kB"],
    ['['.repeat(60_000), "'the file' is nested too deeply"],
    [`${'['.repeat(9000)}${']'.repeat(9000)}`, "'the file' is nested too deeply"],
    ['title: x', "'logsource' is required"],
  ])('%#', (rule, message) => {
    expect(refusal(rule)).toContain(message);
  });
});

test('a file that someone damaged is read or refused, and nothing else is thrown', () => {
  const rule = `title: A rule
logsource: { product: m365, service: audit }
detection:
  a:
    - Operation|contains|all: [x, 'y*', "z"]
      Version|gte: 3
  b: [word, null]
  condition: (a and not b) or 1 of a*
---
title: Correlated
correlation:
  type: value_count
  rules: [A rule]
  group-by: [UserId]
  timespan: 5m
  condition: { field: ClientIP, gte: 3 }
`;
  const pieces = fc.constantFrom(
    '',
    '|',
    ':',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!',
    '"',
    "'",
    '\n',
    '  ',
    '- ',
    '0',
    'null',
    '%',
    '<<: ',
    '?',
  );
  const damage = fc.record({ at: fc.nat(rule.length), length: fc.nat(12), piece: pieces });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
      const damaged = all.reduce(
        (text, { at, length, piece }) => text.slice(0, at) + piece + text.slice(at + length),
        rule,
      );
      expect(() => refusal(damaged)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});
