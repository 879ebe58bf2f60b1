import { describe, expect, it } from 'vitest';
import { registerTenant, tenantRegistrationSchema } from '../../../shared/tenants/register-tenant.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createOnboardingWorld } from './onboarding-world.ts';

describe('a registration', () => {
  it('is for all types but DLP in the worldwide cloud by default', async () => {
    const world = createOnboardingWorld({ tenants: [] });
    const asked = tenantRegistrationSchema.parse({ tenantId: fabrikamId.toUpperCase(), displayName: ' F ' });
    await registerTenant(world.depsOf(), asked);
    expect(await world.stored()).toMatchObject({
      tenantId: fabrikamId,
      displayName: 'F',
      cloud: 'enterprise',
      contentTypes: ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'],
      repairDrift: false,
    });
  });

  it('is named after the tenant id by default', async () => {
    const world = createOnboardingWorld({ tenants: [] });
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    expect((await world.stored()).displayName).toBe(fabrikamId);
  });

  it('contains each content type once', () => {
    const parsed = tenantRegistrationSchema.parse({
      tenantId: fabrikamId,
      contentTypes: ['DLP.All', 'Audit.General', 'DLP.All'],
    });
    expect(parsed.contentTypes).toEqual(['DLP.All', 'Audit.General']);
  });

  it.each([
    { tenantId: 'fabrikam.example' },
    { displayName: '' },
    { displayName: 'x'.repeat(257) },
    { cloud: 'moon' },
    { contentTypes: [] },
    { contentTypes: ['Audit.Everything'] },
    { surprise: true },
  ])('is refused with %j', (change) => {
    const body = { tenantId: fabrikamId, displayName: 'Fabrikam', ...change };
    expect(tenantRegistrationSchema.safeParse(body).success).toBe(false);
  });

  it.each([' Bücher.Example', 'BÜCHER.example', 'xn--bcher-kva.example'])(
    'takes international domains in every form: %j',
    (domain) => {
      expect(tenantRegistrationSchema.parse({ domain }).domain).toBe('xn--bcher-kva.example');
    },
  );

  it.each([{}, { tenantId: fabrikamId, domain: 'fabrikam.example' }])(
    'is refused with %j, which names no tenant or two',
    (body) => {
      const { error } = tenantRegistrationSchema.safeParse(body);
      expect(error?.issues).toMatchObject([
        { path: ['tenantId'], message: 'or domain is required, but not both' },
      ]);
    },
  );

  it.each([
    ...['fabrikam', 'fabrikam..example', '-a.example', 'a/b.example', 'a.example/../x', 'fabrikam.example.'],
    ...[
      'fabrikam.example?x',
      'anna@fabrikam.example',
      'https://fabrikam.example',
      `${'a'.repeat(64)}.example`,
    ],
    ...[`${'a.'.repeat(127)}example`, 'common', ''],
  ])('is refused with the domain %j', (domain) => {
    expect(tenantRegistrationSchema.safeParse({ domain }).success).toBe(false);
  });

  it.each(['fabrikam.example', 'fabrikam.onmicrosoft.com', 'xn--bcher-kva.example', 'a-1.b.c.example'])(
    'may be the domain %s',
    (domain) => {
      expect(tenantRegistrationSchema.parse({ domain })).toEqual({ domain });
    },
  );
});
