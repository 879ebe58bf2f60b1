/** A permission as the report lists it. */
import * as z from 'zod';
import type { JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { shortText } from '../../short-text.ts';
import type { Grant } from './grant.ts';
import { sentenceOf } from './sentence.ts';

export const grantedSchema = z.strictObject({
  recordId: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
  grantees: z.string(),
  mailbox: z.string(),
  sentence: z.string(),
});
export type Granted = Readonly<z.infer<typeof grantedSchema>>;

export function grantedIn(record: FoundRecord, fields: JsonObject, { grantees, mailbox }: Grant): Granted {
  const { id, createdDateTime, summary } = record;
  return {
    recordId: id,
    at: createdDateTime.getTime(),
    by: shortText(summary.userId ?? ''),
    grantees: shortText([...new Set(grantees)].join(', ')),
    mailbox: shortText(mailbox[0] ?? ''),
    sentence: sentenceOf(record, fields),
  };
}
