import { describe, expect, it } from 'vitest';
import { adatumId, errorOf, fabrikamId, tenantOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const consents = `POST /api/tenants/${fabrikamId}/consents`;
const granted = { name: 'consent', state: 'Granted' };
const refused = {
  ...{ name: 'exchangeRole', state: 'Refused', code: 'PartnerRoleMissing' },
  ...{ message: 'The user lacks a role.', cure: 'Add the role.' },
};

describe('customers', () => {
  it('shows all customers, and the state of those that are onboarded', async () => {
    const value = [
      { tenantId: adatumId, displayName: 'Adatum', registered: false },
      {
        tenantId: fabrikamId,
        displayName: 'Fabrikam',
        domain: 'fabrikam.example',
        registered: true,
        state: 'Active',
      },
    ];
    stage.reply('GET /api/customers', { body: { value } });
    const { exitCode, output } = await stage.run(['customers']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/Adatum +│ /);
    expect(output).toMatch(/Fabrikam +│ \S+ +│ fabrikam\.example +│ Active/);
  });

  it('says so where there are none', async () => {
    stage.reply('GET /api/customers', { body: { value: [] } });
    expect((await stage.run(['customers'])).output).toContain('lists no customers');
  });

  it('without a connection says what to configure', async () => {
    stage.reply('GET /api/customers', {
      status: 409,
      body: errorOf('PartnerCenterNotConfigured', 'Set AUDITKEEP_PARTNER_REFRESH_TOKEN.'),
    });
    const { exitCode, errors } = await stage.run(['customers']);
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: 'Set AUDITKEEP_PARTNER_REFRESH_TOKEN.\n' });
  });
});

describe('grant-consent', () => {
  it('shows what was granted, and exits with 0 when nothing is missing', async () => {
    stage.reply(consents, { body: { grants: [granted], tenant: tenantOf() } });
    const { exitCode, output } = await stage.run(['grant-consent', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/consent +│ Granted/);
    expect(stage.requests.map(({ body }) => body)).toEqual([{ exchangeRole: true }]);
  });

  it('passes options on', async () => {
    stage.reply(consents, { body: { grants: [granted], tenant: tenantOf() } });
    await stage.run(['grant-consent', fabrikamId, '--backfill', '--no-exchange-role']);
    expect(stage.requests.map(({ body }) => body)).toEqual([{ backfill: true, exchangeRole: false }]);
  });

  it.each([
    [
      'something was refused',
      { grants: [granted, refused], tenant: tenantOf() },
      /exchangeRole +│ Refused +│ /,
    ],
    [
      'the tenant is not active yet',
      { grants: [granted], tenant: tenantOf({ state: 'PendingConsent' }) },
      /checks the tenant again automatically/,
    ],
  ])('exits with 1 when %s, and says what it means', async (_what, body, said) => {
    stage.reply(consents, { body });
    const { exitCode, output } = await stage.run(['grant-consent', fabrikamId]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(said);
  });
});
