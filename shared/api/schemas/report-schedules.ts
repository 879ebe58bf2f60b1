/** Schedules of reports in answers. */
import * as z from 'zod';
import { cadenceSchema } from '../../reports/schedules/cadence.ts';
import { attachmentFormats } from '../../reports/schedules/schedule.ts';
import { moment } from './times.ts';

export const attachmentFormat = z.enum(attachmentFormats).meta({
  id: 'ReportAttachmentFormat',
  description: 'What is attached; csv: each table as a file.',
});

const runMembers = {
  reportSetId: z.guid().meta({
    title: 'Report Set ID',
    description: 'The report on several tenants that was computed; its content can be read until it expires.',
  }),
  from: moment('The beginning of the range.'),
  to: moment('The end of the range, which is not part of it.'),
  skippedCount: z.int().meta({
    description: 'How many periods before this one have no reports, because no host was running.',
  }),
  startedDateTime: moment('When it began.'),
};

export const scheduleSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Schedule ID' }),
    displayName: z.string(),
    kind: z.string().meta({ description: 'The kind of report.' }),
    title: z.string().optional().meta({ description: 'Its name for people.' }),
    options: z.record(z.string(), z.unknown()).meta({ description: 'The options of the kind.' }),
    tenants: z.string().meta({
      description: 'The IDs and tags of the tenants that have reports; an asterisk: all.',
    }),
    cadence: cadenceSchema,
    channels: z
      .array(z.guid())
      .optional()
      .meta({ description: 'IDs of the channels that get them; absent: all that have the topic reports.' }),
    formats: z.array(attachmentFormat),
    paused: z.boolean(),
    createdBy: z.string(),
    runsAs: z.string().meta({
      description:
        'Who created or changed it last: tenants whose records this caller may no longer read have no report.',
    }),
    createdDateTime: moment('When it was created.'),
    nextDueDateTime: moment(
      'When its next run begins, or up to 15 minutes later; absent while it is paused.',
    ).optional(),
    run: z
      .strictObject(runMembers)
      .optional()
      .meta({ id: 'ReportScheduleRun', description: 'The run that has not ended.' }),
    lastRun: z
      .strictObject({
        ...runMembers,
        completedDateTime: moment('When all messages were given to channels.'),
        tenantCount: z.int().meta({ description: 'Tenants that messages are about.' }),
        failedCount: z.int().meta({ description: 'Of these, tenants without a report.' }),
        errorMessage: z.string().optional().meta({ description: 'Why nothing was computed.' }),
      })
      .optional()
      .meta({ id: 'ReportScheduleEndedRun', description: 'The newest run that has ended.' }),
  })
  .meta({ id: 'ReportSchedule' });

export const scheduleListSchema = z
  .strictObject({ value: z.array(scheduleSchema) })
  .meta({ id: 'ReportScheduleList' });
