/** Client keys and the access log in answers. */
import * as z from 'zod';
import { outcomes } from '../../access/access-log.ts';
import { scopeSchema } from '../../access/api-keys.ts';
import { moment, nextLink } from './times.ts';

const members = {
  id: z.string(),
  name: z.string(),
  tenants: z.string().meta({ description: "Tenants' IDs and tags, separated by commas, or * for all." }),
  scopes: z.array(scopeSchema),
  status: z.enum(['Live', 'Expired', 'Revoked']).meta({ id: 'ClientKeyStatus' }),
  createdDateTime: moment('When it was made.'),
  expiresDateTime: moment('It opens nothing from then on.').optional(),
  lastUsedDateTime: moment('When it was used last.').optional(),
  revokedDateTime: moment('When it was revoked.').optional(),
  previousSecretExpiresDateTime: moment('The secret before this one works until then.').optional(),
  etag: z.string().meta({ description: 'For If-Match.' }),
};

export const keyListSchema = z
  .strictObject({ value: z.array(z.strictObject(members).meta({ id: 'ClientKey' })) })
  .meta({ id: 'ClientKeyList' });
const issued = { ...members, key: z.string().meta({ description: 'Shown here and never again.' }) };
export const issuedKeySchema = z.strictObject(issued).meta({ id: 'IssuedClientKey' });
export const createdKeySchema = z
  .strictObject({
    ...issued,
    tagsWithoutTenants: z.array(z.string()).optional().meta({
      description:
        'Tags of the key that no tenant has yet: it opens nothing by them until one has. Absent if there are none.',
    }),
  })
  .meta({ id: 'CreatedClientKey' });

export const callerSchema = z
  .strictObject({
    id: z.string().meta({ description: 'As in the access log: ID of a key, or entra:tenant/object.' }),
    kind: z
      .enum(['ClientKey', 'EntraUser', 'EntraApplication'])
      .meta({ id: 'CallerKind', description: 'What identifies the caller.' }),
    displayName: z.string().optional().meta({
      description: 'Name of the key, or of the user as the token says it; absent for applications.',
    }),
    expiresDateTime: moment('The key opens nothing from then on; absent for tokens.').optional(),
    access: z
      .array(
        z.strictObject({ tenants: members.tenants, scopes: members.scopes }).meta({ id: 'CallerAccess' }),
      )
      .meta({
        description: 'For which tenants which scopes hold. Roles of the partner may name several sets.',
      }),
  })
  .meta({ id: 'CurrentCaller' });

const entry = z
  .strictObject({
    createdDateTime: moment('When it was called.'),
    requestId: z.string().meta({ description: 'As answered in x-ms-request-id.' }),
    caller: z.string().optional(),
    action: z.string().meta({ description: 'Name of the function.' }),
    tenantId: z.string().optional(),
    outcome: z.enum(outcomes),
    code: z.string().optional(),
    clientAddress: z.string().optional().meta({
      description: 'Where calls without a valid credential came from; of IPv6 the /64 network.',
    }),
    count: z.int().optional().meta({
      description: 'How many such calls within a minute the entry represents; it describes the first.',
    }),
    parameters: z.array(z.string()).meta({ description: 'Names of the parameters, never their values.' }),
  })
  .meta({ id: 'AccessLogEntry' });

export const accessLogSchema = z.strictObject({ value: z.array(entry), nextLink }).meta({ id: 'AccessLog' });
