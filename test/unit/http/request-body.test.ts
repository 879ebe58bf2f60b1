/** Bodies of requests: what is refused, and that every refusal says what to send instead. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../shared/api/all.ts';
import { RequestError } from '../../../shared/errors.ts';
import { parseBody, readBody } from '../../../shared/http/request-body.ts';

function refusalOf(value: unknown, schema: z.ZodType): RequestError | undefined {
  try {
    parseBody(Buffer.from(JSON.stringify(value)), schema);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

const schema = z.strictObject({
  format: z.enum(['csv', 'ndjson']),
  days: z.int().min(1).max(30).optional(),
  names: z.array(z.string().min(1).max(3)).max(1).optional(),
  id: z.guid().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  inner: z.strictObject({ flag: z.boolean() }).optional(),
});

describe('a body that does not fit', () => {
  const format = 'csv';
  it.each([
    [null, 'body', 'The body must be a JSON object.'],
    [[], 'body', 'The body must be a JSON object.'],
    [{}, 'format', "'format' is required and must be csv or ndjson."],
    [{ format: 'xml' }, 'format', "'format' must be csv or ndjson."],
    [{ format, foo: 1 }, 'foo', "'foo' is unknown. Known: format, days, names, id, at, inner."],
    [{ format, days: 'x' }, 'days', "'days' must be a number."],
    [{ format, days: 1.5 }, 'days', "'days' must be a whole number."],
    [{ format, days: 0 }, 'days', "'days' must be at least 1."],
    [{ format, days: 31 }, 'days', "'days' must not exceed 30."],
    [{ format, names: 'x' }, 'names', "'names' must be a list."],
    [{ format, names: ['a', 'b'] }, 'names', "'names' must not exceed 1 values."],
    [{ format, names: [''] }, 'names.0', "'names.0' must not be empty."],
    [{ format, names: ['abcd'] }, 'names.0', "'names.0' must not exceed 3 characters."],
    [{ format, id: 'x' }, 'id', "'id' must be a GUID."],
    [{ format, at: 'x' }, 'at', "'at' must be a date and time with a time zone, e.g. 2026-03-02T09:00:00Z."],
    [{ format, inner: {} }, 'inner.flag', "'inner.flag' is required and must be true or false."],
    [{ format, inner: { flag: true, x: 1 } }, 'x', "'x' is unknown. Known: flag."],
    [
      { format, name: [] },
      'name',
      "'name' is unknown. Did you mean 'names'? Known: format, days, names, id, at, inner.",
    ],
  ])('%j is refused by name, with what to send instead', (body, target, message) => {
    expect(refusalOf(body, schema)).toMatchObject({ status: 400, code: 'InvalidParameter', target, message });
  });

  const junk = [null, 1, -1, 1e9, '', 'x', 'x'.repeat(5000), [], [''], [1], {}, { x: 1 }];
  const bodies = allOperations().flatMap(({ id, body }) => (body instanceof z.ZodType ? [{ id, body }] : []));

  it.each(bodies)('of $id is described in words of the interface, not of its parser', ({ body }) => {
    const members = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }).properties ?? {};
    const wrong = [
      ...junk,
      ...Object.keys(members).flatMap((name) => junk.map((value) => ({ [name]: value }))),
    ];
    for (const value of wrong)
      expect(refusalOf(value, body)?.message ?? '').not.toMatch(
        /invalid|expected|unrecognized|received|too (big|small)|regex|undefined/i,
      );
  });
});

describe('a compressed body', () => {
  it.each(['gzip', 'br', 'Deflate'])('in %s is refused, naming the encoding', async (encoding) => {
    const headers = new Headers({ 'content-type': 'application/json', 'content-encoding': encoding });
    await expect(readBody({ headers, body: null }, z.unknown())).rejects.toMatchObject({
      ...{ status: 415, code: 'UnsupportedMediaType' },
      message: `Content-Encoding ${encoding} is not supported: send it uncompressed.`,
    });
  });

  it('is not what identity means', async () => {
    const headers = new Headers({ 'content-type': 'application/json', 'content-encoding': 'identity' });
    const body = new Blob(['{}']).stream();
    await expect(readBody({ headers, body }, z.unknown())).resolves.toEqual({});
  });
});
