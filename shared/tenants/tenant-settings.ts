/** What a caller chooses for a tenant, wherever it is chosen: when it is registered, later, or for all new tenants. */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { checkedRetentionSchema } from '../retention/retention.ts';
import { tagsSchema } from './tags.ts';
import type { Tenant } from './tenant.ts';

/** By what a tenant is found. */
export const labelMembers = {
  displayName: z.string().trim().min(1).max(256),
  tags: tagsSchema,
};

/** What is collected from it, and how long that is kept. */
export const collectionMembers = {
  contentTypes: z
    .array(contentTypeSchema)
    .min(1)
    .transform((types) => [...new Set(types)]),
  repairDrift: z.boolean(),
  retention: checkedRetentionSchema,
};

/** What is chosen for a tenant, by the names of its members. */
type Settings = Pick<Tenant, 'displayName' | 'tags' | 'contentTypes' | 'repairDrift' | 'retention'>;

/** What was sent; settings that were not keep their values. */
export function settingsAfter(
  before: Settings,
  sent: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  const { displayName = before.displayName, contentTypes = before.contentTypes } = sent;
  const { tags = before.tags, repairDrift = before.repairDrift, retention = before.retention } = sent;
  return { displayName, tags, contentTypes, repairDrift, retention };
}
