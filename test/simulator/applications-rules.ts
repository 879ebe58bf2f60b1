/** Graph's refusals of app registrations, with Graph's codes and the simulator's own texts. */

import * as z from 'zod';
import type { Collection, DirectoryObject } from './applications-state.ts';
import type { GraphObject } from './graph-directory.ts';
import { graphError } from './graph-replies.ts';
import type { Reply } from './http.ts';

const role = z.looseObject({
  id: z.guid(),
  value: z.string().nullish(),
  isEnabled: z.boolean(),
  allowedMemberTypes: z.array(z.enum(['User', 'Application'])).min(1),
});

const applicationSchema = z.looseObject({
  displayName: z.string().min(1).max(120).optional(),
  signInAudience: z
    .enum(['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount'])
    .optional(),
  identifierUris: z.array(z.string()).optional(),
  web: z.looseObject({ redirectUris: z.array(z.string()).optional() }).optional(),
  spa: z.looseObject({ redirectUris: z.array(z.string()).optional() }).optional(),
  api: z
    .looseObject({ oauth2PermissionScopes: z.array(z.looseObject({ id: z.guid() })).optional() })
    .optional(),
  appRoles: z.array(role).optional(),
  requiredResourceAccess: z
    .array(
      z.strictObject({
        resourceAppId: z.guid(),
        resourceAccess: z.array(z.strictObject({ id: z.guid(), type: z.enum(['Role', 'Scope']) })).min(1),
      }),
    )
    .optional(),
});

type ApplicationBody = z.output<typeof applicationSchema>;

const badRequest = (message: string): Reply => graphError(400, 'Request_BadRequest', message);
const taken = (status: number, message: string): Reply =>
  graphError(status, 'Request_MultipleObjectsWithSameKeyValue', message);

const hasDuplicates = (values: readonly unknown[]): boolean => new Set(values).size < values.length;

/** Returns the refusal, or the value to write. */
export const readApplication = (
  body: unknown,
  applications: Collection,
  current: DirectoryObject | undefined,
): { readonly refusal: Reply } | { readonly value: ApplicationBody } => {
  const { data } = applicationSchema.safeParse(body);
  if (data === undefined)
    return { refusal: badRequest('A property of the application has an invalid value.') };
  const refusal =
    refusalOfRoles(data, current) ??
    refusalOfAddresses(data) ??
    refusalOfIdentifiers(data, applications, current);
  return refusal === undefined ? { value: data } : { refusal };
};

const refusalOfRoles = ({ appRoles, requiredResourceAccess }: ApplicationBody, current?: DirectoryObject) => {
  if (hasDuplicates(appRoles?.map(({ value }) => value) ?? [])) {
    return badRequest('appRoles contains a duplicate value.');
  }
  if (hasDuplicates(requiredResourceAccess?.map(({ resourceAppId }) => resourceAppId) ?? [])) {
    return badRequest('requiredResourceAccess contains a duplicate resource.');
  }
  const before = z.array(role).catch([]).parse(current?.['appRoles']);
  const lost = before.find((one) => one.isEnabled && appRoles?.every(({ id }) => id !== one.id));
  return lost === undefined
    ? undefined
    : graphError(
        400,
        'CannotDeleteOrUpdateEnabledEntitlement',
        'An app role cannot be deleted before it is disabled.',
      );
};

const refusalOfAddresses = ({ web, spa }: ApplicationBody) => {
  const bad = [...(web?.redirectUris ?? []), ...(spa?.redirectUris ?? [])].find(
    (address) => !/^https:\/\/|^http:\/\/localhost\b/.test(address),
  );
  return bad === undefined
    ? undefined
    : graphError(400, 'InvalidRedirectUri', `The redirect URI ${bad} is not allowed.`);
};

const refusalOfIdentifiers = (
  { identifierUris = [] }: ApplicationBody,
  applications: Collection,
  current?: DirectoryObject,
) => {
  const others = applications.all().filter(({ id }) => id !== current?.id);
  const used = others.flatMap((other) => z.array(z.string()).catch([]).parse(other['identifierUris']));
  return identifierUris.some((address) => used.includes(address))
    ? taken(400, 'Another object with the same value for property identifierUris already exists.')
    : undefined;
};

const credentialSchema = z.object({
  name: z.string().regex(/^[\w-]{3,120}$/),
  issuer: z.url(),
  subject: z.string().min(1),
  audiences: z.array(z.string()).length(1),
  description: z.string().optional(),
});

const mostCredentials = 20;

/** Returns the refusal of a new federated credential, or the value to write. */
export const readNewCredential = (
  body: unknown,
  credentials: Collection,
): { readonly refusal: Reply } | { readonly value: z.output<typeof credentialSchema> } => {
  const { data: value } = credentialSchema.safeParse(body);
  if (value === undefined) return { refusal: badRequest('The federated identity credential is not valid.') };
  const all = credentials.all();
  if (all.length >= mostCredentials) {
    return {
      refusal: badRequest(
        'The application has reached the maximum number of federated identity credentials.',
      ),
    };
  }
  if (all.some(({ ['name']: name }) => name === value.name)) {
    return { refusal: taken(409, `FederatedIdentityCredential with name ${value.name} already exists.`) };
  }
  const isSame = (one: DirectoryObject): boolean =>
    one['issuer'] === value.issuer && one['subject'] === value.subject;
  return all.some(isSame)
    ? { refusal: badRequest('The combination of issuer and subject exists already for this application.') }
    : { value };
};

/** Returns the changes; name and ID of a credential stay the same. */
export const readCredentialChange = (
  body: unknown,
): { readonly refusal: Reply } | { readonly value: GraphObject } => {
  const { data: value } = credentialSchema.omit({ name: true }).partial().safeParse(body);
  return value === undefined
    ? { refusal: badRequest('The federated identity credential is not valid.') }
    : { value };
};

/** Returns the refusal of a new service principal. */
export const refusalOfServicePrincipal = (
  appId: unknown,
  known: {
    readonly applications: Collection;
    readonly servicePrincipals: Collection;
    readonly isMicrosofts: boolean;
  },
): Reply | undefined => {
  const has = (collection: Collection): boolean => collection.all().some((one) => one['appId'] === appId);
  if (has(known.servicePrincipals)) {
    return taken(409, `The service principal name ${String(appId)} is already in use.`);
  }
  const isBacked =
    known.isMicrosofts || known.applications.find((one) => one['appId'] === appId) !== undefined;
  return isBacked
    ? undefined
    : graphError(
        400,
        'NoBackingApplicationObject',
        `The appId '${String(appId)}' of the service principal does not reference a valid application object.`,
      );
};
