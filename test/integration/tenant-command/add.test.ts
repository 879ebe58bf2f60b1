import { describe, expect, it } from 'vitest';
import {
  clientKey,
  consentUrl,
  enablementOf,
  enablementPath,
  errorOf,
  fabrikamId,
  failed,
  pendingTenant,
  tenantOf,
} from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const checks = `POST /api/tenants/${fabrikamId}/checks`;
const enablements = `POST /api/tenants/${fabrikamId}/enablements`;

describe('add', () => {
  it('registers with the key and shows the link to consent by, whole', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    const { exitCode, output, errors } = await stage.run(['add', 'fabrikam.example', '--name', 'Fabrikam']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toContain(`Fabrikam (${fabrikamId}) is PendingConsent.`);
    expect(output.split('\n')).toContain(consentUrl);
    expect(output).toContain('until 2026-03-02 12:00 UTC');
    expect(stage.requests).toEqual([
      {
        target: 'POST /api/tenants',
        key: clientKey,
        body: { domain: 'fabrikam.example', displayName: 'Fabrikam' },
      },
    ]);
  });

  it('shows what else is missing, and what to do', async () => {
    const missing = failed('exchangeRole', 'The role is missing.', 'Assign Exchange Administrator.');
    stage.reply('POST /api/tenants', { body: tenantOf({ checks: [missing] }) });
    const { exitCode, output } = await stage.run(['add', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/exchangeRole .*Failed .*The role is missing\./);
    expect(output).toContain('Assign Exchange Administrator.');
  });

  it('as JSON is the answer alone', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    const { output, errors } = await stage.run(['add', fabrikamId, '--json']);
    expect(errors).toBe('');
    expect(JSON.parse(output)).toEqual(pendingTenant);
  });

  it('waits for the consent, telling what is missing once', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    stage.reply(checks, { body: pendingTenant }, { body: pendingTenant }, { body: tenantOf() });
    const { exitCode, output, errors, waits } = await stage.run(['add', fabrikamId, '--wait']);
    expect(exitCode).toBe(0);
    expect(waits).toEqual([10_000, 10_000, 10_000]);
    expect(errors.split('\n').filter((line) => line === consentUrl)).toHaveLength(1);
    expect(errors.match(/The consent is missing/g)).toHaveLength(1);
    expect(output).toBe(`Fabrikam (${fabrikamId}) is Active.\n`);
  });

  it('waits no longer than an hour', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    stage.reply(checks, { body: pendingTenant });
    const { exitCode, output, waits } = await stage.run(['add', fabrikamId, '--wait']);
    expect(exitCode).toBe(1);
    expect(waits).toHaveLength(360);
    expect(output).toContain('is PendingConsent');
  });

  it('keeps waiting while the deployment is unreachable', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    const away = Array.from({ length: 6 }, () => ({ status: 503, body: errorOf('Away', 'Just now.') }));
    stage.reply(checks, ...away, { body: tenantOf() });
    const { exitCode, errors } = await stage.run(['add', fabrikamId, '--wait']);
    expect(exitCode).toBe(0);
    expect(errors.match(/Retrying: Just now\./g)).toHaveLength(1);
    expect(errors).toContain('waiting until the API can be reached again');
  });

  it('does not wait for a tenant that has consented', async () => {
    stage.reply('POST /api/tenants', { body: tenantOf() });
    const { exitCode, waits } = await stage.run(['add', fabrikamId, '--wait']);
    expect({ exitCode, waits }).toEqual({ exitCode: 0, waits: [] });
  });

  it('with --enable turns auditing on as soon as the consent is there', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    stage.reply(checks, { body: pendingTenant }, { body: tenantOf() });
    stage.reply(enablements, {
      status: 202,
      body: enablementOf('NotStarted'),
      headers: { 'operation-location': `https://elsewhere.example${enablementPath}`, 'retry-after': '3' },
    });
    stage.reply(`GET ${enablementPath}`, { body: enablementOf('Succeeded') });
    const { exitCode, output } = await stage.run(['add', fabrikamId, '--enable', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual(enablementOf('Succeeded'));
  });

  it('with --enable starts nothing without the consent', async () => {
    stage.reply('POST /api/tenants', { status: 201, body: pendingTenant });
    stage.reply(checks, { body: pendingTenant });
    expect((await stage.run(['add', fabrikamId, '--enable'])).exitCode).toBe(1);
    expect(stage.requests.map(({ target }) => target)).not.toContain(enablements);
  });
});
