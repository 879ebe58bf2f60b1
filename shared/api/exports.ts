/** Operations on exports. */
import * as z from 'zod';
import { file, json, refusal } from './answers.ts';
import {
  columnsInBody,
  columnsOfMaker,
  exportForm,
  fileHeaders,
  rangeHeaders,
  toExportRequest,
} from './export-form.ts';
import { bodyFilters, makerFilters } from './filters-in-bodies.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import { exportResultSchema, exportSchema, manifestSchema } from './schemas/exports.ts';

const area = 'Exports';
const audience = { scope: 'records.read' } as const;

/** A format, and filters named like those of a list of records. */
const exportBody = z
  .strictObject({ ...exportForm, select: columnsInBody, ...bodyFilters.shape })
  .transform(({ format, bom, select, ...filters }) => toExportRequest({ format, bom, select }, filters));

export const startExport = operation('StartExport', ['POST', 'tenants/{tenantId}/exports'], {
  area,
  audience: { scope: 'records.read', managed: true },
  summary: 'Export records',
  description:
    'Starts writing all records that match all filters to a file. Location is where the result will be.',
  body: exportBody,
  answers: { 202: json('The export was started.', exportSchema, acceptedHeaders) },
  connector: {
    visibility: 'none',
    description: 'Writes all records that match all filters to a file, and waits until it is written.',
    result: exportResultSchema,
    body: z.strictObject({ ...exportForm, select: columnsOfMaker, ...makerFilters.shape }),
  },
});

export const {
  get: getExport,
  result: getExportResult,
  cancel: cancelExport,
} = followUps({
  area,
  noun: 'Export',
  one: 'an export',
  route: 'tenants/{tenantId}/exports/{exportId}',
  audience,
  linked: { kind: 'exports', id: 'exportId' },
  view: exportSchema,
  result: exportResultSchema,
  cancel: 'Stops an export that is being written; a finished one is left unchanged.',
});

export const getExportContent = operation(
  'GetExportContent',
  ['GET', 'tenants/{tenantId}/exports/{exportId}/content'],
  {
    area,
    audience,
    summary: 'Download an export',
    description: 'Returns the file of an export, whole or in part, so that downloads can be resumed.',
    headers: rangeHeaders,
    answers: {
      200: file('The file.', fileHeaders),
      206: file('A part of the file.', [...fileHeaders, 'Content-Range']),
      409: refusal(409, 'There is no file, or not yet.'),
      416: refusal(416),
    },
    connector: { visibility: 'none' },
  },
);

export const getExportManifest = operation(
  'GetExportManifest',
  ['GET', 'tenants/{tenantId}/exports/{exportId}/manifest'],
  {
    area,
    audience,
    summary: 'Get the manifest of an export',
    description: 'Returns what a recipient needs to judge the file.',
    answers: {
      200: json('The manifest.', manifestSchema, ['Content-Disposition']),
      409: refusal(409, 'There is no file, or not yet.'),
    },
    connector: { visibility: 'advanced' },
  },
);
