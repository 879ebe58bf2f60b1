/** Customers of the partner, and consent by its relationship with them, in answers. */
import * as z from 'zod';
import { tenantStates } from '../../tenants/tenant.ts';
import { tenantSchema } from './tenants.ts';

export const customersSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid().meta({ title: 'Tenant ID' }),
          displayName: z.string(),
          domain: z.string().optional().meta({ description: 'As Partner Center knows it.' }),
          registered: z.boolean().meta({ description: 'Whether it is a tenant here.' }),
          state: z
            .enum(tenantStates)
            .meta({ id: 'TenantState' })
            .optional()
            .meta({ description: 'Of the tenant; absent unless it is registered.' }),
        })
        .meta({ id: 'Customer' }),
    ),
  })
  .meta({ id: 'CustomerList' });

const relationshipGrant = z
  .strictObject({
    name: z
      .string()
      .meta({ description: 'consent, exchangeRole, or permission: and the name of a permission.' }),
    state: z.enum(['Granted', 'AlreadyGranted', 'Refused']),
    code: z.string().optional().meta({ description: 'Of the refusal.' }),
    message: z.string().optional(),
    cure: z.string().optional().meta({ description: 'What to do about the refusal.' }),
  })
  .meta({ id: 'RelationshipGrant' });

export const relationshipConsentSchema = z
  .strictObject({
    grants: z.array(relationshipGrant),
    tenant: tenantSchema.meta({ description: 'The tenant as its check found it.' }),
  })
  .meta({ id: 'RelationshipConsent' });
