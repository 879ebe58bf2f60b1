/** Reads a simulated tenant from JSON. */

import * as z from 'zod';
import { exchangeSchema } from './exchange/exchange-schema.ts';
import type { FeedContentType, SimulatedTenant } from './tenant.ts';

export const feedContentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
  'DLP.All',
] as const satisfies readonly FeedContentType[];

export const feedContentTypeSchema = z.enum(feedContentTypes);

/** A timestamp in ISO 8601 with a time zone; parsed to a Date. */
export const momentSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const directorySchema = z.strictObject({
  users: z.array(
    z.strictObject({
      id: z.string(),
      userPrincipalName: z.string(),
      displayName: z.string(),
      mail: z.string().optional(),
      otherMails: z.array(z.string()).optional(),
      proxyAddresses: z.array(z.string()).optional(),
    }),
  ),
  groups: z.array(
    z.strictObject({ id: z.string(), displayName: z.string(), memberIds: z.array(z.string()) }),
  ),
  servicePrincipals: z.array(z.strictObject({ id: z.string(), appId: z.string(), displayName: z.string() })),
  globalAdministratorIds: z.array(z.string()),
  eligibleGlobalAdministratorIds: z.array(z.string()).optional(),
  otherRoles: z
    .array(z.strictObject({ roleDefinitionId: z.string(), principalIds: z.array(z.string()) }))
    .optional(),
});

const emptyDirectory = { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] };

/** The JSON form of a tenant; everything except ID and domain is optional. */
export const simulatedTenantSchema = z
  .strictObject({
    tenantId: z.guid(),
    displayName: z.string().optional(),
    domain: z.string(),
    otherDomains: z.array(z.string()).optional(),
    auditingEnabled: z.boolean().default(true),
    consented: z.boolean().default(true),
    records: z
      .array(
        z.strictObject({ contentType: feedContentTypeSchema, text: z.string(), availableAt: momentSchema }),
      )
      .default([]),
    searchOnly: z.array(z.string()).optional(),
    directory: directorySchema.default(emptyDirectory),
    exchange: exchangeSchema.optional(),
  })
  .transform(({ directory, ...tenant }): SimulatedTenant => {
    const { eligibleGlobalAdministratorIds: eligible, ...permanent } = directory;
    return {
      ...tenant,
      displayName: tenant.displayName ?? tenant.domain,
      directory: {
        ...permanent,
        ...(eligible === undefined ? {} : { eligibleGlobalAdministratorIds: eligible }),
      },
    };
  });
