/** Whole records of damaged bodies: all of them, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordSalvager } from '../../../shared/landing/salvage-records.ts';

interface Salvaged {
  readonly lines: readonly string[];
  readonly faults: number;
  readonly faultAt: number;
}

function salvage(body: string | Buffer, cuts: readonly number[] = []): Salvaged {
  const bytes = Buffer.from(body);
  const salvager = createRecordSalvager();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = edges.slice(1).map((end, index) => salvager.push(bytes.subarray(edges[index], end)));
  salvager.end();
  const lines = Buffer.concat(parts).toString('utf8').split('\n').slice(0, -1);
  expect(salvager.records).toBe(lines.length);
  return { lines, faults: salvager.faults, faultAt: salvager.faultAt };
}

const named = (Id: string, more: object = {}) =>
  JSON.stringify({ Id, CreationTime: '2026-03-02T09:00:00', ...more });
const [a, b] = [named('a', { Actor: [{ ID: '1', Type: 0 }] }), named('b', { Text: '}],{"\\\n👩‍💻' })];

const anyRecord = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((members) => JSON.stringify({ ...members, Id: 'any', Operation: 'Any' }));
const anyJunk = fc.oneof(
  fc.constantFrom(
    'null',
    '1',
    'true',
    'text',
    '"text"',
    '[]',
    '[{"Id":"a","Operation":"b"}]',
    '{}',
    '{"x":',
    '}',
    ':',
  ),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
const anyCuts = fc.array(fc.nat(5000), { maxLength: 12 });

describe('salvaging the records of a body', () => {
  it.each([
    ['null between records', `[${a},null,${b}]`, 1, a.length + 2],
    ['a number', `[${a},7,${b}]`, 1, a.length + 2],
    ['a text', `[${a},"see {\\"Id\\"}",${b}]`, 1, a.length + 2],
    ['bare words', `[${a}, see below ,${b}]`, 1, a.length + 3],
    ['bare words without commas', `[${a} see below ${b}]`, 1, a.length + 2],
    ['an array', `[${a},[${a},1],${b}]`, 1, a.length + 2],
    ['an object that is not a record', `[${a},{"error":{}},${b}]`, 1, a.length + 2],
    ['a record that is not JSON', `[${a},{"Id":"x","Operation":NaN},${b}]`, 1, a.length + 2],
    ['a trailing comma', `[${a},${b},]`, 1, a.length + b.length + 3],
    ['a leading comma', `[,${a},${b}]`, 1, 1],
    ['two commas', `[${a},,${b}]`, 1, a.length + 2],
    ['a missing comma', `[${a}${b}]`, 1, a.length + 1],
    ['an additional brace', `[${a}},${b}]`, 1, a.length + 1],
    ['text after the array', `[${a},${b}] and more`, 1, a.length + b.length + 4],
    ['another array after it', `[${a},${b}][${a}]`, 1, a.length + b.length + 3],
    ['a missing end', `[${a},${b}`, 1, a.length + b.length + 2],
    ['an end inside a record', `[${a},${b},{"Id":"c","Operation":"`, 1, a.length + b.length + 3],
    ['several faults', `[null,${a},,7,${b},`, 4, 1],
  ])('finds those around %s, and counts it', (_, body, faults, faultAt) => {
    expect(salvage(body)).toEqual({
      lines: [a, b],
      faults,
      faultAt: Buffer.byteLength(body.slice(0, faultAt)),
    });
  });

  it('finds all records of any body, wherever chunks are split, and no others', () => {
    const element = fc.oneof(
      anyRecord.map((text) => ({ text, isRecord: true })),
      anyJunk.filter((text) => text !== '{"x":').map((text) => ({ text, isRecord: false })),
    );
    fc.assert(
      fc.property(fc.array(element), anyCuts, (elements, cuts) => {
        const body = `[${elements.map(({ text }) => text).join(' , ')}]`;
        const records = elements.filter(({ isRecord }) => isRecord).map(({ text }) => text);
        const { lines, faults } = salvage(body, cuts);
        expect(lines).toEqual(records);
        expect(faults).toBe(elements.length - records.length);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the records before the place where a body was cut off', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1 }), fc.nat(), anyCuts, (records, cut, cuts) => {
        const body = Buffer.from(`[${records.join(',')}]`);
        const { lines, faults } = salvage(body.subarray(0, cut % body.length), cuts);
        expect(lines).toEqual(records.slice(0, lines.length));
        expect(faults).toBe(1);
        const isCut = lines.length < records.length;
        const next = isCut
          ? Buffer.byteLength(`[${records.slice(0, lines.length + 1).join(',')}`)
          : body.length;
        expect(cut % body.length).toBeLessThan(next);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an opening brace is lost', `["Id":"x","Actor":{"Id":"y","Operation":"z"},"T":[${a}]},${b}]`, [b]],
    ['a record lacks its end', `[{"Id":"x","Operation":"y","Items":[${a},${a}],${b}]`, []],
    ['the middle of the body is lost', `[${a},{"Name":"x","Value":"y"},{"Name":"z"}],"T":1},${b}]`, [a]],
    ['a quote is lost', `[{"Id":"x","Operation":"y,"Z":"},{},"},${a}]`, []],
  ])('takes no part of a record for one when %s', (_, body, lines) => {
    expect(salvage(body).lines).toEqual(lines);
  });

  it.each(['', ' ', '{}', a, '<html>[]</html>', `{"value":[${a}]}`, '"[]"'])(
    'finds nothing in %j, which is not an array',
    (body) => {
      expect(salvage(body)).toMatchObject({ lines: [], faults: 1 });
    },
  );

  it('finds no fault in a sound body', () => {
    expect(salvage(`\uFEFF [ ${a} ,\r\n ${b} ] \n`)).toEqual({ lines: [a, b], faults: 0, faultAt: 0 });
  });

  it('writes records like the splitter: without line breaks between tokens', () => {
    expect(salvage('[{"Id":"a",\r\n"RecordType"\n:1},]').lines).toEqual(['{"Id":"a","RecordType":1}']);
  });

  it('holds no record that is longer than 16 MiB, and continues after it', () => {
    const long = Buffer.from(named('long', { Data: 'x'.repeat(16 * 1024 * 1024) }));
    const body = Buffer.concat([Buffer.from('['), long, Buffer.from(`,${b}]`)]);
    expect(salvage(body)).toMatchObject({ lines: [b], faults: 1, faultAt: 1 });
  });
});
