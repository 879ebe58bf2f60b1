/** Records are serialized like by the service's own writers. */
import { describe, expect, it } from 'vitest';
import { exactInteger, printRecord } from '../../simulator/demo/print-record.ts';

describe('printing a record', () => {
  it('keeps the order of the fields and omits undefined ones', () => {
    expect(printRecord({ b: 1, gone: undefined, a: '' }, 'none')).toBe('{"b":1,"a":""}');
  });

  it('writes integers beyond 2^53 digit by digit', () => {
    expect(printRecord({ n: exactInteger('9223372036854775807') }, 'none')).toBe('{"n":9223372036854775807}');
  });

  it.each(['none', 'slashes', 'unicode'] as const)('means the same with escaping %s', (escaping) => {
    const record = { url: 'https://a.example/b\\c', text: "<é>&'🚀\r\n", [`\u2013 `]: ['/'] };
    expect(JSON.parse(printRecord(record, escaping))).toEqual(record);
  });

  it('escapes slashes or special characters on request', () => {
    expect(printRecord({ a: '/<é' }, 'slashes')).toBe('{"a":"\\/<é"}');
    expect(printRecord({ a: '/<é🚀' }, 'unicode')).toBe('{"a":"/\\u003c\\u00e9\\ud83d\\ude80"}');
  });
});
