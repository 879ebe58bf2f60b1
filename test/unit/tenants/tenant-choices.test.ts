/** What makers choose from where a flow takes several tenants. */
import { expect, it } from 'vitest';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import { createHttpWorld } from './http-world.ts';

const tailspinId = 'a7c3e1d9-4b6f-4820-8d5e-9f1b2c3a4d50';
const tenants = [
  tenantNamed('Tailspin', { tenantId: tailspinId }),
  tenantNamed('Fabrikam', { tenantId: fabrikamId, tags: ['emea', 'gold'] }),
  tenantNamed('adatum', { tenantId: adatumId, tags: ['gold', 'schools'] }),
];
const all = { name: '*', displayName: 'All tenants' };
const tag = (name: string) => ({ name: `tag:${name}`, displayName: `Tag: ${name}` });
const [fabrikam, adatum, tailspin] = [
  { name: fabrikamId, displayName: 'Fabrikam' },
  { name: adatumId, displayName: 'adatum' },
  { name: tailspinId, displayName: 'Tailspin' },
];

it('all tenants are first, then each tag once, then the tenants by name', async () => {
  const { jsonBody } = await (await createHttpWorld(tenants)).choices();
  expect(jsonBody).toEqual({
    value: [all, tag('emea'), tag('gold'), tag('schools'), adatum, fabrikam, tailspin],
  });
});

it.each([
  ['tag:emea', [tag('emea'), tag('gold'), fabrikam]],
  [`${adatumId},${tailspinId}`, [tag('gold'), tag('schools'), adatum, tailspin]],
  ['tag:silver', []],
])('a caller that is bound to %s sees its own tenants and their tags', async (boundTo, own) => {
  const { jsonBody } = await (await createHttpWorld(tenants, { boundTo })).choices();
  expect(jsonBody).toEqual({ value: [all, ...own] });
});
