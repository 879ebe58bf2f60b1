/** The largest onboarding that can be requested fits into the row of an operation, whatever it says. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { packedOperation } from '../../../shared/adapters/tables/operation-row.ts';
import {
  mostBodyBytes,
  mostTenants,
  onboardingBodySchema,
} from '../../../shared/onboardings/onboarding-body.ts';
import { onboardingKind } from '../../../shared/onboardings/onboarding.ts';
import { newOperationId, wholePartner } from '../../../shared/operations/operation.ts';

/** Text that does not compress. */
const noise = (seed: number, length: number) =>
  Array.from({ length: Math.ceil(length / 86) }, (_, part) =>
    createHash('sha512').update(`${seed} ${part}`).digest('base64url'),
  )
    .join('')
    .slice(0, length);

it('fits, also when every row is refused in words of its own', () => {
  const rowOf = (at: number) => ({
    domain: `${noise(at, 30)
      .replaceAll(/[^a-z0-9]/gi, 'x')
      .toLowerCase()}.example`,
    displayName: noise(at, 256),
    tags: [noise(at + 5000, 60), noise(at + 6000, 60)].map(
      (tag) => `t${tag.toLowerCase().replaceAll('_', 'x')}`,
    ),
  });
  const body = { tenants: Array.from({ length: mostTenants }, (_, at) => rowOf(at)) };
  const bytes = Buffer.byteLength(JSON.stringify(body));
  expect(bytes).toBeGreaterThan(0.85 * mostBodyBytes);
  expect(bytes).toBeLessThanOrEqual(mostBodyBytes);
  const now = new Date('2026-03-10T12:00:00Z');
  const results = body.tenants.map(({ domain }, at) => ({
    ...{ outcome: 'Refused' as const, tenantId: wholePartner, errorCode: 'UnknownDomain' },
    errorMessage: `No tenant of the cloud enterprise has the domain ${domain}. ${noise(at + 9000, 100)}`,
  }));
  const one = {
    ...{ tenantId: wholePartner, id: newOperationId(now), status: 'Running' as const, createdBy: 'key-1' },
    ...{ createdDateTime: now, lastActionDateTime: now, request: onboardingBodySchema.parse(body) },
    ...{ state: { results }, etag: '', run: 1, savedBy: 1, handedOverBy: 0, cancelRequested: false },
  };
  expect(packedOperation(onboardingKind, one).parts).toBeLessThanOrEqual(14);
});
