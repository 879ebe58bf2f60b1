import { tenantNamed } from '../../support/tenants.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { callerWith } from '../../../shared/access/caller.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newApiKey, type ApiKey, type StoredApiKey } from '../../../shared/access/api-keys.ts';
import { createCapabilities, type Capability } from '../../../shared/access/capability-token.ts';
import * as z from 'zod';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { createSigner } from '../../../shared/access/signer.ts';
import { createClock, dayMs, minuteMs } from '../../support/clock.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const subject = 'exports/3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const reading: Capability = { purpose: 'readResult', tenantId: fabrikamId, subject };
const fromEntra = callerWith(`entra:${fabrikamId}/0a1b`, { tenants: fabrikamId, scopes: ['records.read'] });

function createWorld() {
  const clock = createClock();
  const signingKeys = [randomBytes(32)] as const;
  const { key } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, clock.now());
  let stored: StoredApiKey | undefined = { ...key, etag: 'v1' };
  const keys = { get: async (id: string) => await Promise.resolve(id === key.id ? stored : undefined) };
  const { now } = clock;
  const caller = callerWith(key.id, key);
  const tenants = createFakeTenantStore([]);
  return {
    ...{ clock, signingKeys, keys, tenants, now, caller },
    ...createCapabilities({ signingKeys, keys, tenants, now }),
    /** Changes the key, and waits until that is noticed. */
    change: (changes: Partial<ApiKey> | undefined) => {
      stored = changes === undefined || stored === undefined ? undefined : { ...stored, ...changes };
      clock.advance(2 * minuteMs);
    },
  };
}

type World = ReturnType<typeof createWorld>;

/** As versions that did not shorten subjects signed it. */
const spelledOut = z.object({ v: z.literal(1), t: z.string(), s: z.string(), c: z.string(), x: z.number() });

describe('a token for a long question', () => {
  const long: Capability = {
    ...reading,
    purpose: 'readFeed',
    subject: `records-feed?text=${'x'.repeat(2000)}`,
  };

  it('is short, and valid for that question alone', async () => {
    const world = createWorld();
    const token = world.grant(world.caller, long);
    expect(token.length).toBeLessThan(300);
    expect(await world.redeem(token, long)).toMatchObject({ id: world.caller.id });
    await expect(world.redeem(token, { ...long, subject: `${long.subject}x` })).rejects.toMatchObject({
      status: 401,
    });
  });

  it('that spells the question out was issued by an earlier version, and remains valid', async () => {
    const world = createWorld();
    const { caller, clock } = world;
    const signer = createSigner(world.signingKeys, 'capability readFeed', spelledOut);
    const x = Math.floor((clock.now().getTime() + dayMs) / 1000);
    const token = signer.sign({ v: 1, t: fabrikamId, s: long.subject, c: caller.id, x });
    expect(await world.redeem(token, long)).toMatchObject({ id: caller.id });
  });
});

/** What the token of a sound capability is redeemed for instead. */
const wrongUses: readonly (readonly [string, Partial<Capability>])[] = [
  ['another id', { subject: 'exports/3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1064' }],
  ['another kind', { subject: subject.replace('exports', 'enablements') }],
  ['another tenant', { tenantId: adatumId }],
  ['the feed', { purpose: 'readFeed' }],
  ['deleting', { purpose: 'deleteSubscription' }],
];

const forgeries: readonly (readonly [string, (token: string, world: World) => string])[] = [
  ['nothing', () => ''],
  ['garbage', () => 'e30.e30'],
  ['no signature', (token) => token.split('.')[0] ?? ''],
  ['a longer signature', (token) => `${token}A`],
  ['a changed payload', (token) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`],
  [
    'the signature of someone else',
    (_, { keys, tenants, now, caller }) =>
      createCapabilities({ signingKeys: [randomBytes(32)], keys, tenants, now }).grant(caller, reading),
  ],
];

const losses: readonly (readonly [string, (world: World) => void])[] = [
  [
    'is revoked',
    ({ change, now }) => {
      change({ revokedDateTime: now() });
    },
  ],
  [
    'has expired',
    ({ change, now }) => {
      change({ expiresDateTime: now() });
    },
  ],
  [
    'has lost the scope',
    ({ change }) => {
      change({ scopes: ['auditing.enable'] });
    },
  ],
  [
    'is for another tenant',
    ({ change }) => {
      change({ tenants: adatumId });
    },
  ],
  [
    'is gone',
    ({ change }) => {
      change(undefined);
    },
  ],
  [
    'was given it too long ago',
    ({ clock }) => {
      clock.advance(7 * dayMs + 1);
    },
  ],
];

/** As one would see it who tries. */
async function refusalOf(world: World, token: string, use: Partial<Capability> = {}): Promise<unknown> {
  return await world.redeem(token, { ...reading, ...use }).then(
    () => 'opened',
    (error: unknown) => JSON.parse(JSON.stringify(error)) as unknown,
  );
}

describe('a token to read a result', () => {
  it('acts for the caller who got it, allows only reading that result, and lasts seven days', async () => {
    const world = createWorld();
    const { caller } = world;
    const token = world.grant(caller, reading);
    world.clock.advance(7 * dayMs);
    const opened = callerWith(caller.id, { tenants: fabrikamId, scopes: ['records.read'] });
    expect(await world.redeem(token, reading)).toEqual(opened);
    expect(await world.redeem(token, { ...reading, tenantId: fabrikamId.toUpperCase() })).toEqual(opened);
  });

  it('lasts a day for a caller of Entra ID', async () => {
    const world = createWorld();
    const token = world.grant(fromEntra, reading);
    world.clock.advance(dayMs);
    expect(await world.redeem(token, reading)).toMatchObject({ id: fromEntra.id });
    world.clock.advance(1);
    expect(await refusalOf(world, token)).toMatchObject({ status: 401 });
  });

  it.each(wrongUses)('does not open %s, and gets the same error as garbage', async (_, use) => {
    const world = createWorld();
    const token = world.grant(world.caller, reading);
    expect(await refusalOf(world, token, use)).toEqual(await refusalOf(world, 'garbage'));
  });

  it.each(forgeries)('cannot be replaced by %s', async (_, forge) => {
    const world = createWorld();
    const forged = forge(world.grant(world.caller, reading), world);
    expect(await refusalOf(world, forged)).toMatchObject({ status: 401, code: 'Unauthorized' });
    expect(await refusalOf(world, forged)).toEqual(await refusalOf(world, 'garbage'));
  });

  it.each(losses)('is invalid once its key %s', async (_, lose) => {
    const world = createWorld();
    const token = world.grant(world.caller, reading);
    expect(await refusalOf(world, token)).toBe('opened');
    lose(world);
    expect(await refusalOf(world, token)).toEqual(await refusalOf(world, 'garbage'));
  });

  it('cannot be made from a token for the feed or for deleting', async () => {
    const world = createWorld();
    for (const purpose of ['readFeed', 'deleteSubscription'] as const) {
      const token = world.grant(world.caller, { ...reading, purpose });
      expect(await refusalOf(world, token)).toMatchObject({ status: 401 });
    }
  });
});

describe('a token for several tenants', () => {
  const several: Capability = { purpose: 'readFeed', tenantId: undefined, subject: 'feed?tenants=*' };

  it('opens what its caller may read, and no more', async () => {
    const world = createWorld();
    world.change({ tenants: 'tag:gold' });
    const caller = {
      id: world.caller.id,
      grants: [
        { tenants: 'tag:gold', scopes: ['records.read'] },
        { tenants: '*', scopes: ['auditing.enable'] },
      ],
    } as const;
    const redeemed = await world.redeem(world.grant(caller, several), several);
    expect(redeemed).toEqual(callerWith(caller.id, { tenants: 'tag:gold', scopes: ['records.read'] }));
  });

  it('is invalid once its key is for other tenants', async () => {
    const world = createWorld();
    const token = world.grant(world.caller, several);
    await world.redeem(token, several);
    world.change({ tenants: 'tag:gold' });
    await expect(world.redeem(token, several)).rejects.toMatchObject({ status: 401 });
  });

  it('names none of the tenants and tags that its key is bound to, and is short for any number of them', async () => {
    const world = createWorld();
    const ids = Array.from({ length: 100 }, () => randomUUID());
    const tenants = canonicalSet([...ids, 'tag:gold']);
    world.change({ tenants });
    const caller = callerWith(world.caller.id, { tenants, scopes: ['records.read'] });
    const token = world.grant(caller, several);
    const readable = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8');
    expect(token.length).toBeLessThan(300);
    expect([...ids, 'gold'].filter((term) => readable.includes(term))).toEqual([]);
    expect(await world.redeem(token, several)).toEqual(caller);
  });

  it('opens to a caller of Entra ID what its roles were for', async () => {
    const world = createWorld();
    const caller = callerWith(fromEntra.id, { tenants: 'tag:gold', scopes: ['records.read'] });
    expect(await world.redeem(world.grant(caller, several), several)).toEqual(caller);
  });

  it('that deletes works after its key was revoked, and not for a key that was never there', async () => {
    const world = createWorld();
    const deleting: Capability = { ...several, purpose: 'deleteSubscription' };
    const token = world.grant(world.caller, deleting);
    world.change({ revokedDateTime: world.now() });
    expect(await world.redeem(token, deleting)).toMatchObject({ id: world.caller.id });
    const unknown = world.grant({ ...world.caller, id: 'unknown' }, deleting);
    await expect(world.redeem(unknown, deleting)).rejects.toMatchObject({ status: 401 });
  });

  it('does not open one tenant, nor the other way around', async () => {
    const world = createWorld();
    const [set, one] = [
      world.grant(world.caller, several),
      world.grant(world.caller, { ...several, tenantId: fabrikamId }),
    ];
    await expect(world.redeem(set, { ...several, tenantId: fabrikamId })).rejects.toMatchObject({
      status: 401,
    });
    await expect(world.redeem(one, several)).rejects.toMatchObject({ status: 401 });
  });
});

describe('whether a caller may still act', () => {
  it('depends on each scope, on the tenants of its key, and on its life', async () => {
    const world = createWorld();
    const { id } = world.caller;
    const both = ['auditing.enable', 'records.read'] as const;
    expect(await world.mayStill(id, both, fabrikamId)).toBe(false);
    world.change({ scopes: both });
    expect(await world.mayStill(id, both, fabrikamId)).toBe(true);
    world.change({ tenants: adatumId });
    expect(await world.mayStill(id, both, fabrikamId)).toBe(false);
    world.change({ tenants: '*', revokedDateTime: world.now() });
    expect(await world.mayStill(id, both, fabrikamId)).toBe(false);
    expect(await world.mayStill(fromEntra.id, both, fabrikamId)).toBe(true);
  });
});

describe('a key that is bound to a tag', () => {
  it('may still read a tenant as long as that has the tag', async () => {
    const world = createWorld();
    world.change({ tenants: 'tag:gold' });
    const { id } = world.caller;
    await world.tenants.create(tenantNamed('Fabrikam', { tenantId: fabrikamId, tags: ['gold'] }));
    expect(await world.mayStillRead(id, fabrikamId)).toBe(true);
    await world.tenants.update(fabrikamId, { tags: [] });
    expect(await world.mayStillRead(id, fabrikamId)).toBe(false);
  });
});
