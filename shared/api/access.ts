/** Operations on client keys and the access log. */
import * as z from 'zod';
import { accessLogParameters } from '../access/access-log-query.ts';
import { newKeySchema, rotationSchema } from '../access/manage-keys.ts';
import { json, noContent, refusal } from './answers.ts';
import { ifMatch } from './if-match.ts';
import { operation } from './operation.ts';
import {
  accessLogSchema,
  callerSchema,
  createdKeySchema,
  issuedKeySchema,
  keyListSchema,
} from './schemas/access.ts';

const area = 'Access';
const audience = { scope: 'keys.manage', allTenants: true } as const;

export const listKeys = operation('ListKeys', ['GET', 'keys'], {
  area,
  audience,
  summary: 'List client keys',
  description: 'Lists all client keys, including expired and revoked ones, without their secrets.',
  answers: { 200: json('The keys.', keyListSchema) },
});

export const createKey = operation('CreateKey', ['POST', 'keys'], {
  area,
  audience,
  summary: 'Create a client key',
  description: 'Creates a client key with at most the rights of its creator, and shows it once.',
  body: newKeySchema,
  answers: { 201: json('The key.', createdKeySchema, ['ETag']), 404: refusal(404) },
});

export const rotateKey = operation('RotateKey', ['POST', 'keys/{keyId}/rotate'], {
  area,
  audience,
  summary: 'Rotate a client key',
  description: 'Gives a key a new secret, shown once; the previous secret stays valid for a while.',
  headers: z.object(ifMatch),
  body: rotationSchema,
  bodyOptional: true,
  answers: { 200: json('The key.', issuedKeySchema, ['ETag']) },
});

export const revokeKey = operation('RevokeKey', ['DELETE', 'keys/{keyId}'], {
  area,
  audience,
  summary: 'Revoke a client key',
  description: 'Revokes a client key for good; succeeds if it has already ended.',
  headers: z.object(ifMatch),
  answers: { 204: noContent('The key is no longer valid.'), 409: refusal(409), 412: refusal(412) },
});

export const getCaller = operation('GetCaller', ['GET', 'me'], {
  area,
  audience: 'identified',
  summary: 'Get the caller',
  description: 'Says who the caller is, and what it may do in which tenants; never a secret.',
  answers: { 200: json('The caller.', callerSchema) },
});

export const listAccessLog = operation('ListAccessLog', ['GET', 'access-log'], {
  area,
  audience: { scope: 'access.read' },
  summary: 'List the access log',
  description: 'Lists who called what for which tenant, newest first; never the content of records.',
  query: accessLogParameters,
  answers: { 200: json('A page of entries.', accessLogSchema), 404: refusal(404) },
});
