/** `npm run register-app`: creates and completes the app registration, and changes nothing where nothing is missing. */
import { afterEach, describe, expect, it } from 'vitest';
import { microsoftApis } from '../../simulator/applications-data.ts';
import {
  appUrl,
  callback,
  outcomeOf,
  publisher,
  startRegistering,
  type Registering,
  type RegisteringOptions,
} from './registering.ts';

let world: Registering;

const start = async (options?: RegisteringOptions): Promise<Registering> => {
  world = await startRegistering(options);
  return world;
};

afterEach(() => world.stop());

/** With all that is known once the app is deployed. */
const everything = (): string[] => [
  ...['--url', appUrl, '--identity', world.simulator.managedIdentity.principalId],
];

const application = () => {
  const [found, ...others] = world.registered.applications.all();
  if (found === undefined || others.length > 0) throw new Error('There is not exactly one application.');
  return found;
};

const permissionId = (value: string): string =>
  microsoftApis.flatMap(({ appRoles }) => appRoles).find((role) => role.value === value)?.id ?? '';

const asked = () => JSON.stringify(application()['requiredResourceAccess']);

const used = [
  'ActivityFeed.Read',
  'RoleManagement.Read.Directory',
  'Directory.Read.All',
  'Exchange.ManageAsApp',
];

describe('the first run', () => {
  it('creates the registration, its service principal and the trust in the managed identity, without a secret', async () => {
    const { run, registered, simulator } = await start();
    const { exitCode, output } = await run(...everything());
    expect(exitCode).toBe(0);
    const { appId, id, ...made } = application();
    expect(output).toContain(`AUDITKEEP_CLIENT_ID=${String(appId)}\nAUDITKEEP_PUBLISHER_ID=${publisher}\n`);
    expect(made).toMatchObject({
      displayName: 'Auditkeep',
      signInAudience: 'AzureADMultipleOrgs',
      identifierUris: [`api://${String(appId)}`],
      web: { redirectUris: [callback] },
      spa: { redirectUris: [`${appUrl}/console`] },
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ value: 'access_as_user' }] },
      passwordCredentials: [],
      keyCredentials: [],
    });
    expect(made['appRoles']).toMatchObject(
      [
        'Records.Read',
        'Records.Import',
        'Tenants.Manage',
        'Tenants.Purge',
        'Auditing.Enable',
        'Keys.Manage',
        'Access.Read',
      ].map((value) => ({
        value,
        isEnabled: true,
        allowedMemberTypes: ['User', 'Application'],
      })),
    );
    expect(registered.servicePrincipals.all()).toContainEqual(expect.objectContaining({ appId }));
    expect(registered.credentialsOf(id).all()).toMatchObject([
      {
        issuer: `https://login.microsoftonline.com/${publisher}/v2.0`,
        subject: simulator.managedIdentity.principalId,
        audiences: ['api://AzureADTokenExchange'],
      },
    ]);
  });

  it("requests exactly the permissions in use, by the IDs of the API's own service principal", async () => {
    const { run } = await start();
    await run();
    expect(application()['requiredResourceAccess']).toEqual(
      [used.slice(0, 1), used.slice(1, 3), used.slice(3)].map((values) => ({
        resourceAppId: expect.any(String) as unknown,
        resourceAccess: values.map((value) => ({ id: permissionId(value), type: 'Role' })),
      })),
    );
  });

  it('locks credentials of service principals in customer tenants, and locks them again', async () => {
    const { run, registered } = await start();
    await run('--json');
    const locked = { isEnabled: true, allProperties: true };
    expect(application()['servicePrincipalLockConfiguration']).toEqual(locked);
    registered.applications.change(application().id, {
      servicePrincipalLockConfiguration: { isEnabled: false },
    });
    expect(outcomeOf(await run('--json')).changes).toEqual([
      'lock credentials of service principals in customer tenants',
    ]);
    expect(application()['servicePrincipalLockConfiguration']).toEqual(locked);
  });

  it('requests the permission for DLP.All only with --dlp, and keeps it afterwards', async () => {
    const { run } = await start();
    await run();
    expect(asked()).not.toContain(permissionId('ActivityFeed.ReadDlp'));
    expect(outcomeOf(await run('--dlp', '--json')).changes).toEqual([
      'request ActivityFeed.ReadDlp of Office 365 Management APIs',
    ]);
    expect(outcomeOf(await run('--json')).changes).toEqual([]);
    expect(asked()).toContain(permissionId('ActivityFeed.ReadDlp'));
  });

  it('requests the permission for backfills only with --backfill, and keeps it afterwards', async () => {
    const { run } = await start();
    await run();
    expect(asked()).not.toContain(permissionId('AuditLogsQuery.Read.All'));
    expect(outcomeOf(await run('--backfill', '--json')).changes).toEqual([
      'request AuditLogsQuery.Read.All of Microsoft Graph',
    ]);
    expect(outcomeOf(await run('--json')).changes).toEqual([]);
    expect(asked()).toContain(permissionId('AuditLogsQuery.Read.All'));
  });

  it('creates the service principal of an API that was never used in the tenant', async () => {
    const { run, registered } = await start();
    const exchange = registered.servicePrincipals
      .all()
      .find(({ displayName }) => String(displayName).includes('Exchange'));
    registered.servicePrincipals.remove(exchange?.id ?? '');
    const planned = outcomeOf(await run('--what-if', '--json')).changes;
    expect(planned).toContain('create the service principal of Office 365 Exchange Online in this tenant');
    expect(outcomeOf(await run('--json')).changes.slice(0, 2)).toEqual(planned.slice(0, 2));
    expect(asked()).toContain(permissionId('Exchange.ManageAsApp'));
  });

  it('waits until what it has just created is found, and creates nothing twice', async () => {
    const { run, registered, pauses } = await start({ newObjectMisses: 3 });
    expect((await run(...everything())).exitCode).toBe(0);
    expect(pauses.length).toBeGreaterThan(2);
    expect(registered.applications.all()).toHaveLength(1);
    expect(registered.credentialsOf(application().id).all()).toHaveLength(1);
    const writes = registered.writes();
    expect(outcomeOf(await run(...everything(), '--json')).changes).toEqual([]);
    expect(registered.writes()).toBe(writes);
  });
});

describe('a further run', () => {
  it('changes nothing', async () => {
    const { run, registered } = await start();
    await run(...everything());
    const writes = registered.writes();
    const again = await run(...everything());
    expect(again).toMatchObject({ exitCode: 0, errors: '' });
    expect(again.output).toMatch(/^Everything is up to date; nothing was changed\.\n/);
    expect(registered.writes()).toBe(writes);
  });

  it('adds address and identity once they are known', async () => {
    const { run } = await start();
    const first = outcomeOf(await run('--json'));
    expect(first.notes.join()).toMatch(/--url.*--identity/);
    const second = outcomeOf(await run(...everything(), '--json'));
    expect(second.notes).toEqual([]);
    expect(second.changes).toEqual([
      `return administrators to ${callback}`,
      `return people who sign in to the console to ${appUrl}/console`,
      `trust the managed identity ${world.simulator.managedIdentity.principalId}`,
    ]);
    expect(second.clientId).toBe(first.clientId);
  });

  it('with --what-if names the changes that a run makes, and writes nothing', async () => {
    const { run, registered } = await start();
    const planned = outcomeOf(await run(...everything(), '--what-if', '--json'));
    expect(registered.writes()).toBe(0);
    expect(planned.clientId).toBeUndefined();
    const made = outcomeOf(await run(...everything(), '--json'));
    const named = (text: string) => text.replace(`api://${made.clientId ?? ''}`, 'api://(client id)');
    expect(planned.changes).toEqual(made.changes.map(named));
  });

  it('restores what was removed and keeps what was added', async () => {
    const { run, registered, simulator } = await start();
    await run(...everything());
    const { id, appRoles } = application();
    const mine = 'https://audit.example/api/consent/callback';
    const [first = {}, ...others] = Array.isArray(appRoles) ? (appRoles as object[]) : [];
    registered.applications.change(id, {
      signInAudience: 'AzureADMyOrg',
      web: { redirectUris: [mine] },
      requiredResourceAccess: [
        {
          resourceAppId: '00000003-0000-0000-c000-000000000000',
          resourceAccess: [
            { id: permissionId('Directory.Read.All'), type: 'Role' },
            { id: permissionId('Application.ReadWrite.All'), type: 'Role' },
          ],
        },
      ],
      appRoles: [{ ...first, isEnabled: false }, ...others.slice(1)],
    });
    const [credential] = registered.credentialsOf(id).all();
    registered.credentialsOf(id).change(credential?.id ?? '', { audiences: ['api://other'] });
    expect(outcomeOf(await run(...everything(), '--json')).changes).toEqual([
      'accept accounts of any organization',
      `return administrators to ${callback}`,
      'request ActivityFeed.Read of Office 365 Management APIs',
      'request RoleManagement.Read.Directory of Microsoft Graph',
      'no longer request Application.ReadWrite.All of Microsoft Graph, which is not used',
      'request Exchange.ManageAsApp of Office 365 Exchange Online',
      'define the app role Records.Import',
      'enable the app role Records.Read',
      expect.stringMatching(
        `^correct the trust in the managed identity ${simulator.managedIdentity.principalId}`,
      ),
    ]);
    expect(application()['web']).toEqual({ redirectUris: [mine, callback] });
    for (const value of used) expect(asked()).toContain(permissionId(value));
    expect(outcomeOf(await run(...everything(), '--json')).changes).toEqual([]);
  });

  it('reports secrets and other identities that the registration trusts', async () => {
    const { run, registered } = await start();
    await run(...everything());
    registered.applications.change(application().id, { passwordCredentials: [{ keyId: 'one' }] });
    registered
      .credentialsOf(application().id)
      .add({ name: 'former', issuer: 'https://issuer.example', subject: 'gone', audiences: ['api://x'] });
    expect(outcomeOf(await run(...everything(), '--json')).notes).toEqual([
      'It also trusts gone (former): remove it if it is obsolete.',
      'It has secrets or certificates (1); a managed identity needs none.',
    ]);
  });
});

describe('a failure', () => {
  it('without the right to write says which role or permission is missing, and has changed nothing', async () => {
    const { run, registered } = await start({ roles: ['Application.Read.All'] });
    const ran = await run(...everything());
    expect(ran).toMatchObject({ exitCode: 1, output: '' });
    expect(ran.errors).toContain('403 Authorization_RequestDenied');
    expect(ran.errors).toMatch(/Application Administrator.*Application\.ReadWrite\.All/s);
    expect(registered.writes()).toBe(0);
  });

  it('requires a client ID where two registrations have the name', async () => {
    const { run, registered } = await start();
    await run();
    const twin = registered.applications.add({
      ...application(),
      id: 'twin',
      appId: '5d1e5a1c-0c1f-4a53-9b9e-3f3d6c1d7a20',
      identifierUris: [],
    });
    const ran = await run();
    expect(ran.exitCode).toBe(1);
    expect(ran.errors).toContain(`--client-id ${String(twin['appId'])}`);
    const chosen = outcomeOf(await run('--client-id', String(twin['appId']), '--json'));
    expect(chosen.clientId).toBe(twin['appId']);
  });

  it('distinguishes a client ID from a principal ID before anything is written', async () => {
    const { run, registered, simulator } = await start();
    const { clientId, principalId } = simulator.managedIdentity;
    const ran = await run('--identity', clientId);
    expect(ran).toMatchObject({ exitCode: 1, output: '' });
    expect(ran.errors).toContain(`--identity ${principalId}`);
    const unknown = await run('--identity', '11111111-2222-4333-8444-555555555555');
    expect(unknown.errors).toMatch(/^A managed identity .* does not exist/);
    expect(registered.writes()).toBe(0);
  });

  it('honors Retry-After of Graph, and repeats a POST only if it was not carried out', async () => {
    const { run, registered, simulator, pauses } = await start();
    const busy = { kind: 'too-many-requests', retryAfterSeconds: 7 } as const;
    simulator.faults.add({ match: { operation: 'graph' }, times: 3, effect: busy });
    expect((await run()).exitCode).toBe(0);
    expect(pauses.filter((ms) => ms === 7000)).toHaveLength(3);
    expect(registered.applications.all()).toHaveLength(1);
  });

  it('says what to do if Graph stays busy or is unreachable', async () => {
    const { run, simulator } = await start();
    simulator.faults.add({ effect: { kind: 'throttled' } });
    expect((await run()).errors).toMatch(/429.*\nWait a few minutes, then run this again/);
    simulator.faults.clear();
    simulator.faults.add({ effect: { kind: 'connection-reset' } });
    expect((await run()).errors).toContain('could not be reached (ECONNRESET)');
  });

  it('registers only in the named tenant', async () => {
    const { run, registered } = await start();
    const other = '11111111-2222-4333-8444-555555555555';
    const ran = await run('--tenant', other);
    expect(ran).toMatchObject({ exitCode: 1, output: '' });
    expect(ran.errors).toContain(`You are signed in to tenant ${publisher}, not to ${other}`);
    expect(registered.writes()).toBe(0);
  });

  it('refuses invalid options', async () => {
    const { run } = await start();
    for (const args of [
      ['--url', 'http://func-audit.example'],
      ['--identity', 'auditkeep'],
      ['--cloud', 'moon'],
      ['--name', ' '],
      ['--nonsense'],
    ]) {
      const ran = await run(...args);
      expect(ran).toMatchObject({ exitCode: 2, output: '' });
      expect(ran.errors).toMatch(/ \(see --help\)\n$/);
    }
    expect((await run('--help')).output).toMatch(/^Usage: auditkeep register-app/);
  });
});
