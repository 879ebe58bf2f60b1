/** What records were done to or for, by the names that they use. */
import { describe, expect, it } from 'vitest';
import { administeredMailbox, targetNames } from '../../../shared/records/target-names.ts';
import { canonicalName, recipientIn } from '../../../shared/records/recipient-names.ts';

const hosted =
  'EURPR04A009.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/fabrikam.onmicrosoft.com';
const parameters = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

describe('targets', () => {
  it('are the mailbox and the delegate of a permission, as addresses and as canonical names', () => {
    const given = { Identity: `${hosted}/Director`, User: `${hosted}/Anna`, AccessRights: 'FullAccess' };
    const fields = { ObjectId: 'Director', Parameters: parameters(given) };
    expect(targetNames(fields)).toEqual(['Anna']);
    const others = { Identity: 'director@fabrikam.example', Trustee: 'anna@fabrikam.example' };
    expect(targetNames({ ObjectId: 'Director', Parameters: parameters(others) })).toEqual([
      'director@fabrikam.example',
      'anna@fabrikam.example',
    ]);
  });

  it.each([
    [{ ForwardingSmtpAddress: 'smtp:out@adatum.example' }, ['out@adatum.example']],
    [
      { ForwardTo: '"Out" [SMTP:out@adatum.example];"Bo" [EX:/o=ExchangeLabs/cn=bo]' },
      ['out@adatum.example', '/o=ExchangeLabs/cn=bo'],
    ],
    [{ GrantSendOnBehalfTo: 'Anna Berg;Bo' }, ['Anna Berg', 'Bo']],
    [
      { Members: 'anna@fabrikam.example;bo@fabrikam.example' },
      ['anna@fabrikam.example', 'bo@fabrikam.example'],
    ],
    [{ Identity: 'anna@fabrikam.example:\\Calendar', User: 'Default' }, ['anna@fabrikam.example']],
    [{ DisplayName: 'anna@fabrikam.example', AccessRights: 'FullAccess' }, []],
  ])('of %j are %j', (given, names) => {
    expect(targetNames({ Parameters: parameters(given) })).toEqual(names);
  });

  it('are the same from the JSON of a list and from a command line', () => {
    const list = parameters({ Identity: 'director@fabrikam.example', User: 'anna@fabrikam.example' });
    const names = ['director@fabrikam.example', 'anna@fabrikam.example'];
    expect(targetNames({ Parameters: JSON.stringify(list) })).toEqual(names);
    const line = '-Identity \'director@fabrikam.example\' -User "anna@fabrikam.example" -Confirm:$false';
    expect(targetNames({ Parameters: line })).toEqual(names);
  });

  it('are the user of a directory record by id, name, and PUID, but not an application', () => {
    const id = '9d8001cb-a159-4252-a3a1-c2dc689f322a';
    const user = [
      ...[
        { ID: `User_${id}`, Type: 2 },
        { ID: id, Type: 2 },
        { ID: 'User', Type: 2 },
      ],
      ...[
        { ID: 'anna@fabrikam.example', Type: 5 },
        { ID: '10032001266C162C', Type: 3 },
      ],
    ];
    const names = [id, '10032001266C162C'];
    expect(targetNames({ ObjectId: 'Anna@fabrikam.example', Target: user })).toEqual(names);
    expect(
      targetNames({
        ObjectId: 'app',
        Target: [
          { ID: id, Type: 2 },
          { ID: 'App', Type: 1 },
        ],
      }),
    ).toEqual([]);
    const modified = [{ Name: 'User.UPN', NewValue: 'anna@fabrikam.example', OldValue: '' }];
    expect(targetNames({ ModifiedProperties: modified })).toEqual(['anna@fabrikam.example']);
  });

  it('are members of a team', () => {
    expect(targetNames({ Members: [{ UPN: 'anna@fabrikam.example', Role: 2 }, null, 'x'] })).toEqual([
      'anna@fabrikam.example',
    ]);
  });

  it.each([{ Parameters: 5 }, { Target: 'x' }, { Target: [null, 7] }, { Members: {} }, { ObjectId: 5 }])(
    'are none of %j',
    (fields) => {
      expect(targetNames(fields)).toEqual([]);
    },
  );

  it('are few and short, whatever a record holds', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `u${at}`).join(';');
    expect(targetNames({ Parameters: parameters({ Members: many }) }).length).toBeLessThanOrEqual(20);
    expect(targetNames({ Parameters: parameters({ User: 'x'.repeat(600) }) })).toEqual([]);
  });
});

describe('the mailbox that a cmdlet is about', () => {
  it('is named by ObjectId and Identity', () => {
    const fields = {
      ...{ Operation: 'Add-MailboxPermission', ObjectId: 'Director', UserType: 2 },
      Parameters: parameters({ Identity: 'director@fabrikam.example', User: 'anna@fabrikam.example' }),
    };
    expect(administeredMailbox(fields)).toEqual(['Director', 'director@fabrikam.example']);
    expect(administeredMailbox({ ...fields, UserType: 3, UserId: 'operator' })).toHaveLength(2);
    const byService = { ...fields, UserId: 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)' };
    expect(administeredMailbox(byService)).toEqual([]);
    expect(targetNames(byService)).toEqual([]);
    expect(administeredMailbox({ ...fields, Operation: 'Set-TransportRule' })).toEqual([]);
  });

  it('precedes the name of a rule, and follows that of an organization', () => {
    const ofRule = { Operation: 'New-InboxRule', ObjectId: `${hosted}/Director\\Move to archive` };
    expect(administeredMailbox(ofRule)).toEqual(['Director']);
    const ofOrganization = { Operation: 'Set-Mailbox', ObjectId: 'fabrikam.onmicrosoft.com\\Director' };
    expect(administeredMailbox(ofOrganization)).toEqual(['Director']);
  });
});

describe('names of recipients', () => {
  it('are read without what is written around them', () => {
    expect(recipientIn('"Anna Berg" [SMTP:anna@fabrikam.example]')).toBe('anna@fabrikam.example');
    expect(recipientIn(`${hosted}/Anna Berg`)).toBe('Anna Berg');
    expect(recipientIn('Anna [Sales] Berg')).toBe('Anna [Sales] Berg');
  });

  it('are made canonical from distinguished names', () => {
    const distinguished =
      'CN=Berg\\, Anna,OU=fabrikam.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=EURPR04A009,DC=PROD,DC=OUTLOOK,DC=COM';
    expect(canonicalName(distinguished)).toBe(`${hosted}/Berg, Anna`);
    expect(canonicalName('anna')).toBeUndefined();
  });
});
