/** What holds for the description of every record. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actNames, acts } from '../../../shared/sentences/acts.ts';
import { describe as describeRecord, textOf } from '../../../shared/sentences/describe.ts';
import { costGrowth, linearGrowth } from '../../support/cost-growth.ts';
import { cmdlet, described, describesAs, directory, type Fields } from './described.ts';

const operations = actNames.flatMap((name) => [...acts[name].operations]);

describe('records without a sentence of their own', () => {
  describesAs([
    {
      record: {
        ...{ Operation: 'Something New.', UserId: 'adele@contoso.example', Workload: 'Planner' },
        ObjectId: 'plan 7',
      },
      act: 'other',
      severity: 'routine',
      sentence: 'adele@contoso.example performed “Something New” on plan 7 in Planner',
      changes: [],
    },
    {
      record: directory('Something New.', 'bo@contoso.example', {
        State: ['["a"]', '["b"]'],
        Color: '"red"',
      }),
      act: 'other',
      severity: 'routine',
      sentence:
        'adele@contoso.example performed “Something New” on bo@contoso.example in AzureActiveDirectory',
      changes: [
        { what: 'State', from: 'a', to: 'b' },
        { what: 'Color', to: 'red' },
      ],
    },
    {
      record: cmdlet('Set-Widget', { Identity: 'Plan' }, { ResultStatus: 'PartiallySucceeded' }),
      act: 'other',
      severity: 'routine',
      sentence: 'adele@contoso.example ran Set-Widget on Plan, which succeeded only in part',
      changes: [],
    },
    {
      record: {},
      act: 'other',
      severity: 'routine',
      sentence: 'Someone performed an operation without a name',
      changes: [],
    },
  ]);
});

describe('who did it', () => {
  it.each([
    ['Adele@contoso.example', 'Adele@contoso.example performed'],
    ['urn:spo:guest#ada@fabrikam.example', 'The guest ada@fabrikam.example performed'],
    ['ada_fabrikam.example#EXT#@contoso.onmicrosoft.example', 'The guest ada@fabrikam.example performed'],
    ['urn:spo:anon#0f6c8f0e', 'An anonymous visitor performed'],
    ['i:0#.f|membership|ada@contoso.example', 'ada@contoso.example performed'],
    ['NT AUTHORITY\\SYSTEM (w3wp)', 'Microsoft’s service w3wp performed'],
    ['NT SERVICE\\MSExchangeAdminApiNetCore', 'Microsoft’s service MSExchangeAdminApiNetCore performed'],
    ['Not Available', 'Someone performed'],
    ['S-1-5-18', 'Microsoft’s service S-1-5-18 performed'],
    ['S-1-5-21-7', 'S-1-5-21-7 performed'],
    ['CONTOSO\\bo', 'CONTOSO\\bo performed'],
  ])('is, for the UserId %s, written as "%s"', (UserId, beginning) => {
    expect(textOf(described({ UserId, Operation: 'X' }).sentence)).toBe(`${beginning} “X”`);
  });

  it('is named by the application or the address in Actor where UserId is only an ID', () => {
    const UserId = 'ServicePrincipal_0f6c8f0e-0000-4000-8000-000000000001';
    const by = (Actor: unknown) => textOf(described({ UserId, Operation: 'X', Actor }).sentence);
    expect(by([{ ID: 'Sync Tool', Type: 1 }])).toBe('The application Sync Tool performed “X”');
    expect(by([{ ID: 'ada@contoso.example', Type: 5 }])).toBe('ada@contoso.example performed “X”');
    expect(by('Sync Tool')).toBe(`${UserId} performed “X”`);
  });
});

describe('parts', () => {
  it('say by which member a value is looked up, as delivered where it is shown otherwise', () => {
    const UserId = 'urn:spo:guest#ada@fabrikam.example';
    expect(described({ UserId, Operation: 'X.', ObjectId: 'plan\n7' }).sentence).toEqual([
      { text: 'The guest ' },
      { value: 'ada@fabrikam.example', member: 'userId', exact: UserId },
      { text: ' performed “' },
      { value: 'X', member: 'operation', exact: 'X.' },
      { text: '” on ' },
      { value: 'plan 7', member: 'objectId', exact: 'plan\n7' },
    ]);
  });
});

describe('values', () => {
  const shown = (ObjectId: string) =>
    textOf(described({ UserId: 'ada', Operation: 'X', ObjectId }).sentence).replace(/^.*” on /, '');

  it('are in one line', () => {
    expect(shown('a\r\n\t b\u2028c\u0000d\u0085e')).toBe('a b c d e');
  });

  it('show a mark instead of characters that are invisible or reverse the direction of text', () => {
    expect(shown('invoice\u202Efdp.exe')).toBe('invoice\uFFFDfdp.exe');
    for (const hidden of [
      '\u200B',
      '\u2066',
      '\u2069',
      '\u061C',
      '\u{E0041}',
      '\u206A',
      '\u00AD',
      '\u3164',
      '\uD800',
    ])
      expect(shown(`a${hidden}b`)).toContain('a\uFFFD');
  });

  it('keep letters of every script and what joins them', () => {
    for (const name of ['Zoë', '你好', 'क्‍ष', '👩‍💻', 'می‌خواهم']) expect(shown(name)).toContain(name);
  });

  it('are isolated if they are read from right to left', () => {
    expect(shown('שלום')).toBe('\u2068שלום\u2069');
    expect(shown('Zoë')).toBe('Zoë');
  });

  it('end in an ellipsis where they are too long, never within a character', () => {
    expect(shown('x'.repeat(120))).toBe('x'.repeat(120));
    expect(shown('x'.repeat(121))).toBe(`${'x'.repeat(119)}…`);
    expect(shown(`${'x'.repeat(118)}💻💻`)).toBe(`${'x'.repeat(118)}…`);
    expect(shown(`a${' '.repeat(1000)}x`)).toBe('a…');
  });
});

describe('every record', () => {
  const names = fc.constantFrom(
    ...[
      'Operation',
      'UserId',
      'ObjectId',
      'Parameters',
      'ModifiedProperties',
      'ExtendedProperties',
      'Actor',
      'Target',
    ],
    ...[
      'OperationProperties',
      'Item',
      'Folders',
      'AffectedItems',
      'Members',
      'Data',
      'EventData',
      'PolicyDetails',
    ],
  );
  const list = fc.array(
    fc.record({
      Name: fc.string(),
      Value: fc.jsonValue(),
      NewValue: fc.jsonValue(),
      OldValue: fc.jsonValue(),
    }),
  );
  const fields = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), list));

  it('is described without throwing, in a bounded size, and in one line', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom(...operations), (some, Operation) => {
        const { sentence, changes } = described({ ...some, Operation });
        expect(textOf(sentence).length).toBeLessThan(1500);
        expect(textOf(sentence)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(textOf(sentence)).toMatch(/\S/);
        expect(changes.length).toBeLessThanOrEqual(20);
        for (const one of changes) expect(JSON.stringify(one).length).toBeLessThan(6000);
      }),
    );
  });

  it('is described without throwing if it is not an object, or its members contradict it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...operations), (auditData, operation) => {
        for (const member of [operation, undefined])
          expect(textOf(describeRecord({ operation: member, objectId: 'x' }, auditData).sentence)).not.toBe(
            '',
          );
      }),
    );
  });

  it('is described without throwing however deeply it is nested', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    // Each takes long to fail, and what they read is the same for many.
    const some = actNames.filter((_, index) => index % 12 === 0);
    for (const operation of some.map((name) => acts[name].operations[0])) {
      const list = [{ Name: 'Identity', Value: [deep], NewValue: { deep }, OldValue: deep }];
      const auditData = { Parameters: list, ModifiedProperties: list, Members: deep, Item: { deep } };
      expect(textOf(describeRecord({ operation }, auditData).sentence)).not.toBe('');
    }
  });

  const huge: Readonly<Record<string, (size: number) => Fields>> = {
    'many parameters': (size) =>
      cmdlet(
        'Set-Mailbox',
        Object.fromEntries(Array.from({ length: size / 20 }, (_, n) => [`P${n}`, '[1,2]'])),
      ),
    'a long command line': (size) => ({ Operation: 'Set-Mailbox', Parameters: '-a '.repeat(size / 3) }),
    'long values': (size) =>
      cmdlet('Add-MailboxPermission', {
        ...{ Identity: '[ '.repeat(size / 4), User: ' ".'.repeat(size / 6) },
        AccessRights: '\\/@['.repeat(size / 8),
      }),
    'a long operation': (size) => ({
      Operation: `.${' .'.repeat(size / 2)}x`,
      UserId: ' .'.repeat(size / 2),
    }),
  };

  it.each(Object.entries(huge))('is described in a time that grows with its size: %s', (_, make) => {
    const growth = costGrowth(100_000, (size) => {
      const record = make(size);
      describeRecord(
        { operation: String(record['Operation']), userId: 'ada', objectId: ' .@'.repeat(size / 8) },
        record,
      );
    });
    expect(growth).toBeLessThan(linearGrowth);
  });
});
