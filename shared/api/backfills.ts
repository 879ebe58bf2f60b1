/** Operations on backfills. */
import * as z from 'zod';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { momentText, momentWire as wire } from './moments-in-bodies.ts';
import { operation } from './operation.ts';
import { backfillListSchema, backfillSchema } from './schemas/backfills.ts';

const area = 'Backfills';

const backfillBody = z.strictObject({
  from: momentText.meta({
    title: 'From',
    wire,
    description: 'Records of this moment and later; within the last 366 days.',
  }),
  to: momentText.optional().meta({
    title: 'To',
    wire,
    description: 'Records before this moment; now if it is absent.',
  }),
});

const route = 'tenants/{tenantId}/ingestion/backfills';

export const startBackfill = operation('StartBackfill', ['POST', route], {
  area,
  audience: { scope: 'tenants.manage', managed: true },
  summary: 'Backfill records',
  description:
    "Starts adding what happened before collection began, found by Microsoft's search of the audit log. Location is where the result will be.",
  body: backfillBody,
  answers: {
    202: json('The backfill was started.', backfillSchema, acceptedHeaders),
    409: refusal(
      409,
      'Another one is running, the application may not search the audit log, or collection has not begun.',
    ),
  },
});

export const listBackfills = operation('ListBackfills', ['GET', route], {
  area,
  audience: { scope: 'records.read' },
  summary: 'List backfills',
  description: 'Lists the newest 100 backfills of a tenant: where backfilled records came from.',
  answers: { 200: json('The backfills, newest first.', backfillListSchema) },
});

export const {
  get: getBackfill,
  result: getBackfillResult,
  cancel: cancelBackfill,
} = followUps({
  area,
  noun: 'Backfill',
  one: 'a backfill',
  route: 'tenants/{tenantId}/ingestion/backfills/{backfillId}',
  audience: { scope: 'records.read' },
  cancelScope: 'tenants.manage',
  view: backfillSchema,
  result: backfillSchema,
  cancel:
    'Stops a backfill; records that were found already are kept. Queries that run at Microsoft cannot be deleted, and end unread.',
});
