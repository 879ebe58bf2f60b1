/** Operations on bundles: exports of several tenants. */
import * as z from 'zod';
import { positionParameters } from '../http/positions.ts';
import { operationsParameters } from '../operations/page-of-operations.ts';
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
import {
  bundleLayout,
  bundleListSchema,
  bundleManifestSchema,
  bundleResultSchema,
  bundleSchema,
  bundleTenantsSchema,
} from './schemas/bundles.ts';
import { tenantsInBody, tenantsOfMaker } from './tenants-in-bodies.ts';

const area = 'Exports';
const audience = { scope: 'records.read' } as const;

const layout = bundleLayout.meta({
  title: 'Layout',
  description: 'One file, in which each record says whose it is, or a file for each tenant.',
});

const bundleBody = z
  .strictObject({
    tenants: tenantsInBody,
    layout,
    ...exportForm,
    select: columnsInBody,
    ...bodyFilters.shape,
  })
  .transform(({ tenants, layout: wanted, format, bom, select, ...filters }) => ({
    tenants,
    request: { layout: wanted, ...toExportRequest({ format, bom, select }, filters) },
  }));

export const startBundle = operation('StartBundle', ['POST', 'exports'], {
  area,
  audience,
  summary: 'Export records of several tenants',
  description:
    'Starts writing all records of several tenants that match all filters, to one file or to a file for each tenant. Location is where the result will be.',
  body: bundleBody,
  answers: {
    202: json('The bundle was started.', bundleSchema, acceptedHeaders),
    404: refusal(404),
  },
  connector: {
    visibility: 'none',
    description:
      'Writes all records of several tenants that match all filters, and waits until that is done.',
    result: bundleResultSchema,
    body: z.strictObject({
      tenants: tenantsOfMaker,
      layout,
      ...exportForm,
      select: columnsOfMaker,
      ...makerFilters.shape,
    }),
  },
});

export const listBundles = operation('ListBundles', ['GET', 'exports'], {
  area,
  audience,
  summary: 'List exports of several tenants',
  description:
    'Lists the exports of several tenants of all callers who read the same tenants, newest first, in pages.',
  query: z.strictObject(operationsParameters),
  answers: { 200: json('A page of bundles.', bundleListSchema) },
});

export const {
  get: getBundle,
  result: getBundleResult,
  cancel: cancelBundle,
} = followUps({
  area,
  noun: 'Bundle',
  one: 'a bundle',
  route: 'exports/{bundleId}',
  audience,
  linked: { kind: 'bundles', id: 'bundleId' },
  view: bundleSchema,
  result: bundleResultSchema,
  cancel:
    'Stops a bundle that is being written, and its exports that are running; finished files are left unchanged.',
});

export const listBundleTenants = operation('ListBundleTenants', ['GET', 'exports/{bundleId}/tenants'], {
  area,
  audience,
  summary: 'List the tenants of a bundle',
  description: 'Lists what became of each tenant of a bundle, the worst first, in pages.',
  query: z.strictObject(positionParameters),
  answers: { 200: json('A page of tenants.', bundleTenantsSchema) },
  connector: { visibility: 'advanced', pageable: true },
});

export const getBundleContent = operation('GetBundleContent', ['GET', 'exports/{bundleId}/content'], {
  area,
  audience,
  summary: 'Download the file of a bundle',
  description: 'Returns the one file of several tenants, whole or in part, so that downloads can be resumed.',
  headers: rangeHeaders,
  answers: {
    200: file('The file.', fileHeaders),
    206: file('A part of the file.', [...fileHeaders, 'Content-Range']),
    409: refusal(409, 'There is no file, or not yet.'),
    416: refusal(416),
  },
  connector: { visibility: 'none' },
});

export const getBundleManifest = operation('GetBundleManifest', ['GET', 'exports/{bundleId}/manifest'], {
  area,
  audience,
  summary: 'Get the manifest of a bundle',
  description: 'Returns what a recipient needs to judge the one file of several tenants.',
  answers: {
    200: json('The manifest.', bundleManifestSchema, ['Content-Disposition']),
    409: refusal(409, 'There is no file, or not yet.'),
  },
  connector: { visibility: 'advanced' },
});
