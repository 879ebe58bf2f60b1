/** Operations on the ledger. */
import { ledgerParameters } from '../landing/public-ledger.ts';
import { json } from './answers.ts';
import { operation } from './operation.ts';
import { ledgerSchema } from './schemas/ledger.ts';

export const listLedgerEntries = operation(
  'ListLedgerEntries',
  ['GET', 'tenants/{tenantId}/ingestion/ledger'],
  {
    area: 'Tenants',
    audience: { scope: 'records.read' },
    summary: 'List the ledger',
    description:
      'Lists every content blob that Microsoft listed, oldest first: its state, records, bytes, SHA-256, and landing. A page may be short, or even empty, and still have a nextLink.',
    query: ledgerParameters,
    answers: { 200: json('A page of the ledger.', ledgerSchema) },
  },
);
