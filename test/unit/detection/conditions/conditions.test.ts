import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../../shared/detection/conditions/compile-condition.ts';
import type { Condition } from '../../../../shared/detection/conditions/condition.ts';
import { createFields } from '../../../../shared/detection/conditions/fields.ts';
import { watched } from '../../../support/detection/watched.ts';

function holds(condition: Condition, fields: Readonly<Record<string, unknown>>): boolean {
  return compileCondition(condition, { fields: createFields(), count: () => undefined })(watched(fields));
}

const rule = {
  Operation: 'New-InboxRule',
  UserId: 'Ada@Contoso.example',
  ClientIP: '192.0.2.7:443',
  Version: 1,
  ResultStatus: 'True',
  Nothing: null,
  Empty: '',
  Parameters: [
    { Name: 'ForwardTo', Value: 'Bo@Fabrikam.example' },
    { Name: 'DeleteMessage', Value: 'True' },
    { Name: 'Path', Value: 'C:\\Temp\\a.txt' },
  ],
  ModifiedProperties: [
    { Name: 'Role.DisplayName', NewValue: '"Global Administrator"', OldValue: '""' },
    { Name: 'Role.ObjectID', NewValue: '"x"', OldValue: '' },
  ],
  ExtendedProperties: '[{"Name":"RequestType","Value":"Cmsi:Cmsi"}]',
};

describe('members', () => {
  test.each([
    ['operation', 'new-inboxrule'],
    ['Operation', 'NEW-InboxRule'],
    ['userId', 'ada@contoso.example'],
    ['clientIp', '192.0.2.7'],
    ['clientNetwork', '192.0.2.0/24'],
    ['Parameters.ForwardTo', 'bo@fabrikam.example'],
    ['Parameters.forwardto', 'bo@fabrikam.example'],
    ['ModifiedProperties.Role.DisplayName.NewValue', '"Global Administrator"'],
    ["ModifiedProperties.'Role.DisplayName'.NewValue", '"Global Administrator"'],
    ['ModifiedProperties.Role.DisplayName', '"Global Administrator"'],
    ['ModifiedProperties.Role.DisplayName.OldValue', '""'],
    ['ExtendedProperties.RequestType', 'Cmsi:Cmsi'],
    ['auditData/Parameters/ForwardTo', 'bo@fabrikam.example'],
    ['Version', '1'],
    ['Version', 1],
  ])('%s equals %s, without regard to case', (member, value) => {
    expect(holds({ op: 'equals', member, values: [value] }, rule)).toBe(true);
    expect(holds({ op: 'equals', member, values: ['other'] }, rule)).toBe(false);
  });

  test('a list of names and values is also a text, in which several names are found at once', () => {
    const member = 'Parameters';
    expect(holds({ op: 'contains', member, values: ['"forwardto"'] }, rule)).toBe(true);
    expect(holds({ op: 'wildcard', member, values: ['*ForwardTo*DeleteMessage*'] }, rule)).toBe(true);
    expect(holds({ op: 'contains', member, values: ['RedirectTo'] }, rule)).toBe(false);
  });

  test('a member that is absent or null fulfills no comparison', () => {
    for (const member of ['Nothing', 'Absent', 'Parameters.RedirectTo']) {
      expect(holds({ op: 'exists', member }, rule)).toBe(false);
      expect(holds({ op: 'wildcard', member, values: ['*'] }, rule)).toBe(false);
      expect(holds({ op: 'lt', member, value: 5 }, rule)).toBe(false);
    }
    expect(holds({ op: 'exists', member: 'Empty' }, rule)).toBe(true);
  });
});

describe('comparisons', () => {
  const cases: readonly [Condition, boolean][] = [
    [{ op: 'contains', member: 'Parameters.ForwardTo', values: ['x', 'fabrikam'] }, true],
    [{ op: 'contains', member: 'Parameters.ForwardTo', values: ['fabrikam'], caseSensitive: true }, false],
    [
      { op: 'equals', member: 'Parameters.ForwardTo', values: ['bo@fabrikam.example'], caseSensitive: true },
      false,
    ],
    [{ op: 'startsWith', member: 'Operation', values: ['new-'] }, true],
    [{ op: 'startsWith', member: 'Operation', values: ['inbox'] }, false],
    [{ op: 'endsWith', member: 'Operation', values: ['RULE'] }, true],
    [{ op: 'wildcard', member: 'Operation', values: ['new-*ru?e'] }, true],
    [{ op: 'wildcard', member: 'Operation', values: ['new-*ru?'] }, false],
    [{ op: 'regex', member: 'Operation', values: ['^new-\\w+rule$'] }, true],
    [{ op: 'regex', member: 'Operation', values: ['^new-\\w+rule$'], caseSensitive: true }, false],
    [{ op: 'cidr', member: 'clientIp', values: ['198.51.100.0/24', '192.0.2.0/28'] }, true],
    [{ op: 'cidr', member: 'ClientIP', values: ['192.0.2.0/28'] }, true],
    [{ op: 'cidr', member: 'clientIp', values: ['192.0.2.8/29'] }, false],
    [{ op: 'ge', member: 'Version', value: 1 }, true],
    [{ op: 'gt', member: 'Version', value: 1 }, false],
    [{ op: 'lt', member: 'Operation', value: 1 }, false],
    [{ op: 'sameAs', member: 'UserId', other: 'userId' }, true],
    [{ op: 'sameAs', member: 'UserId', other: 'Parameters.ForwardTo' }, false],
    [{ op: 'sameAs', member: 'UserId', other: 'Empty', how: 'contains' }, false],
    [{ op: 'outside', member: 'Parameters.ForwardTo' }, true],
    [{ op: 'outside', member: 'UserId' }, false],
    [{ op: 'keywords', values: ['c:\\temp'] }, true],
    [{ op: 'keywords', values: ['c:\\windows'] }, false],
    [{ op: 'filter', filter: "operation eq 'New-InboxRule' and contains(auditData,'fabrikam')" }, true],
    [{ op: 'filter', filter: "operation ne 'New-InboxRule'" }, false],
    [{ op: 'not', condition: { op: 'exists', member: 'Absent' } }, true],
  ];
  test.each(cases)('%j: %s', (condition, expected) => {
    expect(holds(condition, rule)).toBe(expected);
  });

  test('all and any join conditions', () => {
    const yes: Condition = { op: 'exists', member: 'operation' };
    const no: Condition = { op: 'exists', member: 'Absent' };
    expect(holds({ op: 'all', conditions: [yes, no] }, rule)).toBe(false);
    expect(holds({ op: 'any', conditions: [no, yes] }, rule)).toBe(true);
  });
});

describe('derived members', () => {
  const outside = { op: 'exists', member: 'forwardedOutside' } as const;

  test.each([
    ['a@fabrikam.example', true],
    ['a@contoso.example', false],
    ['a@CONTOSO.onmicrosoft.com;smtp:b@fabrikam.example', true],
    ['"Bo" [SMTP:bo@fabrikam.example]', true],
    ['Bo', false],
    ['', false],
  ])('email forwarded to %s goes outside: %s', (target, expected) => {
    for (const Name of ['ForwardTo', 'RedirectTo', 'ForwardAsAttachmentTo', 'ForwardingSmtpAddress'])
      expect(holds(outside, { ...rule, Parameters: [{ Name, Value: target }] })).toBe(expected);
  });

  test('rules of Outlook also forward, each in a form of its own', () => {
    const actions = (type: string) => ({
      Operation: 'UpdateInboxRules',
      OperationProperties: [
        {
          Name: 'RuleActions',
          Value: JSON.stringify([{ ActionType: type, Recipients: ['a@fabrikam.example'] }]),
        },
      ],
    });
    expect(holds(outside, actions('Forward'))).toBe(true);
    expect(holds(outside, actions('Copy'))).toBe(false);
  });

  test.each([
    ['[]', '[{"MethodType":3}]', ['added']],
    ['[{"MethodType":3}]', '[{"MethodType":3},{"MethodType":6}]', ['added']],
    ['[{"MethodType":3},{"MethodType":6}]', '[{"MethodType":3}]', ['removed']],
    ['[{"MethodType":3}]', '[]', ['removed', 'allRemoved']],
    ['[{"MethodType":3}]', '[{"MethodType":6}]', []],
  ])('sign-in methods from %s to %s: %s', (OldValue, NewValue, expected) => {
    const record = {
      Operation: 'Update user.',
      ModifiedProperties: [{ Name: 'StrongAuthenticationMethod', OldValue, NewValue }],
    };
    const found = ['added', 'removed', 'allRemoved'].filter((value) =>
      holds({ op: 'equals', member: 'signInMethods', values: [value] }, record),
    );
    expect(found).toEqual(expected);
  });

  test.each([
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['198.51.100.200', '198.51.100.0/24'],
  ])('the network of %s is %s', (ClientIP, network) => {
    expect(holds({ op: 'equals', member: 'clientNetwork', values: [network] }, { ClientIP })).toBe(true);
  });

  test('the name of an object is the last part of it', () => {
    const condition: Condition = { op: 'equals', member: 'objectName', values: ['.'] };
    expect(holds(condition, { ObjectId: 'contoso.onmicrosoft.com/Bo\\.' })).toBe(true);
    expect(holds(condition, { ObjectId: 'contoso.onmicrosoft.com/Bo\\x.' })).toBe(false);
  });
});
