/** Content blobs of the ledger as answers show them. */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { choice, momentParameter, once } from '../http/parameters.ts';
import { continuedAfter, positionIn, positionParameters } from '../http/positions.ts';
import { contentPositionShape } from './content-position.ts';
import { ledgerStates, listLedger, type LedgerEntry, type LedgerQuery } from './list-ledger.ts';
import type { Ledger } from './ledger.ts';

export const ledgerStateSchema = z
  .enum(ledgerStates, `must be one of ${ledgerStates.join(', ')}`)
  .meta({ id: 'LedgerState' });

/** The query parameters of the list. */
export const ledgerParameters = z.strictObject({
  contentType: choice(contentTypeSchema)
    .optional()
    .meta({ title: 'Content Type', description: 'Only content blobs of this content type.' }),
  state: choice(ledgerStateSchema)
    .optional()
    .meta({ title: 'State', description: 'Only content blobs in this state.' }),
  landingId: once(z.string().min(1, 'is empty').max(100, 'is longer than 100 characters'))
    .optional()
    .meta({ title: 'Landing ID', description: 'Only content blobs that are in this landing.' }),
  from: momentParameter({
    title: 'From',
    description: 'Only content blobs published at this moment or later, in UTC unless it has a time zone.',
  }),
  to: momentParameter({
    title: 'To',
    description: 'Only content blobs published before this moment, in UTC unless it has a time zone.',
  }),
  ...positionParameters,
});

/** The page, oldest first, and the address that continues it. @throws RequestError 400 for an invalid skip token */
export async function pageOfLedger(
  ledger: Ledger,
  tenantId: string,
  { skiptoken, ...query }: z.output<typeof ledgerParameters>,
  url: string,
) {
  const wanted: LedgerQuery = { ...query, after: positionIn(skiptoken, contentPositionShape) };
  const { entries, next } = await listLedger(ledger, tenantId, wanted);
  const nextLink = next === undefined ? undefined : continuedAfter(url, next);
  return { value: entries.map(publicEntry), nextLink };
}

function publicEntry({ content, state, row }: LedgerEntry) {
  const { records, bytes, sha256 } = row.receipt ?? {};
  return {
    contentType: content.contentType,
    contentId: content.contentId,
    contentCreatedDateTime: content.contentCreated.toISOString(),
    state,
    attempts: row.attempts,
    records,
    bytes,
    sha256,
    code: row.code,
    landingId: 'landingId' in row ? row.landingId : undefined,
    nextAttemptDateTime: 'nextAttemptAt' in row ? row.nextAttemptAt.toISOString() : undefined,
    expirationDateTime: content.contentExpiration.toISOString(),
  };
}
