/** Operations on exports. */
import * as z from 'zod';
import { exportFormats } from '../../exports/export.ts';
import { exportResultSchema, exportSchema, manifestSchema } from '../answers/exports.ts';
import { refusal } from '../complete.ts';
import type { HeaderName, Operation } from '../operation.ts';
import { accepted, bodyFilters, goesOn, id, json, makerFilters, ofTenant, token } from './parameters.ts';

const area = 'Exports';
const audience = { scope: 'records.read' } as const;
const byLink = { scope: 'records.read', orLink: true } as const;
const route = 'tenants/{tenantId}/exports';
const ofExport = z.object({ ...ofTenant.shape, exportId: id('Export ID', 'Id of the export.') });

const form = {
  format: z.enum(exportFormats).meta({
    title: 'Format',
    description: "The portal's columns, a column for each member, or records as delivered, one a line.",
    'x-ms-enum-values': [
      { value: 'csv', displayName: 'CSV as in the Purview portal' },
      { value: 'csvFlat', displayName: 'CSV with a column for each member' },
      { value: 'ndjson', displayName: 'Records as delivered, one a line' },
    ],
  }),
  bom: z.boolean().optional().meta({
    title: 'For Excel',
    description: 'Begins CSV with a byte order mark, by which Excel knows its encoding.',
  }),
};

const range = z.object({
  Range: z.string().optional().meta({ description: 'Which bytes are wanted.' }),
  'If-Range': z.string().optional().meta({ description: 'ETag of the file that the range belongs to.' }),
});

const fileHeaders: readonly HeaderName[] = [
  ...(['Accept-Ranges', 'Content-Disposition', 'ETag', 'Repr-Digest'] as const),
];
const fileTypes = ['text/csv', 'application/x-ndjson'];

export const exportOperations: readonly Operation[] = [
  {
    ...{ operationId: 'StartExport', method: 'POST', route, area, audience },
    summary: 'Export records',
    description: 'Writes all records that pass all filters to a file, and waits until it is written.',
    parameters: ofTenant,
    body: z.strictObject({ ...form, ...bodyFilters.shape }),
    responses: { 202: json('It has begun.', exportSchema, accepted) },
    connector: {
      visibility: 'none',
      result: exportResultSchema,
      body: z.strictObject({ ...form, ...makerFilters.shape }),
    },
  },
  {
    ...{ operationId: 'GetExport', method: 'GET', route: `${route}/{exportId}`, area, audience },
    summary: 'Get an export',
    description: 'Shows how an export goes.',
    parameters: ofExport,
    responses: { 200: json('The export.', exportSchema) },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'GetExportResult', method: 'GET', route: `${route}/{exportId}/result`, area },
    audience: byLink,
    summary: 'Get the result of an export',
    description: 'Waits for the end of an export.',
    parameters: ofExport.extend({ t: token }),
    responses: {
      200: json('Where the file is.', exportResultSchema),
      202: json('It goes on.', exportSchema, goesOn),
      422: refusal(422, 'There is no file: the export failed or was canceled.'),
    },
    connector: { visibility: 'internal', without: ['t'] },
  },
  {
    ...{ operationId: 'GetExportContent', method: 'GET', route: `${route}/{exportId}/content`, area },
    audience,
    summary: 'Download an export',
    description: 'Gets the file of an export, whole or from where a download broke off.',
    parameters: ofExport,
    headers: range,
    responses: {
      200: { description: 'The file.', schema: z.string(), mediaTypes: fileTypes, headers: fileHeaders },
      206: {
        description: 'A part of the file.',
        schema: z.string(),
        mediaTypes: fileTypes,
        headers: [...fileHeaders, 'Content-Range'],
      },
      409: refusal(409, 'There is no file, or not yet.'),
      416: refusal(416),
    },
    connector: { visibility: 'none' },
  },
  {
    ...{ operationId: 'GetExportManifest', method: 'GET', route: `${route}/{exportId}/manifest`, area },
    audience,
    summary: 'Get the manifest of an export',
    description: 'Gets what somebody who holds the file needs to judge it.',
    parameters: ofExport,
    responses: {
      200: json('The manifest.', manifestSchema, ['Content-Disposition']),
      409: refusal(409, 'There is no file, or not yet.'),
    },
    connector: { visibility: 'advanced' },
  },
  {
    ...{ operationId: 'CancelExport', method: 'POST', route: `${route}/{exportId}/cancel`, area, audience },
    summary: 'Cancel an export',
    description: 'Ends an export that is being written; one that has finished stays as it is.',
    parameters: ofExport,
    responses: { 202: json('The export.', exportSchema) },
  },
];
