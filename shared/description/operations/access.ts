/** Operations on client keys and the access log. */
import * as z from 'zod';
import { accessLogParameters } from '../../access/access-log-query.ts';
import { newKeySchema, rotationSchema } from '../../access/manage-keys.ts';
import { accessLogSchema, issuedKeySchema, keyListSchema } from '../answers/access.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { id, ifMatch, json } from './parameters.ts';

const area = 'Access';
const audience = { scope: 'keys.manage', allTenants: true } as const;
const ofKey = z.object({ keyId: id('Key ID', 'Id of the client key.') });

export const accessOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListKeys', method: 'GET', route: 'keys', area, audience },
    summary: 'List client keys',
    description: 'Lists all client keys, live or ended, without their secrets.',
    responses: { 200: json('The keys.', keyListSchema) },
  },
  {
    ...{ operationId: 'CreateKey', method: 'POST', route: 'keys', area, audience },
    summary: 'Create a client key',
    description: 'Makes a client key that may do no more than who asks for it, and shows it this once.',
    body: newKeySchema,
    responses: { 201: json('The key.', issuedKeySchema, ['ETag']), 404: refusal(404) },
  },
  {
    ...{ operationId: 'RotateKey', method: 'POST', route: 'keys/{keyId}/rotate', area, audience },
    summary: 'Rotate a client key',
    description: 'Gives a key a new secret, shown this once; the one so far works on for a while.',
    parameters: ofKey,
    headers: ifMatch,
    body: rotationSchema,
    bodyOptional: true,
    responses: { 200: json('The key.', issuedKeySchema, ['ETag']), 404: refusal(404) },
  },
  {
    ...{ operationId: 'RevokeKey', method: 'DELETE', route: 'keys/{keyId}', area, audience },
    summary: 'Revoke a client key',
    description: 'Ends a client key for good; one that has ended or never was is success.',
    parameters: ofKey,
    headers: ifMatch,
    responses: { 204: { description: 'It opens nothing.' }, 409: refusal(409), 412: refusal(412) },
  },
  {
    ...{ operationId: 'ListAccessLog', method: 'GET', route: 'access-log', area },
    audience: { scope: 'access.read' },
    summary: 'List the access log',
    description: 'Lists who asked what of which tenant, newest first; never what records say.',
    parameters: accessLogParameters,
    responses: { 200: json('A page of entries.', accessLogSchema), 404: refusal(404) },
  },
];
