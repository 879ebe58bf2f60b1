/** Commands about sets of tenants: what is sent, and the tables. */
import { describe, expect, it } from 'vitest';
import { adatumId, enablementId, fabrikamId, tenantOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const path = `/api/enablements/${enablementId}`;

const rolloutOf = (status: string, changes: object = {}) => ({
  ...{ id: enablementId, status, tenants: 'tag:gold', dryRun: false, percentComplete: 0, tenantCount: 2 },
  ...{ notStartedCount: 0, runningCount: 2, waitingCount: 0, succeededCount: 0 },
  ...{ partiallySucceededCount: 0, failedCount: 0, canceledCount: 0 },
  ...{ createdDateTime: '2026-03-01T12:00:00Z', lastActionDateTime: '2026-03-01T12:00:00Z' },
  ...changes,
});

const failedRow = {
  ...{ tenantId: adatumId, tenantDisplayName: 'Adatum', status: 'Failed', enablementId },
  ...{ errorCode: 'ExchangeForbidden', errorMessage: 'Give the role.\nBy hand:\nSet-Something' },
};
const goodRow = {
  ...{ tenantId: fabrikamId, tenantDisplayName: 'Fabrikam', status: 'Succeeded', enablementId },
  changeCounts: { customization: 1, unifiedAuditLog: 1, mailboxes: 120, subscriptions: 0 },
};

function replyRollout(last: object): void {
  stage.reply('POST /api/enablements', {
    status: 202,
    body: rolloutOf('NotStarted'),
    headers: { 'operation-location': `${stage.baseUrl()}${path}`, 'retry-after': '10' },
  });
  stage.reply(`GET ${path}`, { body: rolloutOf('Running') }, { body: last });
  stage.reply(`GET ${path}/tenants`, {
    body: { value: [failedRow], nextLink: `https://proxy.example${path}/tenants?skiptoken=x` },
  });
  stage.reply(`GET ${path}/tenants?skiptoken=x`, { body: { value: [goodRow] } });
}

describe('enable', () => {
  it('of a set shows how many changes a dry run would make in each tenant, over all pages', async () => {
    replyRollout(rolloutOf('PartiallySucceeded', { dryRun: true, percentComplete: 100, failedCount: 1 }));
    const { exitCode, output, errors } = await stage.run(['enable', 'tag:gold', '--dry-run']);
    expect(exitCode).toBe(1);
    expect(stage.requests[0]).toMatchObject({
      target: 'POST /api/enablements',
      body: { tenants: 'tag:gold', dryRun: true },
    });
    expect(errors).toContain('  0 %  2 running, 0 waiting, 0 failed\n');
    expect(output).toMatch(/Fabrikam │ Succeeded │ 2 +│ 120 +│ +│ 0 /);
    expect(output).toMatch(/Adatum +│ Failed +│ +│ +│ +│ +│ ExchangeForbidden/);
    expect(output).not.toContain('Set-Something');
    expect(output).toContain('count what would change. The dry run ended: PartiallySucceeded.');
  });

  it.each(['*', 'tag:gold', `${fabrikamId},adatum.example`])('takes %s as a set', async (tenants) => {
    replyRollout(rolloutOf('Succeeded'));
    expect((await stage.run(['enable', tenants])).exitCode).toBe(0);
    expect(stage.requests[0]?.body).toEqual({ tenants });
  });

  it('takes a display name with a comma as one tenant', async () => {
    stage.reply('GET /api/tenants', { body: { value: [] } });
    const { errors } = await stage.run(['enable', 'Contoso, Ltd.']);
    expect(errors).toContain('Tenant Contoso, Ltd. does not exist');
  });

  it('of a set is canceled by Ctrl-C', async () => {
    replyRollout(rolloutOf('Canceled'));
    stage.reply(`POST ${path}/cancel`, { status: 202, body: rolloutOf('Running') });
    const { exitCode } = await stage.run(['enable', '*'], { interruptAt: 1 });
    expect(exitCode).toBe(1);
    expect(stage.requests.map(({ target }) => target)).toContain(`POST ${path}/cancel`);
  });
});

describe('posture', () => {
  it('lists the posture of all tenants, the worst first, and exits with 1 if auditing has a problem', async () => {
    const checkedDateTime = '2026-03-01T04:23:00Z';
    const worst = {
      ...{ tenantId: adatumId, tenantDisplayName: 'Adatum', unifiedAuditLog: false, checkedDateTime },
      ...{ problems: ['The unified audit log is off.'], drift: [] },
    };
    const never = { tenantId: fabrikamId, tenantDisplayName: 'Fabrikam', problems: [], drift: [] };
    stage.reply('GET /api/posture?tenants=*', { body: { value: [worst, never] } });
    const { exitCode, output } = await stage.run(['posture']);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/Adatum +│ off +│ The unified audit log is off\. │ 2026-03-01 04:23 UTC/);
    expect(output).toMatch(/Fabrikam │ not known │ +│ never/);
    stage.reply('GET /api/posture?tenants=tag%3Agold', { body: { value: [never] } });
    expect((await stage.run(['posture', 'tag:gold'])).exitCode).toBe(0);
  });
});

describe('tags', () => {
  it('are set by add, and shown by list', async () => {
    stage.reply('POST /api/tenants', { body: tenantOf() });
    await stage.run(['add', 'fabrikam.example', '--tags', 'gold,emea']);
    expect(stage.requests[0]?.body).toMatchObject({ tags: ['gold', 'emea'] });
    stage.reply('GET /api/tenants', { body: { value: [tenantOf({ tags: ['emea', 'gold'] })] } });
    expect((await stage.run(['list'])).output).toMatch(/fabrikam\.example │ emea gold │ Active/);
  });
});
