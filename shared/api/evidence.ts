/** Operations on evidence. */
import { evidenceParameters } from '../evidence/evidence-range.ts';
import { pdfType } from '../pdf/pdf-type.ts';
import { json } from './answers.ts';
import { operation } from './operation.ts';
import { certificateSchema } from './schemas/evidence.ts';

export const getEvidence = operation('GetEvidence', ['GET', 'tenants/{tenantId}/ingestion/evidence'], {
  area: 'Tenants',
  audience: { scope: 'records.read' },
  summary: 'Get a certificate',
  description:
    'Certifies what was collected in a range of time: counts, gaps, the chain of landings, and the daily checkpoints, with everything that a third party needs to check them. The same as a document, with the JSON attached, for callers that send `Accept: application/pdf`.',
  query: evidenceParameters,
  answers: {
    200: {
      ...json('The certificate.', certificateSchema, ['Content-Disposition', 'Vary']),
      alternatives: [pdfType],
    },
  },
});
