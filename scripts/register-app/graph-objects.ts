/** The members of Graph's objects that a registration consists of; items of arrays keep their other members. */
import * as z from 'zod';

/** Graph returns null for an empty collection. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const appRole = z.looseObject({
  id: z.string(),
  value: z.string().nullish(),
  isEnabled: z.boolean(),
  allowedMemberTypes: z.array(z.string()),
});

const permissionScope = z.looseObject({
  id: z.string(),
  value: z.string().nullish(),
  isEnabled: z.boolean(),
});

/** @see https://learn.microsoft.com/graph/api/resources/requiredresourceaccess */
const resourceAccess = z.object({
  resourceAppId: z.string(),
  resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })),
});
export type ResourceAccess = z.infer<typeof resourceAccess>;

/** @see https://learn.microsoft.com/graph/api/resources/application */
export const applicationSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  signInAudience: z.string().nullish(),
  identifierUris: listOf(z.string()),
  web: z.object({ redirectUris: listOf(z.string()) }).default({ redirectUris: [] }),
  spa: z.object({ redirectUris: listOf(z.string()) }).default({ redirectUris: [] }),
  api: z
    .object({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: listOf(permissionScope),
    })
    .default({ oauth2PermissionScopes: [] }),
  appRoles: listOf(appRole),
  requiredResourceAccess: listOf(resourceAccess),
  servicePrincipalLockConfiguration: z
    .object({ isEnabled: z.boolean().nullish(), allProperties: z.boolean().nullish() })
    .nullish(),
  passwordCredentials: listOf(z.unknown()),
  keyCredentials: listOf(z.unknown()),
});
export type Application = z.infer<typeof applicationSchema>;

/** @see https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipalSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  servicePrincipalType: z.string().nullish(),
  appRoles: listOf(appRole),
});
export type ServicePrincipal = z.infer<typeof servicePrincipalSchema>;

/** @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export const federatedCredentialSchema = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
});
export type FederatedCredential = z.infer<typeof federatedCredentialSchema>;
