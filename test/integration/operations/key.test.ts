/** `npm run key` on the tables of the storage emulator. */
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretOfGeneration } from '../../../shared/access/webhook-secrets.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { checkpointSecret } from '../../../shared/evidence/send-checkpoint.ts';
import { useStorage } from '../../contract/storage.ts';
import { runAuditkeep, type Ran } from '../../support/auditkeep.ts';
import { adatumId, fabrikamId, forgetTenant, tenantNamed } from '../../support/tenants.ts';

const storage = useStorage();
const now = new Date('2026-03-10T12:00:00Z');
const signingKey = randomBytes(32);
let env: Readonly<Record<string, string>>;

beforeAll(() => {
  const settings = storage();
  if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
  env = {
    AzureWebJobsStorage: settings.connectionString,
    AUDITKEEP_SIGNING_KEY: signingKey.toString('base64'),
  };
});

const key = (args: readonly string[], changes: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runAuditkeep(['key', ...args], { env: { ...env, ...changes }, now: () => now });
const stored = async (text: string) =>
  await createApiKeyStore(createTables(storage())).get(text.split('_')[1] ?? '');

describe('a key from the command line', () => {
  it('has the scopes that were named, and an end in a year unless another was named', async () => {
    const ran = await key(['--name', 'Ada', '--scopes', 'records.read,access.read']);
    expect(ran).toMatchObject({ exitCode: 0, errors: 'The key expires on 2027-03-10.\n' });
    expect(await stored(ran.output.trim())).toMatchObject({
      scopes: ['records.read', 'access.read'],
      expiresDateTime: new Date('2027-03-10T12:00:00Z'),
    });
    const short = await key(['--name', 'Ada', '--scopes', 'records.read', '--days', '30']);
    expect((await stored(short.output.trim()))?.expiresDateTime).toEqual(new Date('2026-04-09T12:00:00Z'));
  });

  it('never expires only if that was said', async () => {
    const ran = await key(['--name', 'Ada', '--scopes', 'records.read', '--never-expires']);
    expect(ran.errors).toContain('never expires');
    expect((await stored(ran.output.trim()))?.expiresDateTime).toBeUndefined();
    const both = ['--name', 'Ada', '--scopes', 'records.read', '--never-expires', '--days', '1'];
    expect(await key(both)).toMatchObject({ exitCode: 2, output: '' });
  });

  it('for a tag that no tenant has is created with a warning', async () => {
    await createTenantStore(createTables(storage())).create(tenantNamed('Gold', { tags: ['gold'] }));
    const args = ['--name', 'Ada', '--scopes', 'records.read', '--tags'];
    const ran = await key([...args, 'gold,glod']);
    expect(await stored(ran.output.trim())).toMatchObject({ tenants: 'tag:glod,tag:gold' });
    expect(ran.errors).toContain('No tenant has glod as a tag yet. Check the spelling');
    expect((await key([...args, 'gold'])).errors).not.toContain('No tenant has');
  });

  it('is refused without scopes, which are listed then', async () => {
    const ran = await key(['--name', 'Ada']);
    expect(ran).toMatchObject({ exitCode: 2, output: '' });
    expect(ran.errors).toMatch(/--scopes is missing.*records\.read, .*tenants\.purge/s);
  });
});

describe('a connection string that is none', () => {
  it.each([
    ['a key', ['--name', 'Ada', '--scopes', 'records.read']],
    ['the secret of a webhook', ['--webhook']],
  ])('is refused in plain words for %s', async (_what, args) => {
    for (const AzureWebJobsStorage of ['nonsense', ' ']) {
      const ran = await key(args, { AzureWebJobsStorage });
      expect(ran).toMatchObject({ exitCode: 2, output: '' });
      expect(ran.errors).toContain('AzureWebJobsStorage must be a connection string');
    }
  });
});

describe('the secret of a webhook', () => {
  it('needs the signing key, and says so where it is missing', async () => {
    const { exitCode, errors } = await key(['--webhook'], { AUDITKEEP_SIGNING_KEY: '' });
    expect(exitCode).toBe(2);
    expect(errors).toContain('AUDITKEEP_SIGNING_KEY is missing: set it to the signing key of the app');
    expect((await key(['--help'])).output).toMatch(/Environment:\n[^]*\n {2}AUDITKEEP_SIGNING_KEY /);
  });
});

describe('a key for one tenant', () => {
  it('is refused with a scope that only keys of all tenants can use', async () => {
    const scopes = 'records.read,keys.manage';
    const { exitCode, errors } = await key(['--name', 'Ada', '--scopes', scopes, '--tenant', fabrikamId]);
    expect(exitCode).toBe(2);
    expect(errors).toContain(
      'Only keys of all tenants can use keys.manage: leave that out, or leave out --tenant and --tags',
    );
  });
});

describe('a key for the tenants with a tag', () => {
  it('is for these tenants, and for one that is named as well', async () => {
    const args = ['--name', 'Ada', '--scopes', 'records.read', '--tags', 'Gold, emea'];
    expect(await stored((await key(args)).output.trim())).toMatchObject({ tenants: 'tag:emea,tag:gold' });
    const both = await key([...args, '--tenant', fabrikamId]);
    expect(await stored(both.output.trim())).toMatchObject({ tenants: `${fabrikamId},tag:emea,tag:gold` });
  });

  it('is refused for a tag that cannot exist, and with what is for all tenants', async () => {
    const args = ['--name', 'Ada', '--scopes', 'records.read', '--tags'];
    expect(await key([...args, 'a b'])).toMatchObject({ exitCode: 2, output: '' });
    const manager = ['--name', 'Ada', '--scopes', 'keys.manage', '--tags', 'gold'];
    expect(await key(manager)).toMatchObject({ exitCode: 2, output: '' });
    expect(await key(['--webhook', '--tags', 'gold'])).toMatchObject({ exitCode: 2, output: '' });
  });
});

describe('what opens one tenant', () => {
  const tenantId = randomUUID();
  const forTenant: readonly (readonly [string, readonly string[]])[] = [
    ['a key', ['--name', 'Ada', '--scopes', 'records.read', '--tenant']],
    ['the secret of a webhook', ['--webhook', '--tenant']],
    ['a renewed secret', ['--webhook', '--renew', '--tenant']],
  ];

  it.each(forTenant)('%s is for its ID in any case', async (_what, args) => {
    const ran = await key([...args, tenantId.toUpperCase(), '--json']);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.output)).toMatchObject({ tenants: tenantId });
  });

  it.each(forTenant)('%s is refused for a domain, which may have moved since', async (_what, args) => {
    const tenants = createTenantStore(createTables(storage()));
    await tenants.create(tenantNamed('Fabrikam', { tenantId, domain: 'fabrikam.example' }));
    for (const named of ['fabrikam.example', 'nonsense']) {
      const ran = await key([...args, named]);
      expect(ran).toMatchObject({ exitCode: 2, output: '' });
      expect(ran.errors).toMatch(/Must be the ID of a tenant.*npm run tenant -- list/s);
    }
    await forgetTenant(tenants, tenantId);
  });
});

describe('the secret of a signed webhook', () => {
  it('is printed, and renewed for one tenant alone', async () => {
    const print = async (...args: readonly string[]) => (await key(['--webhook', ...args])).output.trim();
    const before = [await print(), await print('--tenant', fabrikamId)];
    expect(before).toEqual(['*', fabrikamId].map((tenants) => secretOfGeneration(signingKey, tenants, 1)));
    const renewed = await key(['--webhook', '--renew', '--tenant', fabrikamId, '--overlap-hours', '2']);
    expect(renewed.output.trim()).toBe(secretOfGeneration(signingKey, fabrikamId, 2));
    expect(renewed.errors).toBe('The previous secret works until 2026-03-10T14:00:00.000Z.\n');
    expect([await print(), await print('--tenant', fabrikamId), await print('--tenant', adatumId)]).toEqual([
      before[0],
      renewed.output.trim(),
      secretOfGeneration(signingKey, adatumId, 1),
    ]);
  });

  it('of checkpoints is printed alone, and differs from all others', async () => {
    const printed = (await key(['--checkpoints'])).output.trim();
    expect(printed).toBe(checkpointSecret([signingKey]));
    expect(printed).not.toBe((await key(['--webhook'])).output.trim());
  });

  it('needs a signing key that is random, and renews only with --webhook', async () => {
    const zeros = { AUDITKEEP_SIGNING_KEY: Buffer.alloc(32).toString('base64') };
    expect((await key(['--webhook'], zeros)).errors).toContain('AUDITKEEP_SIGNING_KEY is not random');
    expect(await key(['--renew'])).toMatchObject({ exitCode: 2, output: '' });
  });
});
