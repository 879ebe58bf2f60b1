/** Operations on reports about one tenant. */
import * as z from 'zod';
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
import { reportListSchema, reportResultSchema, reportViewSchema } from './schemas/reports.ts';

const area = 'Reports';
const audience = { scope: 'records.read' } as const;
const route = 'tenants/{tenantId}/reports';

export const startReport = operation('StartReport', ['POST', route], {
  area,
  audience: { scope: 'records.read', managed: true },
  summary: 'Start a report',
  description: 'Starts computing a report about a range of time. Location is where the result will be.',
  body: z.strictObject(reportForm).transform(toReportRequest),
  answers: { 202: json('The report was started.', reportViewSchema, acceptedHeaders) },
  connector: {
    visibility: 'none',
    description: 'Computes a report about a range of time, and waits until it is computed.',
    result: reportResultSchema,
    body: z.strictObject(reportFormOfMaker),
  },
});

export const listReports = operation('ListReports', ['GET', route], {
  area,
  audience,
  summary: 'List reports',
  description: 'Lists the newest 100 reports about a tenant.',
  answers: { 200: json('The reports, newest first.', reportListSchema) },
  connector: { visibility: 'advanced' },
});

export const {
  get: getReport,
  result: getReportResult,
  cancel: cancelReport,
} = followUps({
  area,
  noun: 'Report',
  one: 'a report',
  route: 'tenants/{tenantId}/reports/{reportId}',
  audience,
  linked: { kind: 'reports', id: 'reportId' },
  view: reportViewSchema,
  result: reportResultSchema,
  cancel: 'Stops a report that is being computed; a finished one is left unchanged.',
});

export const getReportContent = operation(
  'GetReportContent',
  ['GET', 'tenants/{tenantId}/reports/{reportId}/content'],
  {
    area,
    audience,
    summary: 'Get the content of a report',
    description: 'Returns a report as data, as a page to read and print, as a table, or as a workbook.',
    query: z.strictObject(contentParameters),
    answers: { 200: reportContent, 409: refusal(409, 'There is no content, or not yet.') },
    connector: { visibility: 'none' },
  },
);
