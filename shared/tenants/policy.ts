/** What the partner decides for new tenants. One that was ever active stays as it is. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { enablementBodySchema } from '../enablement/enablement-body.ts';
import { collectionMembers } from './tenant-settings.ts';
import type { Tenant } from './tenant.ts';

/** Of all mailboxes of a tenant, and for real. */
const policyEnablementSchema = enablementBodySchema.omit({ dryRun: true, mailboxes: true });

/** Body of `PUT /policy`. A member that is absent is left to the app. */
export const policySchema = z.strictObject({
  contentTypes: collectionMembers.contentTypes.optional().meta({ description: 'What to collect.' }),
  repairDrift: collectionMembers.repairDrift
    .optional()
    .meta({ description: 'Whether auditing that was turned off is turned on again automatically.' }),
  retention: collectionMembers.retention
    .optional()
    .meta({ description: 'How long data is kept. {} is forever.' }),
  enablement: policyEnablementSchema.optional().meta({
    description:
      'Turns auditing on once, when a tenant becomes Active for the first time. Absent: not. Requires the scope auditing.enable as well.',
  }),
});
export type Policy = Readonly<z.output<typeof policySchema>>;

export interface PolicyStore {
  /** Without members if none was set. */
  get(): Promise<Policy>;
  /** Replaces all of it. */
  put(policy: Policy): Promise<void>;
}

export interface PolicyDeps {
  readonly policy: PolicyStore;
}

/** The policy as far as answers may tell it: undefined for callers who do not see all tenants. */
export async function policyShownTo(
  { policy }: PolicyDeps,
  { seesAll }: { readonly seesAll: boolean },
): Promise<Policy | undefined> {
  return seesAll ? await policy.get() : undefined;
}

const compared = ['contentTypes', 'repairDrift', 'retention'] as const;
export const policyMembers: z.ZodType<(typeof compared)[number]> = z.enum(compared);

/** Settings of a tenant that differ from the policy, as far as that says something. */
export function differencesFrom(policy: Policy, tenant: Tenant): readonly (typeof compared)[number][] {
  return compared.filter((name) => policy[name] !== undefined && !isSame(policy[name], tenant[name]));
}

function isSame(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return isDeepStrictEqual(wanted, found);
  return isDeepStrictEqual(new Set<unknown>(wanted), new Set<unknown>(found));
}
