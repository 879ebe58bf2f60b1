/** Operations on what is permanently lost. */
import { gapParameters } from '../landing/public-gap.ts';
import { json } from './answers.ts';
import { operation } from './operation.ts';
import { gapListSchema } from './schemas/gaps.ts';

export const listGaps = operation('ListGaps', ['GET', 'tenants/{tenantId}/ingestion/gaps'], {
  area: 'Tenants',
  audience: { scope: 'records.read' },
  summary: 'List gaps',
  description:
    'Lists the ranges of time and the content blobs that are permanently lost, newest first, with what to do about them.',
  query: gapParameters,
  answers: { 200: json('A page of gaps.', gapListSchema) },
  connector: { visibility: 'advanced', pageable: true },
});
