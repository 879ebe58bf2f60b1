import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyExchangeError, reasonOf } from '../../../shared/adapters/exchange/exchange-errors.ts';

const nested = (message: string, changes: object = {}) =>
  JSON.stringify({
    error: {
      ...{ code: 'BadRequest', message: 'Invalid Operation' },
      details: [{ code: 'Client', target: '', message: `|System.Exception|${message}` }],
      innererror: { message: 'Invalid Operation', internalexception: { message, stacktrace: 'at Secret()' } },
      ...changes,
    },
  });
const judge = (status: number, body: string, retryAfterMs?: number) => {
  const { action, code, message, ...rest } = classifyExchangeError({ status, body, retryAfterMs });
  return { action, code, message, retryAfterMs: rest.retryAfterMs };
};

describe('a refusal by Exchange', () => {
  it.each([
    [
      401,
      '',
      'renewToken',
      'ExchangeUnauthorized',
      /give admin consent, and the role Exchange Administrator/,
    ],
    [
      403,
      '\0'.repeat(4096),
      'renewToken',
      'ExchangeForbidden',
      /the role Exchange Administrator in this tenant/,
    ],
    [
      429,
      'You have reached the maximum number of concurrent requests per tenant.',
      'pause',
      'ExchangeBusy',
      /throttling/,
    ],
    [
      503,
      'You have reached the maximum number of concurrent requests per tenant.',
      'pause',
      'ExchangeBusy',
      /throttling/,
    ],
    [429, '', 'pause', 'ExchangeBusy', /throttling/],
    [408, '', 'retry', 'HTTP408', /^Exchange answered 408\.$/],
    [503, '<html>Please wait</html>', 'retry', 'HTTP503', /^Exchange answered 503\.$/],
    [504, nested('Too slow.'), 'retry', 'HTTP504', /^Exchange answered: Too slow\.$/],
    [
      400,
      nested("'x' couldn't be found."),
      'fail',
      'ExchangeRefused',
      /^Exchange answered: 'x' couldn't be found\.$/,
    ],
    [
      400,
      nested('Run Enable-OrganizationCustomization first.'),
      'retry',
      'ExchangeDehydrated',
      /can take an hour/,
    ],
    [
      400,
      nested('Organization is already enabled for customization.'),
      'done',
      'ExchangeCustomized',
      /allows changes already/,
    ],
    [400, nested('Expired or Invalid pagination request.'), 'gone', 'ExchangePageExpired', /expired while/],
    [404, '', 'fail', 'ExchangeRefused', /^Exchange answered 404\.$/],
  ] as const)('%i %j', (...[status, body, action, code, message]) => {
    const judged = judge(status, body);
    expect(judged).toMatchObject({ action, code });
    expect(judged.message).toMatch(message);
  });

  it('keeps its Retry-After', () => {
    expect(judge(429, '', 7000).retryAfterMs).toBe(7000);
  });
});

describe('the reason', () => {
  it.each([
    ['the innermost message', nested('Deep.'), 'Deep.'],
    ['the detail where there is none', nested('Detail.', { innererror: {} }), 'Detail.'],
    ['the detail where it is null', nested('Detail.', { innererror: null }), 'Detail.'],
    ['the outer message', nested('', { details: [], innererror: undefined }), 'Invalid Operation'],
    ['the outer message where the others are empty', nested(''), 'Invalid Operation'],
    ['no stack', nested('Deep.\r\n   at Secret.Place() in d:\\x.cs:line 1\n at More()'), 'Deep.'],
    ['plain text', 'Please wait.', 'Please wait.'],
    ['nothing of a page', '<!DOCTYPE html><h1>Secret</h1>', ''],
    ['nothing of other JSON', '{"token":"secret"}', ''],
    ['nothing of a JSON text', '"secret"', ''],
    ['nothing of NUL bytes', '\0'.repeat(100), ''],
  ])('is %s', (_name, body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it('never throws, is short, and contains no NUL bytes', () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.string().map((message) => nested(`${message}\0${'x'.repeat(2000)}`)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), body, (status, text) => {
        const { message } = judge(status, text);
        expect(message).not.toContain('\0');
        expect(message.length).toBeLessThan(600);
      }),
    );
  });
});
