import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../scripts/tenant/settings.ts';
import { UsageError } from '../../../scripts/command-line/failure.ts';
import { clientKey } from '../../support/made-up-answers.ts';

const read = (url: string, key: string = clientKey) =>
  readSettings({ AUDITKEEP_URL: url, AUDITKEEP_KEY: key });

describe('the settings of the command', () => {
  it.each([
    ['https://myapp.azurewebsites.net', 'https://myapp.azurewebsites.net/api/'],
    ['https://myapp.azurewebsites.net/', 'https://myapp.azurewebsites.net/api/'],
    ['https://myapp.azurewebsites.net/api', 'https://myapp.azurewebsites.net/api/'],
    [' https://myapp.azurewebsites.net/api/ ', 'https://myapp.azurewebsites.net/api/'],
    ['https://gateway.example/audit', 'https://gateway.example/audit/api/'],
    ['http://localhost:7071', 'http://localhost:7071/api/'],
    ['http://127.0.0.1:7071/api', 'http://127.0.0.1:7071/api/'],
    ['http://[::1]:7071', 'http://[::1]:7071/api/'],
  ])('read %s as %s', (url, expected) => {
    expect(read(url).apiUrl.href).toBe(expected);
  });

  it.each([
    ['', /^AUDITKEEP_URL is missing/],
    ['myapp', /^AUDITKEEP_URL must be an absolute URL/],
    ['http://myapp.azurewebsites.net', /^AUDITKEEP_URL must begin with https/],
    ['http://127.evil.example', /^AUDITKEEP_URL must begin with https/],
    ['http://localhost.evil.example', /^AUDITKEEP_URL must begin with https/],
    ['http://localhost@evil.example', /^AUDITKEEP_URL must begin with https/],
    ['file:///etc/passwd', /^AUDITKEEP_URL must begin with https/],
    [
      'https://user:secret@myapp.azurewebsites.net',
      /^AUDITKEEP_URL must not have a user, a query or a fragment/,
    ],
    ['https://myapp.azurewebsites.net/?code=x', /^AUDITKEEP_URL must not have a user, a query or a fragment/],
  ])('refuse the address %j', (url, message) => {
    expect(() => read(url)).toThrow(UsageError);
    expect(() => read(url)).toThrow(message);
  });

  it('require a key that fits into a header, and never show it', () => {
    expect(() => readSettings({ AUDITKEEP_URL: 'https://myapp.azurewebsites.net' })).toThrow(
      /^AUDITKEEP_KEY is missing/,
    );
    expect(() => read('https://myapp.azurewebsites.net', 'secret\nkey')).toThrow(
      /^AUDITKEEP_KEY must be a client key/,
    );
    expect(() => read('https://myapp.azurewebsites.net', 'secret\nkey')).not.toThrow(/secret/);
    expect(read('https://myapp.azurewebsites.net').key).toBe(clientKey);
  });
});
