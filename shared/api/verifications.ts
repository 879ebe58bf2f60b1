/** Operations on verifications. */
import * as z from 'zod';
import { json } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { momentText, momentWire as wire } from './moments-in-bodies.ts';
import { operation } from './operation.ts';
import {
  verificationListSchema,
  verificationMode,
  verificationResultSchema,
  verificationSchema,
} from './schemas/verifications.ts';

const area = 'Tenants';
const read = { scope: 'records.read' } as const;

const verificationBody = z.strictObject({
  mode: verificationMode.optional().meta({
    title: 'Mode',
    description:
      'full reads all landings; sample some of them. By default sample if there are more than 1,000.',
  }),
  sampleSize: z.int().min(1).max(100_000).optional().meta({
    title: 'Sample size',
    description: 'About how many landings a sample has; 200 by default.',
  }),
  seed: z.string().min(1).max(100).optional().meta({
    title: 'Seed',
    description: 'Selects the sample; that of an earlier verification selects the same landings.',
  }),
  from: momentText.optional().meta({
    title: 'From',
    description: 'Only what landed at this time or later.',
    wire,
  }),
  to: momentText.optional().meta({
    title: 'To',
    description: 'Only what landed before this time; by default until 15 minutes ago.',
    wire,
  }),
});

export const startVerification = operation(
  'StartVerification',
  ['POST', 'tenants/{tenantId}/ingestion/verifications'],
  {
    area,
    audience: { scope: 'tenants.manage', managed: true },
    summary: 'Verify what is stored',
    description:
      'Starts comparing everything that storage holds of a tenant: the ledger, the raw blobs, the chain of landings, and the index. Location is where the result will be.',
    body: verificationBody,
    answers: { 202: json('The verification was started.', verificationSchema, acceptedHeaders) },
  },
);

export const listVerifications = operation(
  'ListVerifications',
  ['GET', 'tenants/{tenantId}/ingestion/verifications'],
  {
    area,
    audience: read,
    summary: 'List verifications',
    description: 'Lists the newest 100 verifications of a tenant.',
    answers: { 200: json('The verifications, newest first.', verificationListSchema) },
  },
);

export const {
  get: getVerification,
  result: getVerificationResult,
  cancel: cancelVerification,
} = followUps({
  area,
  noun: 'Verification',
  one: 'a verification',
  route: 'tenants/{tenantId}/ingestion/verifications/{verificationId}',
  audience: read,
  cancelScope: 'tenants.manage',
  view: verificationSchema,
  result: verificationResultSchema,
  cancel: 'Stops a verification. It has changed nothing.',
});
