/** Access to the simulated Exchange admin endpoint, and valid commands. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adatum, fabrikam, graphScope, tenantOf } from './simulator-client.ts';
import {
  anchorOf,
  commandOf,
  diagnosticsOf,
  exchangeScope,
  problemOf,
  resultOf,
  startExchange,
  type ExchangeClient,
} from './exchange-client.ts';

const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451';
const complianceAdministrator = '17315797-102d-40b4-93e0-432062caca18';
const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';

let client: ExchangeClient;

beforeEach(async () => {
  client = await startExchange();
});

afterEach(() => client.stop());

const getConfig = (options?: Parameters<ExchangeClient['invoke']>[2]) =>
  client.invoke('Get-OrganizationConfig', {}, options);

const setConfig = () => client.invoke('Set-OrganizationConfig', { AuditDisabled: false });

describe('without a grant', () => {
  it.each(['', 'made up'])('a token that is "%s" answers 401', async (token) => {
    const refused = await getConfig({ token });
    expect([refused.status, refused.data]).toEqual([401, '']);
  });

  it('a token for another API answers 401', async () => {
    expect((await getConfig({ token: await client.token(fabrikam, graphScope) })).status).toBe(401);
  });

  it('a token without Exchange.ManageAsApp answers 401', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['ActivityFeed.Read'] });
    expect((await getConfig({ token: await client.token(fabrikam, exchangeScope) })).status).toBe(401);
  });
});

describe('with only the application role', () => {
  it('the answer is 403 in NUL bytes with the reason in a header', async () => {
    client.simulator.changePolicy(fabrikam, { directoryRoles: [] });
    expect(diagnosticsOf(await getConfig())).toContain('no directory role');
  });

  it.each([exchangeAdministrator, complianceAdministrator])(
    'the directory role %s allows everything',
    async (role) => {
      client.simulator.changePolicy(fabrikam, { directoryRoles: [role] });
      expect((await setConfig()).status).toBe(200);
    },
  );

  it('a read-only role allows reading', async () => {
    client.simulator.changePolicy(fabrikam, { directoryRoles: [globalReader] });
    expect((await getConfig()).status).toBe(200);
    expect(diagnosticsOf(await setConfig())).toContain('Set-OrganizationConfig');
  });

  it('a new directory role takes effect after its delay', async () => {
    client.simulator.changePolicy(fabrikam, { directoryRoles: [] });
    client.simulator.changeSettings({ directoryRoleDelayMs: 60_000 });
    client.simulator.changePolicy(fabrikam, { directoryRoles: [exchangeAdministrator] });
    expect((await getConfig()).status).toBe(403);
    client.simulator.moveClock(61_000);
    expect((await getConfig()).status).toBe(200);
  });
});

describe('a forbidden command', () => {
  it('is one that does not exist', async () => {
    expect(diagnosticsOf(await client.invoke('Remove-Everything'))).toContain('Remove-Everything');
  });

  it('is any command in another tenant', async () => {
    client.simulator.addTenant(tenantOf(adatum));
    expect(diagnosticsOf(await getConfig({ tenantId: adatum }))).toContain('another tenant');
  });
});

describe('the anchor mailbox', () => {
  it('is required', async () => {
    const refused = await getConfig({ headers: { 'X-AnchorMailbox': undefined } });
    expect(problemOf(refused)).toBe('400 The X-AnchorMailbox header is missing.');
  });

  it('must be in the same organization', async () => {
    const refused = await getConfig({ headers: { 'X-AnchorMailbox': anchorOf(adatum) } });
    expect(problemOf(refused)).toContain('is in another organization');
  });

  it('must be the right one for the audit switch if anchors are checked strictly', async () => {
    client.simulator.changeSettings({ strictAnchor: true });
    const anchor = `APP:SystemMailbox{8cc370d3-822a-4ab8-a926-bb94bd0641a9}@${fabrikam}`;
    const turnOn = (headers: Record<string, string>) =>
      client.invoke('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: true }, { headers });
    expect(problemOf(await turnOn({}))).toContain('does not lead to the mailbox');
    expect((await turnOn({ 'X-AnchorMailbox': anchor })).status).toBe(200);
    expect((await getConfig()).status).toBe(200);
  });
});

describe('a body', () => {
  it.each([[null], [[]], ['text']])('with the parameters %j is refused', async (parameters) => {
    const refused = await client.send('InvokeCommand', commandOf('Get-OrganizationConfig', parameters));
    expect(problemOf(refused)).toContain('The command is not valid');
  });

  it.each(['{', '{}', '[]'])('of %s is refused', async (body) => {
    expect((await client.send('InvokeCommand', body)).status).toBe(400);
  });

  it('with a parameter that the cmdlet does not have is refused', async () => {
    expect(problemOf(await client.invoke('Get-OrganizationConfig', { Color: 'red' }))).toBe(
      "400 A parameter cannot be found that matches parameter name 'Color'.",
    );
  });

  it('without a parameter that the cmdlet requires is refused', async () => {
    expect(problemOf(await client.invoke('Set-Mailbox', { AuditEnabled: true }))).toContain(
      'missing mandatory parameters: Identity',
    );
  });
});

describe('a result', () => {
  it('always has a list of warnings, and only the selected properties', async () => {
    const answer = await client.send(
      'InvokeCommand?$select=UnifiedAuditLogIngestionEnabled',
      commandOf('Get-AdminAuditLogConfig', {}),
    );
    expect(resultOf(answer)).toMatchObject({
      '@adminapi.warnings': [],
      value: [{ UnifiedAuditLogIngestionEnabled: true }],
    });
    expect(Object.keys(resultOf(answer).value[0] ?? {})).toEqual(['UnifiedAuditLogIngestionEnabled']);
  });

  it('of a write cmdlet is empty', async () => {
    expect(resultOf(await setConfig()).value).toEqual([]);
  });
});

describe('concurrency', () => {
  it('beyond the limit of the tenant is refused in plain text', async () => {
    client.simulator.changeSettings({ exchangeConcurrency: 2, exchangeLatencyMs: 2000 });
    const answers = await Promise.all([getConfig(), getConfig(), getConfig(), getConfig()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers['content-type']).toContain('text/plain');
    expect(refused?.data).toContain('maximum number of concurrent requests per tenant');
    expect((await getConfig()).status).toBe(200);
  });
});
