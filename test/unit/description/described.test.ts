/** The check that every answer of this suite passes through: it must find what is not declared. */
import { describe, expect, it } from 'vitest';
import { undeclared, type SeenAnswer } from '../../support/described.ts';

const sound: SeenAnswer = {
  ...{ method: 'GET', url: 'https://audit.example/api/health', status: 200, body: '{"status":"ok"}' },
  headers: { 'content-type': 'application/json', etag: '"1"', 'x-ms-request-id': '1' },
};
const error = { error: { code: 'Unauthorized', message: 'Send a key.' } };

describe('an answer', () => {
  it('that is as described passes', () => {
    expect(undeclared(sound)).toEqual([]);
    expect(undeclared({ ...sound, status: 304, body: '' })).toEqual([]);
    const refused = {
      ...sound,
      url: 'https://audit.example/api/tenants',
      status: 401,
      body: JSON.stringify(error),
    };
    expect(undeclared({ ...refused, headers: { 'content-type': 'application/json' } })).toEqual([]);
  });

  it('with another status, header, member, body or media type does not', () => {
    expect(undeclared({ ...sound, status: 418 })).toHaveLength(1);
    expect(undeclared({ ...sound, headers: { ...sound.headers, 'x-powered-by': 'x' } })).toEqual([
      'header x-powered-by',
    ]);
    expect(undeclared({ ...sound, body: '{"status":"ok","more":1}' })).toEqual(['member more of the body']);
    expect(undeclared({ ...sound, body: '{"status":"bad"}' })).toHaveLength(1);
    expect(undeclared({ ...sound, body: '{}' })).toHaveLength(1);
    expect(undeclared({ ...sound, status: 304 })).toEqual(['a body']);
    expect(undeclared({ ...sound, headers: { 'content-type': 'text/html' } })).toEqual([
      'media type text/html',
    ]);
    expect(undeclared({ ...sound, url: 'https://audit.example/api/nothing' })).toEqual(['the operation']);
  });

  it('of the host itself, where no function matches, passes', () => {
    expect(undeclared({ ...sound, url: 'https://audit.example/api/nothing', status: 404, body: '' })).toEqual(
      [],
    );
  });
});
