/** Operations on the partner's policy for new tenants. */
import { policySchema } from '../tenants/policy.ts';
import { json } from './answers.ts';
import { operation } from './operation.ts';

const area = 'Tenants';
const audience = { scope: 'tenants.manage', allTenants: true } as const;
const answer = policySchema.meta({ id: 'Policy' });

export const getPolicy = operation('GetPolicy', ['GET', 'policy'], {
  area,
  audience,
  summary: 'Get the policy',
  description: 'Shows what new tenants get unless their registration says otherwise.',
  answers: { 200: json('The policy; without members if none was set.', answer) },
});

export const setPolicy = operation('SetPolicy', ['PUT', 'policy'], {
  area,
  audience,
  summary: 'Set the policy',
  description:
    'Replaces what new tenants get unless their registration says otherwise. Tenants that are registered stay as they are; differsFromPolicy shows what differs.',
  body: policySchema,
  answers: { 200: json('The policy.', answer) },
});
