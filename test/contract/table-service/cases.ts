/** What Auditkeep sends to Table Storage and what the limits of Azure are about, with the answers of Azure. */
import type { Answer, Sent } from './exchange.ts';
import { transaction } from './exchange.ts';

export interface Case {
  readonly name: string;
  /** After the table was created. */
  readonly requests: readonly Sent[];
  /** To the last request. */
  readonly answer: Answer;
  /** Where Azurite answers something else, and why the local service does not. */
  readonly azurite?: { readonly answer: Answer; readonly why: string };
}

const json = (value: unknown) => JSON.stringify(value);
export const createTable: Sent = { method: 'POST', path: 'Tables', body: json({ TableName: 'TABLE' }) };
const dropTable: Sent = { method: 'DELETE', path: "Tables('TABLE')" };

/** Columns as JSON, or the text of them. */
const insert = (rowKey: string, columns: object = {}, partitionKey = 'p'): Sent => ({
  method: 'POST',
  path: 'TABLE',
  body: json({ PartitionKey: partitionKey, RowKey: rowKey, ...columns }),
});
const at = (rowKey: string, partitionKey = 'p') =>
  `TABLE(PartitionKey='${encodeURIComponent(partitionKey)}',RowKey='${encodeURIComponent(rowKey)}')`;
const read = (rowKey: string, select = ''): Sent => ({ method: 'GET', path: at(rowKey) + select });
const replace = (rowKey: string, columns: object, more: Partial<Sent> = {}): Sent => ({
  ...{ method: 'PUT', path: at(rowKey), body: json(columns), ...more },
});
const merge = (rowKey: string, columns: object, more: Partial<Sent> = {}): Sent => ({
  ...replace(rowKey, columns, more),
  method: 'PATCH',
});
const remove = (rowKey: string, more: Partial<Sent> = {}): Sent => ({
  ...{ method: 'DELETE', path: at(rowKey), ...more },
});
const any = { headers: { 'if-match': '*' } };
const outdated = { headers: { 'if-match': `W/"datetime'2020-01-01T00%3A00%3A00.0000000Z'"` } };
const query = (options: Readonly<Record<string, string>>, more = ''): Sent => ({
  method: 'GET',
  path: `TABLE()?${new URLSearchParams(options).toString()}${more}`,
});
const find = (filter: string, more: Readonly<Record<string, string>> = {}): Sent =>
  query({ $filter: filter, $select: 'RowKey', ...more });
const rows = (...keys: readonly string[]): Answer => ({
  status: 200,
  value: keys.map((RowKey) => ({ RowKey })),
});
const three = ['1', '2', '3'].map((key) => insert(key, { n: Number(key) }));
const refused = (code: string, status = 400): Answer => ({ status, code });
const done: Answer = { status: 204 };
const whole = (columns: object): Answer => ({
  status: 200,
  value: { PartitionKey: 'p', RowKey: '1', ...columns },
});
const typed = (type: string, value: unknown) => ({ c: value, 'c@odata.type': `Edm.${type}` });
const lenient = 'Azurite does not enforce this limit of Azure';
const partial = 'Azurite returns whole pages only';

const tables: readonly Case[] = [
  {
    name: 'a table that exists is not created',
    requests: [createTable],
    answer: refused('TableAlreadyExists', 409),
  },
  {
    name: 'names are compared without case',
    requests: [
      {
        ...createTable,
        body: json({ TableName: 'TABLE' })
          .toLowerCase()
          .replace('tablename', 'TableName')
          .replace('table"', 'TABLE"'),
      },
    ],
    answer: refused('TableAlreadyExists', 409),
  },
  {
    name: 'a name begins with a letter',
    requests: [{ ...createTable, body: json({ TableName: '1TABLE' }) }],
    answer: refused('InvalidResourceName'),
    azurite: { answer: refused(''), why: 'Azurite has no code' },
  },
  {
    name: 'a name has letters and digits only',
    requests: [{ ...createTable, body: json({ TableName: 'TABLE-1' }) }],
    answer: refused('InvalidResourceName'),
    azurite: { answer: refused(''), why: 'Azurite has no code' },
  },
  { name: 'a table is deleted', requests: [dropTable], answer: done },
  {
    name: 'a missing table is not deleted',
    requests: [dropTable, dropTable],
    answer: refused('ResourceNotFound', 404),
  },
  {
    name: 'a deleted table has no rows',
    requests: [insert('1'), dropTable, createTable, query({})],
    answer: { status: 200, value: [] },
  },
  {
    name: 'tables are listed by a range of names',
    requests: [
      {
        method: 'GET',
        path: `Tables?${new URLSearchParams({ $filter: "TableName ge 'TABLE' and TableName lt 'TABLEa'" }).toString()}`,
      },
    ],
    answer: { status: 200, value: [{ TableName: 'TABLE' }] },
  },
  {
    name: 'a page of tables continues',
    requests: [
      { ...createTable, body: json({ TableName: 'TABLEa' }) },
      {
        method: 'GET',
        path: `Tables?${new URLSearchParams({ $filter: "TableName ge 'TABLE' and TableName lt 'TABLEb'", $top: '1' }).toString()}`,
      },
    ],
    answer: { status: 200, value: [{ TableName: 'TABLE' }], continues: true },
  },
  {
    name: 'the next page of tables is the last',
    requests: [
      { ...createTable, body: json({ TableName: 'TABLEa' }) },
      ...['', 'NEXT'].map((next) => ({
        method: 'GET',
        path: `Tables?${new URLSearchParams({ $filter: "TableName ge 'TABLE' and TableName lt 'TABLEb'", $top: '1' }).toString()}${next}`,
      })),
    ],
    answer: { status: 200, value: [{ TableName: 'TABLEa' }] },
  },
];

const writes: readonly Case[] = [
  { name: 'a row is inserted', requests: [insert('1', { a: 1 })], answer: done },
  {
    name: 'an inserted row is returned when the request prefers it',
    requests: [{ ...insert('1', { a: 1 }), headers: { prefer: 'return-content' } }],
    answer: { status: 201, value: { PartitionKey: 'p', RowKey: '1', a: 1 } },
  },
  {
    name: 'a row is inserted once',
    requests: [insert('1'), insert('1')],
    answer: refused('EntityAlreadyExists', 409),
  },
  {
    name: 'a missing table takes no row',
    requests: [dropTable, insert('1')],
    answer: refused('TableNotFound', 404),
  },
  {
    name: 'a row has a row key',
    requests: [{ method: 'POST', path: 'TABLE', body: json({ PartitionKey: 'p' }) }],
    answer: refused('PropertiesNeedValue'),
  },
  {
    name: 'keys may be empty',
    requests: [insert('', {}, ''), query({})],
    answer: { status: 200, value: [{ PartitionKey: '', RowKey: '' }] },
  },
  ...['a/b', 'a\\b', 'a#b', 'a?b', 'a\tb', 'a\u0085b'].map((key): Case => ({
    name: `a key has no ${json(key.slice(1, 2))}`,
    requests: [insert(key)],
    answer: refused('OutOfRangeInput'),
    azurite: { answer: refused('InvalidInput'), why: 'Azurite has another code' },
  })),
  { name: 'a key has at most 512 characters', requests: [insert('é'.repeat(512))], answer: done },
  {
    name: 'a longer key is refused',
    requests: [insert('x'.repeat(513))],
    answer: refused('KeyValueTooLarge'),
    azurite: { answer: refused('InvalidInput'), why: 'Azurite has another code' },
  },
  {
    name: 'keys are addressed with doubled quotes',
    requests: [insert("it's é+&%"), { method: 'GET', path: at("it''s é+&%") }],
    answer: { status: 200, value: { PartitionKey: 'p', RowKey: "it's é+&%" } },
  },
  { name: 'an upsert creates', requests: [replace('1', { a: 1 }), read('1')], answer: whole({ a: 1 }) },
  {
    name: 'a replacement keeps no column',
    requests: [insert('1', { a: 1 }), replace('1', { b: 2 }), read('1')],
    answer: whole({ b: 2 }),
  },
  {
    name: 'a merge keeps other columns',
    requests: [insert('1', { a: 1, b: 1 }), merge('1', { b: 2 }), read('1')],
    answer: whole({ a: 1, b: 2 }),
  },
  {
    name: 'a merge changes the type of a column',
    requests: [insert('1', typed('Int64', '5')), merge('1', { c: 'text' }), read('1')],
    answer: whole({ c: 'text' }),
  },
  {
    name: 'null counts as absent',
    requests: [insert('1', { a: 1, b: null }), merge('1', { a: null }), read('1')],
    answer: whole({ a: 1 }),
  },
  {
    name: 'a missing row is not replaced',
    requests: [replace('1', {}, any)],
    answer: refused('ResourceNotFound', 404),
  },
  {
    name: 'a missing row is not merged',
    requests: [merge('1', {}, any)],
    answer: refused('ResourceNotFound', 404),
  },
  {
    name: 'a row that was read is replaced',
    requests: [insert('1'), replace('1', { a: 1 }, { ifUnchanged: true })],
    answer: done,
  },
  {
    name: 'a row that was changed since is not replaced',
    requests: [insert('1'), replace('1', {}, outdated)],
    answer: refused('UpdateConditionNotSatisfied', 412),
  },
  {
    name: 'a row that was changed since is not merged',
    requests: [insert('1'), merge('1', {}, outdated)],
    answer: refused('UpdateConditionNotSatisfied', 412),
  },
  {
    name: 'a row that was changed since is not deleted',
    requests: [insert('1'), remove('1', outdated)],
    answer: refused('UpdateConditionNotSatisfied', 412),
  },
  {
    name: 'every write changes the ETag',
    requests: [
      insert('1'),
      read('1'),
      merge('1', {}),
      read('1'),
      merge('1', {}, { ifUnchanged: true }),
      remove('1', { ifUnchanged: true }),
    ],
    answer: done,
  },
  {
    name: 'a missing row is not deleted',
    requests: [remove('1', any)],
    answer: refused('ResourceNotFound', 404),
  },
  {
    name: 'a deletion says which version it means',
    requests: [insert('1'), remove('1')],
    answer: refused('MissingRequiredHeader'),
    azurite: { answer: { status: 400 }, why: 'Azurite has no code' },
  },
];

const values: readonly (readonly [what: string, columns: object])[] = [
  ['a text', { c: "it's" }],
  ['an empty text', { c: '' }],
  ['a truth value', { c: true }],
  ['a whole number of 32 bits', { c: -2147483648 }],
  ['a number with decimals', { c: 1.5 }],
  ['64 bits', typed('Int64', '9223372036854775807')],
  ['binary', typed('Binary', 'aGk=')],
  ['a GUID', typed('Guid', '0f0e0d0c-0b0a-4909-8807-060504030201')],
  ['a date', typed('DateTime', '2026-03-10T12:00:00.1234567Z')],
];

/** With what Azurite answers; all of them are InvalidInput in Azure. */
const wrongValues: readonly (readonly [what: string, columns: object, azurite: Answer])[] = [
  ['a whole number without a type, beyond 32 bits', { c: 2147483648 }, done],
  ['a number beyond 64 bits', typed('Int64', '9223372036854775808'), done],
  ['a number beyond 32 bits', typed('Int32', 2147483648), done],
  ['a GUID that is none', typed('Guid', 'x'), done],
  ['a date that is none', typed('DateTime', 'x'), done],
  ['binary that is not base64', typed('Binary', '?'), done],
  ['a truth value that is none', typed('Boolean', 'x'), refused('InvalidInput')],
  ['an unknown type', typed('Unknown', 'x'), { status: 500 }],
  ['an object', { c: {} }, refused('InvalidInput')],
];

const types: readonly Case[] = [
  ...values.map(([what, columns]): Case => ({
    name: `${what} is returned as it was`,
    requests: [insert('1', columns), read('1')],
    answer: whole(columns),
  })),
  ...wrongValues.map(([what, columns, answer]): Case => {
    const name = `${what} is refused`;
    const one = { name, requests: [insert('1', columns)], answer: refused('InvalidInput') };
    return answer.code === 'InvalidInput' ? one : { ...one, azurite: { answer, why: lenient } };
  }),
];

const limits: readonly Case[] = [
  {
    name: 'a text has up to 32,768 characters',
    requests: [insert('1', { c: 'é'.repeat(32_768) })],
    answer: done,
  },
  {
    name: 'a longer text is refused',
    requests: [insert('1', { c: 'x'.repeat(32_769) })],
    answer: refused('PropertyValueTooLarge'),
  },
  {
    name: 'binary has up to 65,536 bytes',
    requests: [insert('1', typed('Binary', Buffer.alloc(65_536).toString('base64')))],
    answer: done,
  },
  {
    name: 'more binary is refused',
    requests: [insert('1', typed('Binary', Buffer.alloc(65_537).toString('base64')))],
    answer: refused('PropertyValueTooLarge'),
  },
  {
    name: 'a row has up to 1 MiB',
    requests: [
      insert('1', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`c${n}`, 'x'.repeat(32_000)]))),
    ],
    answer: refused('EntityTooLarge'),
    azurite: { answer: done, why: lenient },
  },
  {
    name: 'a merge does not let a row grow beyond that',
    requests: [
      insert('1', Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`c${n}`, 'x'.repeat(32_000)]))),
      merge('1', Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`d${n}`, 'x'.repeat(32_000)]))),
    ],
    answer: refused('EntityTooLarge'),
    azurite: { answer: done, why: lenient },
  },
  {
    name: 'a row has up to 252 columns',
    requests: [insert('1', Object.fromEntries(Array.from({ length: 252 }, (_, n) => [`c${n}`, n])))],
    answer: done,
  },
  {
    name: 'more columns are refused',
    requests: [insert('1', Object.fromEntries(Array.from({ length: 253 }, (_, n) => [`c${n}`, n])))],
    answer: refused('TooManyProperties'),
    azurite: { answer: done, why: lenient },
  },
  {
    name: 'the name of a column has up to 255 characters',
    requests: [insert('1', { ['c'.repeat(256)]: 1 })],
    answer: refused('PropertyNameTooLong'),
    azurite: { answer: done, why: lenient },
  },
  {
    name: 'the name of a column is an identifier',
    requests: [insert('1', { 'a-b': 1 })],
    answer: refused('PropertyNameInvalid'),
    azurite: { answer: done, why: lenient },
  },
];

const reads: readonly Case[] = [
  { name: 'a row is read', requests: [insert('1', { a: 1 }), read('1')], answer: whole({ a: 1 }) },
  { name: 'a missing row is not found', requests: [read('1')], answer: refused('ResourceNotFound', 404) },
  {
    name: 'a missing table is not found',
    requests: [dropTable, read('1')],
    answer: refused('TableNotFound', 404),
  },
  {
    name: 'a missing table has no page',
    requests: [dropTable, query({})],
    answer: refused('TableNotFound', 404),
  },
  {
    name: 'a selected column that the row lacks is null',
    requests: [insert('1', { a: 1, b: 2 }), read('1', '?$select=a,RowKey,x')],
    answer: { status: 200, value: { RowKey: '1', a: 1, x: null } },
    azurite: {
      answer: { status: 200, value: { RowKey: '1', a: 1 } },
      why: 'Azurite leaves it out (its issue 2535)',
    },
  },
  {
    name: 'a selected column that a row of a page lacks is null',
    requests: [insert('1', { a: 1 }), query({ $select: 'a,x' })],
    answer: { status: 200, value: [{ a: 1, x: null }] },
    azurite: { answer: { status: 200, value: [{ a: 1 }] }, why: 'Azurite leaves it out (its issue 2535)' },
  },
  {
    name: 'rows are in the order of their keys',
    requests: [insert('b'), insert('B'), insert('a1'), insert('a'), find("PartitionKey eq 'p'")],
    answer: rows('B', 'a', 'a1', 'b'),
  },
  {
    name: 'a range includes its ends',
    requests: [...three, find("PartitionKey eq 'p' and RowKey ge '1' and RowKey le '2'")],
    answer: rows('1', '2'),
  },
  {
    name: 'a range excludes its ends',
    requests: [...three, find("PartitionKey eq 'p' and RowKey gt '1' and RowKey lt '3'")],
    answer: rows('2'),
  },
  {
    name: 'a range of partitions has their rows',
    requests: [
      insert('1', {}, 'a'),
      insert('2', {}, 'c'),
      find("PartitionKey ge 'a' and PartitionKey lt 'b'"),
    ],
    answer: rows('1'),
  },
  {
    name: 'a number is compared',
    requests: [...three, find("PartitionKey eq 'p' and n ge 2")],
    answer: rows('2', '3'),
  },
  {
    name: 'alternatives are in parentheses',
    requests: [...three, find("PartitionKey eq 'p' and (n eq 1 or n eq 3)")],
    answer: rows('1', '3'),
  },
  {
    name: '64 bits are compared',
    requests: [
      insert('1', typed('Int64', '9007199254740993')),
      find("PartitionKey eq 'p' and c eq 9007199254740993L"),
    ],
    answer: rows('1'),
  },
  {
    name: 'a truth value is compared',
    requests: [insert('1', { a: false }), find("PartitionKey eq 'p' and a eq false")],
    answer: rows('1'),
  },
  {
    name: 'a text is compared with its case',
    requests: [insert('1', { a: "it's" }), insert('2', { a: "It's" }), find("a eq 'it''s'")],
    answer: rows('1'),
  },
  { name: 'a column that is missing fits nothing', requests: [insert('1'), find('n lt 5')], answer: rows() },
  ...[
    "RowKey ne '1'",
    "not (RowKey eq '1')",
    "startswith(RowKey,'1')",
    "d eq datetime'2026-01-01T00:00:00Z'",
  ].map((filter): Case => ({
    name: `a filter that Auditkeep never sends is refused: ${filter}`,
    requests: [find(filter)],
    answer: refused('NotImplemented', 501),
    azurite: {
      answer: filter.startsWith('startswith') ? refused('InvalidInput') : rows(),
      why: 'The local service knows what Auditkeep sends, and refuses the rest loudly',
    },
  })),
  {
    name: 'a filter has up to 15 comparisons',
    requests: [insert('1', { n: 1 }), find(Array.from({ length: 15 }, () => 'n eq 1').join(' and '))],
    answer: rows('1'),
  },
  {
    name: 'more comparisons are refused',
    requests: [insert('1', { n: 1 }), find(Array.from({ length: 16 }, () => 'n eq 1').join(' and '))],
    answer: refused('InvalidInput'),
    azurite: { answer: rows('1'), why: lenient },
  },
  {
    name: 'a full page continues',
    requests: [...three, find("PartitionKey eq 'p'", { $top: '2' })],
    answer: { ...rows('1', '2'), continues: true },
  },
  {
    name: 'the next page is the last',
    requests: [
      ...three,
      find("PartitionKey eq 'p'", { $top: '2' }),
      {
        ...find("PartitionKey eq 'p'", { $top: '2' }),
        path: `${find("PartitionKey eq 'p'", { $top: '2' }).path}NEXT`,
      },
    ],
    answer: rows('3'),
  },
  {
    name: 'a full page that is the last does not continue',
    requests: [...three, find("PartitionKey eq 'p'", { $top: '3' })],
    answer: rows('1', '2', '3'),
  },
  {
    name: 'a full page continues to what may be nothing',
    requests: [...three, find("PartitionKey eq 'p' and n eq 1", { $top: '1' })],
    answer: { ...rows('1'), continues: true },
    azurite: { answer: rows('1'), why: partial },
  },
  {
    name: 'a page ends where a partition ends',
    requests: [insert('1', {}, 'a'), insert('2', {}, 'b'), find('')],
    answer: { ...rows('1'), continues: true },
    azurite: { answer: rows('1', '2'), why: partial },
  },
  {
    name: 'a page may be empty and continue',
    requests: [insert('1', {}, 'a'), insert('2', { n: 1 }, 'b'), find('n eq 1')],
    answer: { ...rows(), continues: true },
    azurite: { answer: rows('2'), why: partial },
  },
  ...['0', '1001', 'x'].map((top): Case => ({
    name: `a page has 1 to 1,000 rows, not ${top}`,
    requests: [query({ $top: top })],
    answer: refused('InvalidInput'),
    azurite: { answer: top === 'x' ? { status: 400 } : rows(), why: lenient },
  })),
  {
    name: 'an unknown option is refused',
    requests: [query({ $orderby: 'RowKey' })],
    answer: refused('NotImplemented', 501),
    azurite: { answer: rows(), why: 'Azurite ignores it' },
  },
];

const many = (count: number) => Array.from({ length: count }, (_, n) => insert(String(n)));
const transactions: readonly Case[] = [
  {
    name: 'a transaction does all of it',
    requests: [
      ...three,
      insert('4'),
      transaction([insert('5'), replace('1', { a: 1 }), merge('2', { a: 1 }, any), remove('4', any)]),
    ],
    answer: { status: 202, commands: ['204', '204', '204', '204'] },
  },
  {
    name: 'a transaction names what is refused',
    requests: [insert('2'), transaction([insert('1'), insert('2'), insert('3')])],
    answer: { status: 202, commands: ['409 1:EntityAlreadyExists'] },
  },
  {
    name: 'a refused transaction does nothing',
    requests: [
      insert('2'),
      transaction([insert('1'), insert('2'), insert('3')]),
      find("PartitionKey eq 'p'"),
    ],
    answer: rows('2'),
  },
  {
    name: 'a transaction names the row that was changed',
    requests: [insert('2'), transaction([insert('1'), merge('2', { a: 1 }, outdated)])],
    answer: { status: 202, commands: ['412 1:UpdateConditionNotSatisfied'] },
  },
  {
    name: 'a transaction names the row that is missing',
    requests: [transaction([insert('1'), remove('2', any)])],
    answer: { status: 202, commands: ['404 1:ResourceNotFound'] },
  },
  {
    name: 'a transaction has no row twice',
    requests: [transaction([insert('1'), replace('1', { a: 1 })])],
    answer: { status: 202, commands: ['400 1:InvalidDuplicateRow'] },
  },
  {
    name: 'a transaction has one partition',
    requests: [transaction([insert('1'), insert('2', {}, 'q')])],
    answer: { status: 202, commands: ['400 1:CommandsInBatchActOnDifferentPartitions'] },
    azurite: { answer: { status: 202, commands: ['204', '204'] }, why: lenient },
  },
  {
    name: 'a transaction has up to 100 commands',
    requests: [transaction(many(100)), find("PartitionKey eq 'p' and RowKey ge '98'")],
    answer: rows('98', '99'),
  },
  {
    name: 'more commands are refused',
    requests: [transaction(many(101))],
    answer: { status: 202, commands: ['400 99:InvalidInput'] },
    azurite: { answer: { status: 202, commands: ['400 0:InvalidInput'] }, why: 'Azurite has another index' },
  },
  {
    name: 'a transaction checks limits',
    requests: [transaction([insert('1'), insert('2', { c: 'x'.repeat(32_769) })])],
    answer: { status: 202, commands: ['400 1:PropertyValueTooLarge'] },
  },
  {
    name: 'a transaction needs its table',
    requests: [dropTable, transaction([insert('1')])],
    answer: { status: 202, commands: ['404 0:TableNotFound'] },
  },
  {
    name: 'a transaction has up to 4 MiB',
    requests: [
      transaction(
        Array.from({ length: 70 }, (_, n) =>
          insert(String(n), { a: 'x'.repeat(32_000), b: 'x'.repeat(32_000) }),
        ),
      ),
    ],
    answer: refused('RequestBodyTooLarge', 413),
  },
];

const authorizations: readonly Case[] = [
  {
    name: 'a request is signed with the key of the account',
    requests: [{ ...query({}), signature: 'wrong' }],
    answer: refused('AuthenticationFailed', 403),
    azurite: { answer: refused('AuthorizationFailure', 403), why: 'Azurite has another code' },
  },
  {
    name: 'a request is signed',
    requests: [{ ...query({}), signature: 'none' }],
    answer: refused('AuthenticationFailed', 403),
    azurite: { answer: refused('AuthorizationFailure', 403), why: 'Azurite has another code' },
  },
];

export const cases: readonly Case[] = [
  ...[...tables, ...writes, ...types, ...limits],
  ...[...reads, ...transactions, ...authorizations],
];
