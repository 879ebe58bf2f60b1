/** Every demo tenant has the oddities of real feeds, regardless of when it is generated. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { demoTenants } from '../../simulator/demo/demo-tenants.ts';

const recordSchema = z.looseObject({ Operation: z.string(), RecordType: z.int(), UserId: z.string() });
type AuditRecord = z.infer<typeof recordSchema>;

const moments = ['2026-09-15T13:20:00Z', '2026-03-02T05:00:00Z'];
const feeds = moments.flatMap((moment) =>
  demoTenants(new Date(moment)).map(({ domain, records }) => {
    const texts = records.map(({ text }) => text);
    return {
      label: `${domain} at ${moment}`,
      texts,
      records: texts.map((text) => recordSchema.parse(JSON.parse(text))),
    };
  }),
);

const isText = (value: unknown, test: (text: string) => boolean): boolean =>
  typeof value === 'string' && test(value);

const oddRecords: Readonly<Record<string, (record: AuditRecord) => boolean>> = {
  'an IPv4 address with a port': ({ ClientIP }) => isText(ClientIP, (ip) => /^\d+(\.\d+){3}:\d+$/.test(ip)),
  'a bracketed IPv6 address with a port': ({ ClientIP }) => isText(ClientIP, (ip) => /^\[.+]:\d+$/.test(ip)),
  'an empty address': ({ ClientIP }) => ClientIP === '',
  'the word <null> for an address': ({ ClientIP }) => ClientIP === '<null>',
  'no address': ({ ClientIP }) => ClientIP === undefined,
  'a UserId that is not a UPN': ({ UserId }) => !UserId.includes('@'),
  'a person in another casing': ({ UserId }) => /^[A-Z][a-z]+\.[A-Z].*@[A-Z]/.test(UserId),
  'an operation that ends in a full stop': ({ Operation }) => Operation.endsWith('.'),
  'an operation with an en dash and a trailing blank': ({ Operation }) => /\u2013.* $/.test(Operation),
  'an unknown RecordType': ({ RecordType }) => RecordType > 476,
  'Parameters as an empty string': ({ Parameters }) => Parameters === '',
  'Parameters as a list': ({ Parameters }) => Array.isArray(Parameters),
  'an OriginatingServer with a line end': ({ OriginatingServer }) =>
    isText(OriginatingServer, (s) => s.endsWith('\r\n')),
  'a NewValue with JSON in a string': ({ ModifiedProperties }) =>
    JSON.stringify(ModifiedProperties ?? '').includes('[\\r\\n'),
  'a right-to-left file name': ({ SourceFileName }) =>
    isText(SourceFileName, (name) => /\p{Script=Arabic}/u.test(name)),
  'an emoji in a file name': ({ SourceFileName }) =>
    isText(SourceFileName, (name) => /\p{Emoji_Presentation}/u.test(name)),
  'a failed sign-in that says Success': ({ Operation, ResultStatus }) =>
    Operation === 'UserLoginFailed' && ResultStatus === 'Success',
};

const oddTexts: Readonly<Record<string, RegExp>> = {
  'an escaped slash': /\\\//,
  'a unicode escape': /\\u[0-9a-f]{4}/,
  'a whole number beyond 2^53': /":\d{17,}[,}]/,
};

describe.each(feeds)('$label', ({ texts, records }) => {
  it.each(Object.keys(oddRecords))('has %s', (oddity) => {
    expect(records.some((record) => oddRecords[oddity]?.(record))).toBe(true);
  });

  it.each(Object.keys(oddTexts))('has %s in its text', (oddity) => {
    expect(texts.some((text) => oddTexts[oddity]?.test(text))).toBe(true);
  });

  it('has a UPN or another email-like name in most, but not all, UserIds', () => {
    const share = records.filter(({ UserId }) => UserId.includes('@')).length / records.length;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.97);
  });
});
