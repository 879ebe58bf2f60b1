/** Every kind of credential that must not open another customer's tenant. */
import { callerWith } from '../../../shared/access/caller.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createHmac } from 'node:crypto';
import { canonicalSet, termOfTag } from '../../../shared/access/tenant-set.ts';
import { callerRoles } from '../../../scripts/register-app/caller-roles.ts';
import { newApiKey, scopes, type ApiKey, type ApiKeyStore } from '../../../shared/access/api-keys.ts';
import { createCapabilities, type Capability } from '../../../shared/access/capability-token.ts';
import { secretOfGeneration } from '../../../shared/access/webhook-secrets.ts';
import { publisherId, tampered, type Issuer } from './issuer.ts';

export type Headers = Readonly<Record<string, string>>;

export interface World {
  readonly keys: ApiKeyStore;
  readonly issuer: Issuer;
  readonly signingKey: Buffer;
  /** Whose data is requested. */
  readonly victimId: string;
  /** The caller's tenant. */
  readonly strangerId: string;
  /** Not managed. */
  readonly outsiderId: string;
}

const allRoles = callerRoles.map(({ value }) => value);

export async function issueKey(
  { keys }: Pick<World, 'keys'>,
  tenants: string,
  changes: Partial<ApiKey> = {},
): Promise<string> {
  const made = newApiKey({ name: 'Test', tenants, scopes }, new Date());
  await keys.create({ ...made.key, ...changes });
  return made.text;
}

/** Credentials that prove nothing: each must be answered with the same 401. */
export async function unproven(world: World): Promise<Readonly<Record<string, Headers>>> {
  const { issuer, victimId, outsiderId } = world;
  const past = new Date(Date.now() - 1000);
  const key = await issueKey(world, victimId);
  const sound = await issuer.token(victimId, { claims: { roles: allRoles } });
  const withClaims = (claims: object) => issuer.token(victimId, { claims: { roles: allRoles, ...claims } });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  return {
    'no credential': {},
    'garbage key': { 'x-api-key': 'garbage' },
    'tampered key': { 'x-api-key': `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` },
    'key of another id': { 'x-api-key': key.replace(/^ak_.{16}/, 'ak_0123456789abcdef') },
    'revoked key': { 'x-api-key': await issueKey(world, '*', { revokedDateTime: past }) },
    'expired key': { 'x-api-key': await issueKey(world, '*', { expiresDateTime: past }) },
    'garbage token': bearer('e30.e30.e30'),
    'tampered token': bearer(tampered(sound, 1)),
    'forged token': bearer(await issuer.token(victimId, { isForged: true })),
    'unsigned token': bearer(`${issuer.unsigned(victimId)}AAAA`),
    'expired token': bearer(await withClaims({ exp: Math.floor(Date.now() / 1000) - 3600 })),
    'token for another app': bearer(await withClaims({ aud: '11111111-2222-4333-8444-555555555555' })),
    'ID token': bearer(await withClaims({ azp: undefined })),
    'token of no customer': bearer(await issuer.token(outsiderId, { claims: { roles: allRoles } })),
  };
}

/** Credentials of another caller, valid in themselves. */
export async function foreign(world: World): Promise<Readonly<Record<string, Headers>>> {
  const { issuer, strangerId } = world;
  const token = await issuer.token(strangerId, { claims: { roles: allRoles } });
  return {
    "stranger's key": { 'x-api-key': await issueKey(world, strangerId) },
    "stranger's token": { authorization: `Bearer ${token}` },
    ...(await foreignSets(world)),
  };
}

/** The tag of the tenant of a stranger, and that of the tenant that must stay closed. */
export const tags = { stranger: 'silver', victim: 'gold' };

/** Callers who are bound to several tenants. */
async function foreignSets(world: World): Promise<Readonly<Record<string, Headers>>> {
  const { issuer, strangerId, outsiderId } = world;
  const roles = allRoles.map((role) => `${role}@${tags.stranger}`);
  const token = await issuer.token(publisherId, { claims: { roles } });
  return {
    'key of a list': { 'x-api-key': await issueKey(world, canonicalSet([strangerId, outsiderId])) },
    'key of a tag': { 'x-api-key': await issueKey(world, termOfTag(tags.stranger)) },
    'roles for a tag': { authorization: `Bearer ${token}` },
  };
}

/** Whether callers of {@link foreign} are bound to several tenants. */
export function isOfSet(kind: string): boolean {
  return /^(key of|roles for)/.test(kind);
}

/** Credentials that may see the tenant and may do nothing. */
export async function unscoped(world: World): Promise<Readonly<Record<string, Headers>>> {
  const { issuer, victimId } = world;
  const token = await issuer.token(victimId, { claims: { roles: ['Something.Else'] } });
  return {
    'key without scopes': { 'x-api-key': await issueKey(world, victimId, { scopes: [] }) },
    'token without roles': { authorization: `Bearer ${token}` },
  };
}

/** An id for paths; nothing has it. */
export const someId = 'b1946ac9-2a3f-4c5d-8e7f-001122334455';

/** What a token is for; which tenants, the test says. */
type Link = Omit<Capability, 'tenantId' | 'subject'> & {
  readonly subject: (tenantId: string) => string;
  readonly isOfSet?: true;
};

/** What the token of a Location is for, by the one route that it opens. Every such route must be listed. */
export const links: Readonly<Record<string, Link>> = {
  'delete-subscription-of-tenants': {
    purpose: 'deleteSubscription',
    subject: () => someId,
    isOfSet: true,
  },
  'delete-subscription': { purpose: 'deleteSubscription', subject: () => someId },
  'get-enablement-result': { purpose: 'readResult', subject: () => `enablements/${someId}` },
  'get-export-result': { purpose: 'readResult', subject: () => `exports/${someId}` },
  'get-bundle-result': { purpose: 'readResult', subject: () => `bundles/${someId}`, isOfSet: true },
  'get-report-result': { purpose: 'readResult', subject: () => `reports/${someId}` },
  'get-report-set-result': {
    purpose: 'readResult',
    subject: () => `reportSets/${someId}`,
    isOfSet: true,
  },
  'get-rollout-result': {
    purpose: 'readResult',
    subject: () => `rollouts/${someId}`,
    isOfSet: true,
  },
  'poll-records': { purpose: 'readFeed', subject: () => 'records-feed?' },
  'poll-records-of-tenants': {
    purpose: 'readFeed',
    subject: (tenantId) => `records-feed?tenants=${tenantId}`,
    isOfSet: true,
  },
  'poll-search-of-tenants': { purpose: 'readFeed', subject: () => `searches/${someId}?`, isOfSet: true },
  'poll-search': { purpose: 'readFeed', subject: () => `searches/${someId}?` },
};

/** To the victim's things, in the way of this route. */
function capabilityOf({ victimId }: World, { purpose, subject, isOfSet }: Link): Capability {
  return { purpose, subject: subject(victimId), tenantId: isOfSet === true ? undefined : victimId };
}

async function tokenFor(world: World, capability: Capability, of: Partial<ApiKey> = {}): Promise<string> {
  const { keys, signingKey } = world;
  const id = (await issueKey(world, '*', of)).slice(3, 19);
  const now = () => new Date();
  const caller = callerWith(id, { tenants: '*', scopes: ['records.read'] });
  return createCapabilities({
    keys,
    tenants: createFakeTenantStore([]),
    signingKeys: [signingKey],
    now,
  }).grant(caller, capability);
}

/** The token of a Location as a key for all tenants gets it. */
export function soundToken(world: World, link: Link): Promise<string> {
  return tokenFor(world, capabilityOf(world, link));
}

/** Tokens that must not open what a valid one does: each must be answered with the same 401. */
export async function unsoundTokens(world: World, link: Link): Promise<Readonly<Record<string, string>>> {
  const { strangerId } = world;
  const sound = capabilityOf(world, link);
  const past = new Date(Date.now() - 1000);
  return {
    'garbage link': 'e30.e30',
    'tampered link': `${await tokenFor(world, sound)}A`,
    'forged link': await tokenFor({ ...world, signingKey: Buffer.alloc(32, 9) }, sound),
    "stranger's link": await tokenFor(world, { ...sound, tenantId: strangerId }),
    'link to another thing': await tokenFor(world, { ...sound, subject: `${sound.subject}x` }),
    // The right to delete a subscription outlives its key: it reveals nothing.
    ...(link.purpose === 'deleteSubscription'
      ? {}
      : {
          'link of a revoked key': await tokenFor(world, sound, { revokedDateTime: past }),
          'link of an expired key': await tokenFor(world, sound, { expiresDateTime: past }),
          'link of a key without scopes': await tokenFor(world, sound, { scopes: [] }),
          "link of a stranger's key": await tokenFor(world, sound, { tenants: strangerId }),
        }),
  };
}

/** A body signed as a webhook, with the secret of one tenant. */
export function signature({ signingKey }: World, tenantId: string, body: string): Headers {
  const secret = Buffer.from(secretOfGeneration(signingKey, tenantId, 1).slice('whsec_'.length), 'base64');
  const [id, timestamp] = ['msg_1', String(Math.floor(Date.now() / 1000))];
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
}
