/** Operations on legal holds. */
import { json, refusal } from './answers.ts';
import { decisionSchema } from './decisions.ts';
import { operation } from './operation.ts';
import { legalHoldSchema } from './schemas/legal-hold.ts';

const area = 'Tenants';
const manageAll = { scope: 'tenants.manage', allTenants: true } as const;
const body = decisionSchema('Why it is done. It is recorded with who did it, and outlives the tenant.');

export const getLegalHold = operation('GetLegalHold', ['GET', 'tenants/{tenantId}/legalHold'], {
  area,
  audience: manageAll,
  summary: 'Get the legal hold of a tenant',
  description: 'Shows whether a hold is in force, and who placed or lifted one, when, and why.',
  answers: { 200: json('The hold and its history.', legalHoldSchema) },
});

export const placeLegalHold = operation('PlaceLegalHold', ['PUT', 'tenants/{tenantId}/legalHold'], {
  area,
  audience: manageAll,
  summary: 'Place a tenant under legal hold',
  description:
    'From then on nothing of the tenant is deleted: no purge starts, and one that waits or runs stops until the hold is lifted.',
  body,
  answers: { 200: json('The hold is in force.', legalHoldSchema) },
});

export const liftLegalHold = operation('LiftLegalHold', ['POST', 'tenants/{tenantId}/legalHold/lift'], {
  area,
  // Lifting it allows deletion, so it takes the same right.
  audience: { scope: 'tenants.purge', allTenants: true },
  summary: 'Lift the legal hold of a tenant',
  description: 'Ends the hold. A pending purge continues within an hour.',
  body,
  answers: { 200: json('No hold is in force.', legalHoldSchema), 404: refusal(404) },
});
