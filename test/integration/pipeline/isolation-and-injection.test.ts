/** A customer never sees another customer, and no value of a caller ever becomes part of a query's language. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPages, idsOf, listOf } from './asking.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Answer, type Pipeline } from './pipeline.ts';
import { isPicked, members, readPlainly, toQuery } from './plain-loop.ts';

const created = '2026-03-01T10:00:00Z';
const landedAt = new Date('2026-03-02T10:00:00Z');

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline();
});

afterAll(() => pipeline.stop());

describe('the key of one tenant', () => {
  let own: string;
  let other: string;
  let key: string;

  beforeAll(async () => {
    [own, other] = [await pipeline.addTenant('Own'), await pipeline.addTenant('Other')];
    key = await pipeline.createKey(own);
    await pipeline.deliver(own, [contentOf('own', created, [recordOf('own')])], landedAt);
    await pipeline.deliver(
      other,
      [contentOf('other', created, [recordOf('other'), recordOf('own')])],
      landedAt,
    );
  });

  /** Everything by which answers could be distinguished. */
  function visible({ status, headers, body }: Answer) {
    const rest = Object.entries(headers).filter(([name]) => name !== 'x-ms-request-id');
    return { status, headers: Object.fromEntries(rest), body: body.toString() };
  }

  const rests = [
    ...[
      '',
      '/ingestion',
      '/ingestion/gaps',
      '/ingestion/ledger',
      '/roleHolders',
      '/roleHolders?from=never',
      '/records',
      '/records?top=0',
    ],
    ...['/records?users=Ada@contoso.example', '/records?skiptoken=x', '/records?nothing=1&nothing=2'],
    ...[`/records/${guidOf('own')}`, `/records/${guidOf('other')}`, '/records/nothing'],
    ...[`/records/${guidOf('own')}/auditData`, `/records/${guidOf('other')}/auditData`],
  ];

  it.each(rests)(
    'gets the same answer for another tenant and an unknown one: tenants/{id}%s',
    async (rest) => {
      const foreign = visible(await pipeline.get(`tenants/${other}${rest}`, { key }));
      expect(foreign.status).toBe(404);
      for (const unknown of [randomUUID(), 'contoso.example', other.replaceAll('-', ''), '%00', "'"]) {
        expect(visible(await pipeline.get(`tenants/${encodeURIComponent(unknown)}${rest}`, { key }))).toEqual(
          foreign,
        );
      }
      const written = other.toUpperCase();
      expect(visible(await pipeline.get(`tenants/${written}${rest}`, { key }))).toEqual(foreign);
    },
  );

  it('sees its own tenant and no other', async () => {
    const { body } = await pipeline.get('tenants', { key });
    expect(body.toString()).toContain(own);
    expect(body.toString()).not.toContain(other);
    for (const rest of [
      '',
      '/ingestion',
      '/ingestion/gaps',
      '/ingestion/ledger',
      '/roleHolders',
      '/records',
      `/records/${guidOf('own')}`,
    ]) {
      expect([rest, (await pipeline.get(`tenants/${own}${rest}`, { key })).status]).toEqual([rest, 200]);
    }
    expect((await pipeline.get(`tenants/${own}/records/${guidOf('other')}`, { key })).status).toBe(404);
  });

  it('cannot continue with a next link of another tenant', async () => {
    const feed = contentOf('more', created, [recordOf('a'), recordOf('b'), recordOf('c')]);
    await pipeline.deliver(other, [feed], landedAt);
    const [page] = await askPages(pipeline, { tenantId: other, query: { top: '1' }, maxPages: 1 });
    const borrowed = (page?.nextLink ?? '').replace(other, own);
    const answer = await pipeline.get(borrowed, { key });
    expect([answer.status, answer.headers['x-ms-error-code']]).toEqual([400, 'InvalidSkipToken']);
  });

  it.each(['', 'ak_', 'ak_0000000000000000_' + 'A'.repeat(43), "' or 1 eq 1"])(
    'is needed: %j opens nothing, whatever the tenant in the path',
    async (wrong) => {
      const answers: unknown[] = [];
      for (const tenant of [own, other, randomUUID()]) {
        answers.push(visible(await pipeline.get(`tenants/${tenant}/records`, { key: wrong })));
      }
      expect(answers[0]).toMatchObject({ status: 401 });
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    },
  );
});

describe("a caller's value", () => {
  const nasty = [
    ...[
      "'",
      "''",
      "' or 1 eq 1 or '",
      "x' or PartitionKey ne '",
      '"',
      '""',
      '",',
      ',',
      ', ',
      'a,b',
      '\\',
      "\\'",
    ],
    ...[
      '%',
      '%27',
      '%00',
      '+',
      ' or ',
      'a eq 1',
      '(a)',
      '$filter',
      '&top=1',
      '#',
      '?',
      '`',
      '_',
      ':',
      '/',
      '//',
    ],
    ...[
      '\u0000',
      '\u0001',
      '\n',
      '\r\n',
      '\t',
      '\u007f',
      '\u2028',
      '\ufeff',
      '\u00a0',
      '👩‍💻',
      '😀',
      'שלום',
      'İ',
      'ß',
    ],
    ...[
      'a\u0301',
      'á',
      'x'.repeat(1900),
      '\u{10ffff}',
      '__proto__',
      'constructor',
      '[192.0.2.1]:80',
      '::ffff:192.0.2.1',
    ],
  ];
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...nasty) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.constantFrom(...nasty.filter(({ length }) => length < 99)))
        .map((all) => all.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  );

  it('never changes what a query means', async () => {
    const tenantId = await pipeline.addTenant('Nasty');
    const parameters = Object.keys(members) as (keyof typeof members)[];
    const records = nasty.map((text, at) => {
      const name = parameters[at % parameters.length] ?? 'users';
      const said = Object.fromEntries(
        parameters.map((one) => [members[one], one === name ? text : nasty[(at * 7) % 40]]),
      );
      return {
        Id: guidOf(`nasty ${at}`),
        CreationTime: '2026-03-01T09:00:00',
        ...said,
        ClientIP: `192.0.2.${at}`,
      };
    });
    await pipeline.deliver(tenantId, [contentOf('nasty', created, records)], landedAt);
    const plain = records.map((record) => ({
      id: record.Id,
      record: readPlainly(Buffer.from(JSON.stringify(record)), new Date(created)),
    }));
    const asked = fc.dictionary(
      fc.constantFrom(...parameters.filter((name) => name !== 'clientIp')),
      fc.array(
        value.filter((text) => text !== ''),
        { minLength: 1, maxLength: 3 },
      ),
      { minKeys: 1, maxKeys: 2 },
    );
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(asked, async (wanted) => {
        const expected = plain.filter(({ record }) => isPicked(record, wanted)).map(({ id }) => id);
        hits += Number(expected.length > 0);
        const pages = await askPages(pipeline, { tenantId, query: toQuery(wanted, listOf) });
        expect(idsOf(pages).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 300 },
    );
    expect(hits).toBeGreaterThan(60);
  }, 120_000);

  it.each(nasty)('is not an id of a record: %j', async (text) => {
    const tenantId = await pipeline.addTenant('Ids');
    const answer = await pipeline.get(`tenants/${tenantId}/records/${encodeURIComponent(text)}`);
    expect([answer.status, answer.headers['x-ms-error-code']]).toEqual([404, 'RecordNotFound']);
  });

  it.each([
    ['text=a&text=b', 'text'],
    ['users=a&users=', 'users'],
    ['top=1&top=1', 'top'],
    ['$filter=x', '$filter'],
    ['user=a', 'user'],
    ['users=', 'users'],
    ["recordType=1' or 1 eq 1", 'recordType'],
    [`objectId=${'x'.repeat(9000)}`, 'objectId'],
    ["from=2026-03-01T00:00:00Z' or 1 eq 1", 'from'],
    ['api-version=1&api-version=2', 'api-version'],
  ])('is refused by name where it is invalid: %s', async (query, target) => {
    const tenantId = await pipeline.addTenant('Refused');
    const answer = await pipeline.get(`tenants/${tenantId}/records?${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'InvalidParameter', target } });
  });
});
