/** Operations on schedules of reports. */
import * as z from 'zod';
import { cadenceSchema } from '../reports/schedules/cadence.ts';
import { attachmentFormats } from '../reports/schedules/schedule.ts';
import { content, json, noContent, refusal } from './answers.ts';
import { operation } from './operation.ts';
import { reportChoice, withOptions, withOptionsIfAny } from './report-form.ts';
import { reportViewSchema } from './schemas/reports.ts';
import { attachmentFormat, scheduleListSchema, scheduleSchema } from './schemas/report-schedules.ts';
import { tenantsInBody } from './tenants-in-bodies.ts';

const area = 'Reports';
const audience = { scope: 'tenants.manage', allTenants: true } as const;
const shown = { 200: json('The schedule.', scheduleSchema), 404: refusal(404) } as const;

const displayName = z.string().trim().min(1).max(100);
const tenants = tenantsInBody.optional();
const channels = z
  .array(z.guid().transform((id) => id.toLowerCase()))
  .min(1)
  .max(20)
  .meta({ description: 'IDs of channels with the topic reports. Each gets the reports on its own tenants.' });
const formats = z.array(attachmentFormat).max(attachmentFormats.length).meta({
  description: 'What is attached; mail shows the beginning of each table in any case.',
});

export const listReportSchedules = operation('ListReportSchedules', ['GET', 'reportSchedules'], {
  area,
  audience,
  summary: 'List report schedules',
  description: 'Lists which reports are computed when, and what became of the newest ones.',
  answers: { 200: json('The schedules.', scheduleListSchema) },
});

export const createReportSchedule = operation('CreateReportSchedule', ['POST', 'reportSchedules'], {
  area,
  audience,
  summary: 'Create a report schedule',
  description:
    'Computes a report on each of a set of tenants every week or month, and sends each to the channels that are for its tenant. The caller needs records.read for all tenants.',
  body: z
    .strictObject({
      displayName,
      ...reportChoice,
      tenants,
      cadence: cadenceSchema,
      channels: channels.optional(),
      formats: formats.default(['xlsx']),
    })
    .transform(withOptions),
  answers: {
    201: json('The schedule.', scheduleSchema, ['Location']),
    404: refusal(404),
    409: refusal(409),
  },
});

export const getReportSchedule = operation('GetReportSchedule', ['GET', 'reportSchedules/{scheduleId}'], {
  area,
  audience,
  summary: 'Get a report schedule',
  description: 'Shows a schedule with its newest runs.',
  answers: shown,
});

export const changeReportSchedule = operation(
  'ChangeReportSchedule',
  ['PATCH', 'reportSchedules/{scheduleId}'],
  {
    area,
    audience,
    summary: 'Change a report schedule',
    description:
      'Changes the members that are sent; options are sent together with the kind. After another cadence or a pause, the next run begins when it is due for the first time.',
    body: z
      .strictObject({
        displayName: displayName.optional(),
        ...reportChoice,
        kind: reportChoice.kind.optional(),
        tenants,
        cadence: cadenceSchema.optional(),
        channels: channels.optional(),
        allChannels: z
          .boolean()
          .optional()
          .meta({ description: 'Whether all channels with the topic reports get them from now on.' }),
        formats: formats.optional(),
        paused: z.boolean().optional().meta({ description: 'Whether no runs begin for now.' }),
      })
      .transform(withOptionsIfAny),
    answers: { ...shown, 409: refusal(409) },
  },
);

export const deleteReportSchedule = operation(
  'DeleteReportSchedule',
  ['DELETE', 'reportSchedules/{scheduleId}'],
  {
    area,
    audience,
    summary: 'Delete a report schedule',
    description:
      'Nothing is computed or sent anymore; reports stay until they expire. Succeeds if it does not exist.',
    answers: { 204: noContent('The schedule does not exist anymore.') },
  },
);

export const sendReportSchedule = operation(
  'SendReportSchedule',
  ['POST', 'reportSchedules/{scheduleId}/send'],
  {
    area,
    audience,
    summary: 'Send the reports of a schedule now',
    description:
      'Computes the reports about the newest range, and sends them, also if they were sent before or the schedule is paused.',
    body: z.strictObject({}),
    bodyOptional: true,
    answers: {
      202: json('The schedule with its run.', scheduleSchema),
      404: refusal(404),
      409: refusal(409),
    },
  },
);

export const previewReportSchedule = operation(
  'PreviewReportSchedule',
  ['POST', 'reportSchedules/{scheduleId}/preview'],
  {
    area,
    audience,
    summary: 'Preview the mail of a schedule',
    description:
      'Returns the mail about one tenant as a page, without sending it. Its report is computed first: repeat the request until the answer is 200. The caller needs records.read for the tenant.',
    body: z.strictObject({
      tenantId: z.string().meta({ title: 'Tenant', description: 'ID of the tenant, or one of its domains.' }),
    }),
    answers: {
      200: content('The mail.', ['text/html'], ['Content-Security-Policy', 'Referrer-Policy']),
      202: json('The report, which is still being computed.', reportViewSchema, ['Retry-After']),
      404: refusal(404),
    },
  },
);
