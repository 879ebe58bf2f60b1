import { describe, expect, it } from 'vitest';
import type { EnablementStep, StepName } from '../../../shared/enablement/enablement.ts';
import type { SimulatedExchange } from '../../simulator/exchange/exchange-schema.ts';
import type { FaultEffect } from '../../simulator/faults.ts';
import { stepOf } from '../../support/enablement-world.ts';
import { useEnabling, type EnabledTenant } from './enabling.ts';

const newTenant = useEnabling();
const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451';

/** Code and text that a user reads of a step. */
const seen = ({ status, errorCode = '', errorMessage = '' }: EnablementStep) => ({
  ...{ status, errorCode, lines: errorMessage.split('\n') },
});

describe('what Exchange refuses', () => {
  const adminRole =
    'The application may sign in to Exchange but not do this: give its service principal the role Exchange ' +
    'Administrator in this tenant (Entra ID, Roles and administrators). It can take an hour to take effect.';
  interface Case {
    readonly name: string;
    readonly exchange?: SimulatedExchange;
    readonly before?: (tenant: EnabledTenant) => void;
    readonly request?: object;
    readonly step: StepName;
    readonly status?: EnablementStep['status'];
    readonly errorCode: string;
    readonly text: string;
  }
  const fault = (effect: FaultEffect) => (tenant: EnabledTenant) => {
    const match = { operation: 'exchange', tenantId: tenant.tenantId } as const;
    tenant.simulator.faults.add({ match, effect });
  };
  const cases: readonly Case[] = [
    {
      ...{ name: 'no permission at all (401)', step: 'customization', errorCode: 'ExchangeUnauthorized' },
      before: ({ simulator, tenantId }) =>
        void simulator.changePolicy(tenantId, { grantedRoles: ['ActivityFeed.Read'] }),
      text:
        'Exchange knows neither the permission Exchange.ManageAsApp nor a role of this application: give admin ' +
        'consent, and the role Exchange Administrator to its service principal.',
    },
    {
      ...{
        name: 'no directory role (403, NUL bytes)',
        step: 'customization',
        errorCode: 'ExchangeForbidden',
      },
      ...{ exchange: { directoryRoles: [] }, text: adminRole },
    },
    {
      ...{ name: 'a role that only reads', step: 'unifiedAuditLog', errorCode: 'ExchangeForbidden' },
      exchange: { directoryRoles: [globalReader], unifiedAuditLog: false },
      text: adminRole,
    },
    {
      ...{ name: 'a role that only reads, in a batch', step: 'mailboxes', errorCode: 'ExchangeForbidden' },
      exchange: { directoryRoles: [globalReader], generate: { counts: { UserMailbox: 25 }, unaudited: 1 } },
      request: { workloads: ['mailboxes'] },
      text: adminRole,
    },
    {
      ...{ name: 'a dehydrated organization', step: 'unifiedAuditLog', errorCode: 'ExchangeDehydrated' },
      exchange: { unifiedAuditLog: false },
      before: ({ simulator, tenantId }) => {
        const match = { operation: 'exchange', tenantId, cmdlet: 'Set-AdminAuditLogConfig' } as const;
        const message =
          "The command you tried to run isn't currently allowed in your organization. To run this command, you " +
          'first need to run the command: Enable-OrganizationCustomization.';
        simulator.faults.add({ match, effect: { kind: 'error', status: 400, code: 'BadRequest', message } });
      },
      text: 'The organization does not allow changes yet; Enable-OrganizationCustomization can take an hour.',
    },
    {
      ...{ name: 'any other refusal (400, nested)', step: 'customization', status: 'Failed' },
      before: fault({
        kind: 'error',
        status: 400,
        code: 'BadRequest',
        message: 'Parameter set cannot be resolved.',
      }),
      ...{ errorCode: 'ExchangeRefused', text: 'Exchange answered: Parameter set cannot be resolved.' },
    },
    {
      ...{ name: 'too many requests, in plain text', step: 'customization', errorCode: 'ExchangeBusy' },
      ...{ before: fault({ kind: 'throttled' }), text: 'Exchange is throttling requests.' },
    },
    {
      ...{ name: 'too many requests, with a time', step: 'customization', errorCode: 'ExchangeBusy' },
      before: fault({ kind: 'too-many-requests', retryAfterSeconds: 1800 }),
      text: 'Exchange is throttling requests.',
    },
    ...[408, 503, 504].map((status): Case => ({
      ...{ name: `${status}`, step: 'customization', errorCode: `HTTP${status}` },
      before: fault({ kind: 'error', status, code: 'System.TimeoutException', message: 'Too busy.' }),
      text: 'Exchange answered: Too busy.',
    })),
    {
      ...{ name: "a proxy's page (502)", step: 'customization', errorCode: 'HTTP502' },
      ...{ before: fault({ kind: 'html', status: 502 }), text: 'Exchange answered 502.' },
    },
    {
      ...{ name: 'a page in place of an answer (200)', step: 'customization', errorCode: 'UnexpectedAnswer' },
      before: fault({ kind: 'html', status: 200 }),
      text: 'Exchange returned an unexpected response.',
    },
    {
      ...{ name: 'a connection that breaks', step: 'customization', errorCode: 'ECONNRESET' },
      ...{
        before: fault({ kind: 'connection-reset' }),
        text: 'Could not reach Microsoft (ECONNRESET).',
      },
    },
    {
      ...{
        name: 'a name that does not exist',
        step: 'mailboxes',
        status: 'Failed',
        errorCode: 'MailboxesRefused',
      },
      request: { workloads: ['mailboxes'], mailboxes: ['unknown@fabrikam.example'] },
      text:
        "unknown@fabrikam.example: Exchange answered: The operation couldn't be performed because object " +
        "'unknown@fabrikam.example' couldn't be found.",
    },
    {
      ...{ name: 'a name of two', step: 'mailboxes', status: 'Failed', errorCode: 'MailboxesRefused' },
      exchange: {
        mailboxes: ['a', 'b'].map((at) => ({
          primarySmtpAddress: `${at}@fabrikam.example`,
          displayName: 'Same Name',
        })),
      },
      request: { workloads: ['mailboxes'], mailboxes: ['Same Name'] },
      text: "Same Name: Exchange answered: The operation couldn't be performed because 'Same Name' matches multiple entries.",
    },
    {
      ...{
        name: 'a filter it cannot read',
        step: 'mailboxes',
        status: 'Failed',
        errorCode: 'ExchangeRefused',
      },
      request: { workloads: ['mailboxes'], mailboxes: { filter: 'nonsense' } },
      text:
        `Exchange answered: Cannot bind parameter 'Filter' to the target. Exception setting "Filter": "Invalid filter ` +
        `syntax: nonsense"`,
    },
    {
      ...{
        name: 'an action that is none, stored by an earlier version',
        step: 'mailboxes',
        status: 'Failed',
        errorCode: 'MailboxesRefused',
      },
      exchange: { mailboxes: [{ primarySmtpAddress: 'anna@fabrikam.example', displayName: 'Anna' }] },
      request: { workloads: ['mailboxes'], owner: ['Nonsense'] },
      text:
        "anna@fabrikam.example: Nonsense (owner): Exchange answered: Cannot process argument transformation on parameter 'AuditOwner'. " +
        'Cannot convert value "Nonsense" to a mailbox action of the logon type Owner.',
    },
  ];
  it.each(cases)(
    '$name',
    async ({ exchange = {}, before, request, step, status = 'Waiting', ...expected }) => {
      const tenant = await newTenant({ exchange, auditingEnabled: true });
      before?.(tenant);
      const answer = seen(stepOf(await tenant.firstAnswer(request), step));
      expect(answer).toMatchObject({ status, errorCode: expected.errorCode });
      expect(answer.lines[0]).toBe(expected.text);
    },
  );

  it('permanently is reported with the PowerShell commands', async () => {
    const tenant = await newTenant();
    fault({ kind: 'error', status: 400, code: 'BadRequest', message: 'Not here.' })(tenant);
    const done = await tenant.run({ workloads: ['organization'] });
    expect(stepOf(done, 'organizationAuditing').errorMessage).toBe(
      [
        'Exchange answered: Not here.',
        'By hand:',
        'Install-Module ExchangeOnlineManagement -Scope CurrentUser',
        `Connect-ExchangeOnline -DelegatedOrganization ${tenant.tenantId}`,
        'Set-OrganizationConfig -AuditDisabled $false',
      ].join('\n'),
    );
    expect(done.status).toBe('Failed');
  });

  it('and later grants is completed: consent and roles take effect late', async () => {
    const tenant = await newTenant({ exchange: { directoryRoles: [], unifiedAuditLog: false } });
    const { id } = await tenant.start();
    await tenant.work({ work: { id } });
    expect(stepOf(await tenant.read(id), 'customization').status).toBe('Waiting');
    const directoryRoles = ['29232cdf-9323-42fd-ade2-1d097af3e4de'];
    tenant.simulator.changeSettings({ directoryRoleDelayMs: 30 * 60_000 });
    tenant.simulator.changePolicy(tenant.tenantId, { directoryRoles });
    expect((await tenant.drain(id)).status).toBe('Succeeded');
  });
});

describe('what the feed refuses', () => {
  it('for lack of a permission is reported for its content type, and the others are started', async () => {
    const tenant = await newTenant({ contentTypes: ['DLP.All', 'Audit.Exchange'] });
    tenant.simulator.changePolicy(tenant.tenantId, {
      grantedRoles: ['ActivityFeed.Read', 'Exchange.ManageAsApp'],
    });
    const match = { operation: 'start', contentType: 'DLP.All' } as const;
    tenant.simulator.faults.add({ match, effect: { kind: 'error', status: 401, code: 'AF10001' } });
    const done = await tenant.run({ workloads: ['feed'] });
    expect(stepOf(done, 'subscriptions')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'SubscriptionsRefused', after: { enabled: ['Audit.Exchange'] } },
      errorMessage:
        'DLP.All: Give admin consent for the application permission ActivityFeed.Read (DLP.All: ' +
        'ActivityFeed.ReadDlp) in this tenant.',
    });
  });

  it('because auditing is not on yet delays the run, with a text that says so', async () => {
    const tenant = await newTenant({ auditingEnabled: false, exchange: { unifiedAuditLog: true } });
    const step = stepOf(await tenant.firstAnswer({ workloads: ['feed'] }), 'subscriptions');
    expect(step).toMatchObject({
      ...{ status: 'Waiting', errorCode: 'TenantDoesNotExist' },
      errorMessage: 'Switch the unified audit log on in this tenant; it can take hours until the feed knows.',
    });
  });
});

describe('what sign-in refuses', () => {
  const texts: readonly (readonly [numbers: readonly number[], text: RegExp])[] = [
    [[7000215], /secret is wrong: use its value, not its id/],
    [[7000222], /secret has expired: create a new one/],
    [
      [700027, 50012, 50013, 500133],
      /certificate or assertion was refused.*has expired, or a clock is wrong/,
    ],
    [[7000218, 700025], /does not accept this kind of credential/],
    [
      [700016, 700011],
      /unknown in the tenant: give admin consent there, or check the tenant ID and client ID/,
    ],
    [[7000229], /no service principal in the tenant: give admin consent/],
    [[7000112, 70001], /is disabled in the tenant/],
    [[65001, 90094, 90095], /has consented yet: send the admin consent link/],
    [[65004], /declined the consent/],
    [[650051], /permission that no longer exists/],
    [
      [650052, 500011, 650057, 50001],
      /does not have the requested service.*no license for it, or the service is not set up yet/,
    ],
    [[650056], /permission is missing from the app registration/],
    [[90002], /no tenant with this ID: check it, and whether the tenant is in another cloud/],
    [[90038, 900382, 900432], /national cloud/],
    [[90099], /Partner Center/],
    [[50194], /single-tenant: make it multi-tenant/],
    [[9001023, 50059, 50128], /requires a tenant/],
    [[70011, 700022], /scope is wrong/],
    [[53003, 530034, 500212, 500213], /Conditional Access or cross-tenant policy/],
    [[700229], /managed identity in the same tenant/],
    [[70000, 70008, 700082, 50173], /./],
  ];
  const cases = texts.flatMap(([numbers, text]) => numbers.map((aadsts) => ({ aadsts, text })));
  it.each(cases)('AADSTS$aadsts', async ({ aadsts, text }) => {
    const tenant = await newTenant();
    tenant.simulator.faults.add({ match: { operation: 'token' }, effect: { kind: 'sign-in-error', aadsts } });
    const step = stepOf(await tenant.firstAnswer({ dryRun: true }), 'customization');
    expect(step).toMatchObject({ status: 'Failed', errorCode: `AADSTS${aadsts}` });
    const [first = '', second] = step.errorMessage?.split('\n') ?? [];
    expect(first).toMatch(text);
    expect(first).not.toMatch(/Trace ID|AADSTS/);
    expect(second).toBe('By hand:');
  });
});
