import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedContentError } from '../../../shared/errors.ts';
import { createRecordSplitter } from '../../../shared/landing/split-records.ts';

function split(body: string | Buffer, cuts: readonly number[] = []): string[] {
  const bytes = Buffer.from(body);
  const splitter = createRecordSplitter();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = edges.slice(1).map((end, index) => splitter.push(bytes.subarray(edges[index], end)));
  splitter.end();
  const text = Buffer.concat(parts).toString('utf8');
  const lines = text.split('\n').slice(0, -1);
  expect(splitter.records).toBe(lines.length);
  return lines;
}

const anyObject = fc.dictionary(fc.string(), fc.jsonValue());
const anyCuts = fc.array(fc.nat(5000), { maxLength: 12 });

describe('splitting the body of a content blob', () => {
  it('keeps the exact text of every record, wherever chunks are split', () => {
    fc.assert(
      fc.property(fc.array(anyObject), anyCuts, (records, cuts) => {
        const texts = records.map((record) => JSON.stringify(record));
        expect(split(`[${texts.join(',')}]`, cuts)).toEqual(texts);
      }),
      { numRuns: 2000 },
    );
  });

  it('removes line breaks between tokens and keeps all other whitespace', () => {
    fc.assert(
      fc.property(fc.array(anyObject), anyCuts, fc.constantFrom(1, 2, '\t'), (records, cuts, indent) => {
        const pretty = JSON.stringify(records, undefined, indent).replaceAll('\n', '\r\n');
        const lines = split(pretty, cuts);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(records)));
      }),
    );
  });

  it.each([
    '{"n":12345678901234567890,"n":1.0e+2}',
    '{"a":"\\/\\u00e9\\\\","b":"\\"}{]["}',
    '{"smile":"😀","rtl":"שלום"}',
    '{  "spaced" :\t[ 1 , 2 ]  }',
    '{"not": json at all, really}',
  ])('never changes %s', (text) => {
    const cuts = [...Buffer.from(text).keys()];
    expect(split(`\uFEFF [ ${text} , ${text} ]\r\n`, cuts)).toEqual([text, text]);
  });

  it('writes a raw line break inside a string as its escape, so that the line stays one line', () => {
    expect(split('[{"a":"x\r\ny\\\nz"},{\n"b"\n:1}]', [8, 9, 10])).toEqual([
      '{"a":"x\\r\\ny\\\\nz"}',
      '{"b":1}',
    ]);
  });

  it('accepts an empty array', () => {
    expect(split(' [ ] ')).toEqual([]);
  });

  it.each([
    '',
    ' ',
    '{}',
    '{"error":{}}',
    '<html>',
    '[',
    '[{}',
    '[{},',
    '[{},]',
    '[,]',
    '[1]',
    '[{}1]',
    '[{}]x',
    '[null]',
  ])('refuses %j as malformed', (body) => {
    expect(() => split(body)).toThrow(MalformedContentError);
  });

  it('says where a body is malformed without quoting its content', () => {
    expect(() => split('[{"a":1} secret]')).toThrow(/comma or the end.*near byte 9/);
    expect(() => split('[{"a":1} secret]')).not.toThrow(/secret/);
  });
});
