/** What every operation needs in addition to access, in memory, for tests that are about something else. */
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { createIdempotency } from '../../shared/http/idempotency.ts';
import { createFakeAccessLog } from './fakes/access-log.ts';
import { createFakeApiKeyStore } from './fakes/api-key-store.ts';
import { createFakeIdempotencyStore } from './fakes/idempotency-store.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';

export function createFakeHttpDeps(now: () => Date) {
  const signingKeys = [Buffer.alloc(32, 1)] as const;
  const tenants = createFakeTenantStore([]);
  return {
    tenants,
    capabilities: createCapabilities({ signingKeys, keys: createFakeApiKeyStore(), tenants, now }),
    accessLog: createFakeAccessLog(),
    idempotency: createIdempotency({ store: createFakeIdempotencyStore(), signingKeys, now }),
  };
}
