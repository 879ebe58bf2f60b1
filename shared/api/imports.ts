/** Operations on imports, and on the uploads that they read. */
import * as z from 'zod';
import { maxPartBytes, maxParts } from '../imports/upload.ts';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { importListSchema, importResultSchema, importSchema, uploadedPartSchema } from './schemas/imports.ts';

const area = 'Imports';
const audience = { scope: 'records.import', managed: true } as const;

export const uploadPart = operation(
  'UploadPart',
  ['PUT', 'tenants/{tenantId}/uploads/{uploadId}/parts/{part}'],
  {
    area,
    audience,
    summary: 'Upload a part of a file',
    description:
      'Keeps a part of a file for an import. The file is all parts joined, whatever it contains. Repeat a part if its answer was lost.',
    file: { keptBytes: maxPartBytes },
    answers: {
      200: json('The part is kept.', uploadedPartSchema),
      409: refusal(409, 'The upload has another part of this number. Choose another ID for the upload.'),
    },
  },
);

const importBody = z.strictObject({
  uploadId: z.guid().meta({ title: 'Upload ID', description: 'The ID that was chosen for the upload.' }),
  parts: z.int().min(1).max(maxParts).meta({ description: 'How many parts the upload has.' }),
  fileName: z.string().trim().min(1).max(200).optional().meta({ description: 'What people call the file.' }),
});

export const startImport = operation('StartImport', ['POST', 'tenants/{tenantId}/imports'], {
  area,
  audience,
  summary: 'Import records',
  description:
    'Starts adding the records of an uploaded file to those of the tenant. Location is where the result will be.',
  body: importBody,
  answers: { 202: json('The import was started.', importSchema, acceptedHeaders) },
});

export const listImports = operation('ListImports', ['GET', 'tenants/{tenantId}/imports'], {
  area,
  audience: { scope: 'records.read' },
  summary: 'List imports',
  description: 'Lists the newest 100 imports of a tenant: where imported records came from.',
  answers: { 200: json('The imports, newest first.', importListSchema) },
});

export const {
  get: getImport,
  result: getImportResult,
  cancel: cancelImport,
} = followUps({
  area,
  noun: 'Import',
  one: 'an import',
  route: 'tenants/{tenantId}/imports/{importId}',
  audience: { scope: 'records.read' },
  cancelScope: 'records.import',
  view: importSchema,
  result: importResultSchema,
  cancel: 'Stops an import and deletes its upload; records that were imported already are kept.',
});
