/** Links that we signed: a stranger in the same network does not lock them out, and dead ones lock out no one. */
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { callerWith } from '../../../shared/access/caller.ts';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createCallLimits } from '../../../shared/access/call-limits.ts';
import { createCapabilities, type Capability } from '../../../shared/access/capability-token.ts';
import { unauthorized } from '../../../shared/access/refusals.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { fabrikamId } from '../../support/tenants.ts';

const network = '198.51.100.7';
const failuresPerMinute = 3;
const feed: Capability = { purpose: 'readFeed', tenantId: fabrikamId, subject: 'all' };

async function createWorld(changes: { readonly revoked?: Date } = {}) {
  const [clock, keys] = [createClock(), createFakeApiKeyStore()];
  const { key } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, clock.now());
  await keys.create({ ...key, ...(changes.revoked && { revokedDateTime: changes.revoked }) });
  const tenants = createFakeTenantStore([]);
  const signingKeys = [randomBytes(32)] as const;
  const capabilities = createCapabilities({ signingKeys, keys, tenants, now: clock.now });
  const limits = createCallLimits({ ...plainAccess.limits, failuresPerMinute }, clock.now);
  const token = capabilities.grant(callerWith(key.id, key), feed);
  return {
    follow: (link = token) =>
      limits.admit({ network, credential: link, isProven: capabilities.isOurs(link, feed) }, () =>
        capabilities.redeem(link, feed),
      ),
    guess: () => limits.admit({ network, credential: null }, () => Promise.reject(unauthorized())),
  };
}

it('a link is followed from an address that is over its limit', async () => {
  const { follow, guess } = await createWorld();
  for (let count = 0; count < failuresPerMinute; count++)
    await expect(guess()).rejects.toMatchObject({ status: 401 });
  await expect(guess()).rejects.toMatchObject({ status: 429 });
  expect(await follow()).toMatchObject({ grants: [{ tenants: fabrikamId }] });
  await expect(follow('forged')).rejects.toMatchObject({ status: 429 });
});

it('links of a revoked key do not use up the limit of their address', async () => {
  const { follow, guess } = await createWorld({ revoked: createClock().now() });
  for (let count = 0; count < 3 * failuresPerMinute; count++)
    await expect(follow()).rejects.toMatchObject({ status: 401 });
  await expect(guess()).rejects.toMatchObject({ status: 401 });
});
