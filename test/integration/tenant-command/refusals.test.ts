import { describe, expect, it } from 'vitest';
import { clientKey, enablementOf, errorOf, fabrikamId, tenantOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const tenants = 'GET /api/tenants';
const good = { body: { value: [tenantOf()] } };

describe('what is refused', () => {
  it.each([
    [
      401,
      errorOf('Unauthorized', 'Send a valid client key in the header x-api-key.'),
      /^The key in AUDITKEEP_KEY is not valid/,
    ],
    [
      403,
      errorOf('Forbidden', 'It needs the scope tenants.manage.'),
      /^It needs the scope tenants\.manage\.$/,
    ],
    [403, 'IP address blocked', /^Access is denied before the request reaches Auditkeep/],
    [404, errorOf('TenantNotFound', 'There is no such tenant.'), /^There is no such tenant\.$/],
    [
      404,
      '<h1>Not found</h1>',
      /^Auditkeep does not answer here, or is an old version: check AUDITKEEP_URL\. \(404 from http:/,
    ],
    [302, '', /^The address redirects to https:\/\/portal\.example\/: set AUDITKEEP_URL/],
    [200, '<h1>Sign in</h1>', /^This is not an answer from Auditkeep: check AUDITKEEP_URL/],
    [200, { value: [{ tenantId: 'x' }] }, /^Unexpected answer to GET tenants \(value\.0\.tenantId\)/],
  ])('is one line that says what to do, without a retry: %d %j', async (status, body, message) => {
    stage.reply(tenants, { status, body, headers: { location: 'https://portal.example/' } });
    const { exitCode, output, errors } = await stage.run(['list']);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors.trimEnd()).toMatch(message);
    expect(errors.trimEnd()).not.toContain('\n');
    expect(errors).not.toContain(clientKey);
    expect(stage.requests).toHaveLength(1);
  });

  it.each([408, 429, 500, 503])('with %d is retried, and reported if it persists', async (status) => {
    const refusal = { status, body: errorOf('Busy', 'Too much to do.'), headers: { 'retry-after': '3' } };
    stage.reply(tenants, refusal, refusal, good);
    const helped = await stage.run(['list']);
    expect({ exitCode: helped.exitCode, waits: helped.waits }).toEqual({ exitCode: 0, waits: [3000, 3000] });
    expect(helped.errors).toBe('Retrying: Too much to do. Retry after 3 seconds.\n');
    stage.reply(tenants, refusal);
    stage.requests.length = 0;
    expect((await stage.run(['list'])).exitCode).toBe(1);
    expect(stage.requests).toHaveLength(5);
  });

  it('with the 429 of a busy host, which has neither a body nor Retry-After, is retried', async () => {
    stage.reply(tenants, { status: 429 }, { status: 429 }, { status: 429 }, good);
    const { exitCode, waits, errors } = await stage.run(['list']);
    expect(exitCode).toBe(0);
    expect(waits).toHaveLength(3);
    expect(errors).toContain('Retrying: Auditkeep is too busy: retry later. (429 from http');
  });

  it('with a long wait is left to the user', async () => {
    const headers = { 'retry-after': '600', 'x-ms-request-id': 'r1' };
    stage.reply(tenants, { status: 503, headers, body: 'busy' });
    const { errors, waits } = await stage.run(['list']);
    expect(waits).toEqual([]);
    expect(errors).toMatch(/^Auditkeep is failing.*\(x-ms-request-id r1\) Retry after 600 seconds\.\n$/);
  });

  it('is retried when the connection is reset', async () => {
    stage.reply(tenants, { breaksOff: true }, good);
    const { exitCode, errors } = await stage.run(['list']);
    expect(exitCode).toBe(0);
    expect(errors).toMatch(/^Retrying: http:.* could not be reached: the connection was reset/);
  });

  it('says so where nothing listens', async () => {
    const env = { AUDITKEEP_URL: 'http://127.0.0.1:1', AUDITKEEP_KEY: clientKey };
    const { exitCode, errors } = await stage.run(['list'], { env });
    expect(exitCode).toBe(1);
    expect(errors).toContain('http://127.0.0.1:1 could not be reached: nothing listens there');
    expect(errors).not.toContain(clientKey);
  });

  it('never sends the key to another host', async () => {
    const headers = { 'operation-location': 'http://127.0.0.1:1//evil.example/api/x?y=1' };
    stage.reply(`POST /api/tenants/${fabrikamId}/enablements`, {
      status: 202,
      headers,
      body: enablementOf('Running'),
    });
    stage.reply('GET //evil.example/api/x?y=1', { body: enablementOf('Succeeded') });
    expect((await stage.run(['enable', fabrikamId])).exitCode).toBe(0);
  });

  it('as JSON is the answer too', async () => {
    const body = errorOf('Forbidden', 'It needs the scope tenants.manage.');
    stage.reply(tenants, { status: 403, body });
    const { exitCode, output, errors } = await stage.run(['list', '--json']);
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: 'It needs the scope tenants.manage.\n' });
    expect(JSON.parse(output)).toEqual(body);
  });
});

describe('invalid usage', () => {
  it.each([
    [['nonsense'], undefined, /^Unknown command 'nonsense'/],
    [['list'], {}, /^AUDITKEEP_URL is missing/],
    [['list'], { AUDITKEEP_URL: 'https://myapp.azurewebsites.net' }, /^AUDITKEEP_KEY is missing/],
  ])('exits with 2 and one line: %j', async (args, env, message) => {
    const { exitCode, output, errors } = await stage.run(args, env === undefined ? {} : { env });
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(message);
    expect(errors.trimEnd()).not.toContain('\n');
    expect(stage.requests).toEqual([]);
  });

  it('is explained by --help, without any setting', async () => {
    const { exitCode, output, errors } = await stage.run(['enable', '--help'], { env: {} });
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toContain('AUDITKEEP_URL');
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
