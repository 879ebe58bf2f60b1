/** Operations on the ingestion of several tenants. */
import * as z from 'zod';
import { tenantPageParameters } from '../query/record-query.ts';
import { json, refusal } from './answers.ts';
import { operation } from './operation.ts';
import { ingestionListSchema } from './schemas/ingestion.ts';

export const listIngestion = operation('ListIngestion', ['GET', 'ingestion'], {
  area: 'Tenants',
  audience: { scope: 'records.read' },
  summary: 'List the state of ingestion',
  description:
    'Shows what was collected from several tenants and what is pending or lost, one entry for each, the one that lags most first. The first pages of more than 200 tenants are empty.',
  query: z.strictObject(tenantPageParameters),
  answers: { 200: json('The states.', ingestionListSchema), 404: refusal(404), 414: refusal(414) },
});
