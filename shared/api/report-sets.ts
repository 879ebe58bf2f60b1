/** Operations on reports on several tenants. */
import * as z from 'zod';
import { positionParameters } from '../http/positions.ts';
import { operationsParameters } from '../operations/page-of-operations.ts';
import { json, refusal } from './answers.ts';
import { followUps } from './follow-ups.ts';
import { acceptedHeaders } from './headers.ts';
import { operation } from './operation.ts';
import {
  contentParameters,
  reportContent,
  reportForm,
  reportFormOfMaker,
  toReportRequest,
} from './report-form.ts';
import {
  reportSetListSchema,
  reportSetResultSchema,
  reportSetSchema,
  reportSetTenantsSchema,
} from './schemas/report-sets.ts';
import { tenantsInBody, tenantsOfMaker } from './tenants-in-bodies.ts';

const area = 'Reports';
const audience = { scope: 'records.read' } as const;

export const startReportSet = operation('StartReportSet', ['POST', 'reports'], {
  area,
  audience,
  summary: 'Start a report on several tenants',
  description: 'Starts computing a report on each of several tenants. Location is where the result will be.',
  body: z
    .strictObject({ tenants: tenantsInBody, ...reportForm })
    .transform(({ tenants, ...form }, context) => ({
      tenants,
      request: toReportRequest(form, context),
    })),
  answers: {
    202: json('The reports were started.', reportSetSchema, acceptedHeaders),
    404: refusal(404),
  },
  connector: {
    visibility: 'none',
    description: 'Computes a report on each of several tenants, and waits until all are computed.',
    result: reportSetResultSchema,
    body: z.strictObject({ tenants: tenantsOfMaker, ...reportFormOfMaker }),
  },
});

export const listReportSets = operation('ListReportSets', ['GET', 'reports'], {
  area,
  audience,
  summary: 'List reports on several tenants',
  description:
    'Lists the reports on several tenants of all callers who read the same tenants, newest first, in pages.',
  query: z.strictObject(operationsParameters),
  answers: { 200: json('A page of reports.', reportSetListSchema) },
});

export const {
  get: getReportSet,
  result: getReportSetResult,
  cancel: cancelReportSet,
} = followUps({
  area,
  noun: 'ReportSet',
  one: 'a report on several tenants',
  route: 'reports/{reportSetId}',
  audience,
  linked: { kind: 'reportSets', id: 'reportSetId' },
  view: reportSetSchema,
  result: reportSetResultSchema,
  cancel: 'Stops the reports that are being computed; finished ones are left unchanged.',
});

export const listReportSetTenants = operation(
  'ListReportSetTenants',
  ['GET', 'reports/{reportSetId}/tenants'],
  {
    area,
    audience,
    summary: 'List the tenants of a report',
    description: 'Lists what became of each tenant of a report on several, the worst first, in pages.',
    query: z.strictObject(positionParameters),
    answers: { 200: json('A page of tenants.', reportSetTenantsSchema) },
    connector: { visibility: 'advanced', pageable: true },
  },
);

export const getReportSetContent = operation(
  'GetReportSetContent',
  ['GET', 'reports/{reportSetId}/content'],
  {
    area,
    audience,
    summary: 'Get the content of a report on several tenants',
    description:
      'Returns the reports on all tenants as one: as data, as a page to read and print, as a table, or as a workbook.',
    query: z.strictObject(contentParameters),
    answers: { 200: reportContent, 409: refusal(409, 'There is no content yet.') },
    connector: { visibility: 'none' },
  },
);
