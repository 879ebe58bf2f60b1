/** What every operation needs in addition to access, in memory, for tests that are about something else. */
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { createIdempotency } from '../../shared/http/idempotency.ts';
import { createFakeAccessLog } from './fakes/access-log.ts';
import { createFakeApiKeyStore } from './fakes/api-key-store.ts';
import { createFakeIdempotencyStore } from './fakes/idempotency-store.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';

export function createFakeHttpDeps(now: () => Date) {
  const signingKey = Buffer.alloc(32, 1);
  return {
    tenants: createFakeTenantStore([]),
    capabilities: createCapabilities({ signingKey, keys: createFakeApiKeyStore(), now }),
    accessLog: createFakeAccessLog(),
    idempotency: createIdempotency({ store: createFakeIdempotencyStore(), signingKey, now }),
  };
}
