/** Random filters, each with the plainest implementation. */
import fc from 'fast-check';
import type { variedRecord } from './varied-records.ts';

type Record_ = ReturnType<typeof variedRecord>;

/** A filter as text, and whether it holds of a record. */
export interface FilterQuestion {
  readonly text: string;
  readonly holds: (record: Record_, time: number) => boolean;
}

const fold = (text: string) => text.normalize().trim().toLowerCase();

const texts = {
  userId: {
    values: ['ADA@contoso.example', 'bo@contoso.example', 'x'],
    of: (record: Record_) => record.UserId,
  },
  operation: {
    values: ['Send', 'FileAccessed', 'add member to role.'],
    of: (record: Record_) => record.Operation,
  },
  service: { values: ['Exchange', 'OneDrive'], of: (record: Record_) => record.Workload },
  resultStatus: { values: ['Failed', 'True'], of: (record: Record_) => record.ResultStatus },
  objectId: {
    values: ['https://contoso.example/plan.docx', "https://contoso.example/Bo's, notes.txt", 'z'],
    of: (record: Record_) => record.ObjectId,
  },
  mailboxOwner: { values: ['cy@fabrikam.example', 'm'], of: (record: Record_) => record.MailboxOwnerUPN },
  'auditData/Parameters/ForwardingSmtpAddress': {
    values: ['ada@contoso.example', 'NT AUTHORITY\\SYSTEM'],
    of: (record: Record_) => record.Parameters.find(({ Name }) => Name === 'ForwardingSmtpAddress')?.Value,
  },
  'auditData/Item/Remark': {
    values: ['x/y', 'C:\\Users\\ada', 'say "hi"'],
    of: (record: Record_) => record.Item.Remark,
  },
} as const;

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

const textMember = fc.constantFrom(...(Object.keys(texts) as (keyof typeof texts)[]));
const textComparison = fc
  .tuple(
    textMember,
    fc.nat(2),
    fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'startswith', 'endswith', 'contains'),
  )
  .map(([member, at, op]): FilterQuestion => {
    const { values, of } = texts[member];
    const value = values[at % values.length] ?? '';
    const piece = value.slice(at, at + 6);
    const folded = fold(value);
    const said = (record: Record_) => {
      const one = of(record);
      return one === undefined ? undefined : fold(one);
    };
    const compare = (check: (one: string) => boolean) => (record: Record_) => {
      const one = said(record);
      return one !== undefined && check(one);
    };
    switch (op) {
      case 'ne':
        return { text: `${member} ne ${quote(value)}`, holds: (record) => said(record) !== folded };
      case 'in':
        return {
          text: `${member} in (${values.map(quote).join(', ')})`,
          holds: compare((one) => values.some((each) => fold(each) === one)),
        };
      case 'startswith':
        return {
          text: `startswith(${member},${quote(value.slice(0, 3))})`,
          holds: compare((one) => one.startsWith(folded.slice(0, 3))),
        };
      case 'endswith':
        return {
          text: `endswith(${member}, ${quote(value.slice(-3))})`,
          holds: compare((one) => one.endsWith(folded.slice(-3))),
        };
      case 'contains':
        return {
          text: `contains(${member},${quote(piece)})`,
          holds: compare((one) => one.includes(piece.toLowerCase())),
        };
      case 'gt':
        return { text: `${member} gt ${quote(value)}`, holds: compare((one) => one > folded) };
      case 'ge':
        return { text: `${member} ge ${quote(value)}`, holds: compare((one) => one >= folded) };
      case 'lt':
        return { text: `${member} lt ${quote(value)}`, holds: compare((one) => one < folded) };
      case 'le':
        return { text: `${member} le ${quote(value)}`, holds: compare((one) => one <= folded) };
      case 'eq':
        return { text: `${member} eq ${quote(value)}`, holds: compare((one) => one === folded) };
    }
  });

const orders = {
  eq: (a: number, b: number) => a === b,
  ne: (a: number, b: number) => a !== b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
};
const order = fc.constantFrom(...(Object.keys(orders) as (keyof typeof orders)[]));
const numbers = fc
  .tuple(order, fc.constantFrom(2, 6, 8, 14), fc.boolean())
  .map(([op, number, inData]): FilterQuestion => {
    const member = inData ? 'auditData/Item/Size' : 'recordType';
    const of = (record: Record_) => (inData ? record.Item.Size : (record.RecordType ?? NaN));
    return { text: `${member} ${op} ${number}`, holds: (record) => orders[op](of(record), number) };
  });
const moments = fc
  .tuple(order, fc.constantFrom('2026-02-01T00:00:00Z', '2026-03-01T09:00:00Z', '2026-03-14', '2026-04-01'))
  .map(([op, moment]): FilterQuestion => {
    const at = Date.parse(moment);
    return { text: `createdDateTime ${op} ${moment}`, holds: (_, time) => orders[op](time, at) };
  });
const others = fc.constantFrom<FilterQuestion>(
  { text: 'objectId eq null', holds: ({ ObjectId }) => ObjectId === undefined },
  { text: 'mailboxOwner ne null', holds: ({ MailboxOwnerUPN }) => MailboxOwnerUPN !== undefined },
  {
    text: 'auditData/Parameters/ForwardingSmtpAddress ne null',
    holds: ({ Parameters }) => Parameters.length > 1,
  },
  {
    text: "auditData/Parameters/Name eq 'forwardingsmtpaddress'",
    holds: ({ Parameters }) => Parameters.length > 1,
  },
  { text: 'auditData/Item/IsRecord eq true', holds: ({ Item }) => Item.IsRecord },
  { text: 'auditData/Nothing/Here eq null', holds: () => true },
  { text: "contains(auditData,'überr')", holds: ({ Item }) => Item.Remark?.startsWith('Über') === true },
  { text: "auditLogRecordType eq 'sharepointFileOperation'", holds: ({ RecordType }) => RecordType === 6 },
  { text: "userType eq 'Admin'", holds: ({ UserType }) => UserType === 2 },
);

const { tree } = fc.letrec<{ tree: FilterQuestion; node: FilterQuestion }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    textComparison,
    numbers,
    moments,
    others,
    tie('node'),
  ),
  node: fc
    .tuple(fc.constantFrom('and', 'or', 'not'), tie('tree'), tie('tree'))
    .map(([op, one, other]): FilterQuestion => {
      if (op === 'not') return { text: `not (${one.text})`, holds: (...all) => !one.holds(...all) };
      return {
        text: `(${one.text}) ${op} (${other.text})`,
        holds: (...all) =>
          op === 'and' ? one.holds(...all) && other.holds(...all) : one.holds(...all) || other.holds(...all),
      };
    }),
}));

/** Any filter; half of them begin with a conjunct that storage can do. */
export const anyFilter: fc.Arbitrary<FilterQuestion> = fc
  .tuple(fc.option(textComparison), tree)
  .map(([first, rest]) =>
    first === null
      ? rest
      : {
          text: `${first.text} and (${rest.text})`,
          holds: (...all) => first.holds(...all) && rest.holds(...all),
        },
  );
