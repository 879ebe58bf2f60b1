/** Rejected content as answers show it. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { withParameter } from '../http/address-length.ts';
import { countParameter, once } from '../http/parameters.ts';
import type { Gap, Receipt } from './ledger.ts';
import { positionOf, type RejectedContent } from './rejected-content.ts';

const maxTop = 1000;
const defaultTop = 100;

/** The query parameters of the list. */
export const rejectedParameters = z.strictObject({
  top: countParameter(maxTop, defaultTop, {
    title: 'Page Size',
    description: 'Maximum number of entries on a page.',
  }),
  skiptoken: once(z.string().max(200, 'is longer than 200 characters'))
    .optional()
    .meta({ title: 'Skip Token', description: 'Continues with the next page; follow nextLink instead.' }),
});

/** The page, and the position that continues it. @throws RequestError 400 for an invalid skip token */
export function pageOfRejected(
  all: readonly RejectedContent[],
  { top, skiptoken }: z.output<typeof rejectedParameters>,
  url: string,
) {
  const after = skiptoken === undefined ? undefined : open(skiptoken);
  const left = after === undefined ? all : all.filter((one) => positionOf(one) < after);
  const page = left.slice(0, top);
  const last = left.length > top ? page.at(-1) : undefined;
  const token = last && Buffer.from(positionOf(last)).toString('base64url');
  const nextLink = token === undefined ? undefined : withParameter(url, 'skiptoken', token);
  return { value: page.map(publicRejected), nextLink };
}

function open(token: string): string {
  const position = Buffer.from(token, 'base64url').toString('utf8');
  if (/^[-\dT:.Z]{24}_[0-9a-f-]{36}$/.test(position)) return position;
  throw invalidParameter(
    'skiptoken',
    "'skiptoken' is invalid. Use nextLink unchanged, or start without a skiptoken.",
  );
}

/** What is known of it; never its content. */
export function publicRejected({ id, content, state, code, receipt, open, gap }: RejectedContent) {
  return {
    bodyId: id,
    contentType: content.contentType,
    contentId: content.contentId,
    contentCreatedDateTime: content.contentCreated.toISOString(),
    state,
    fault: code,
    ...receivedOf(receipt),
    attempts: open?.attempts,
    nextAttemptDateTime: open?.nextAttemptAt.toISOString(),
    ...(state === 'retrying' ? {} : lossOf(gap)),
  };
}

function receivedOf(receipt: Receipt | undefined) {
  if (receipt === undefined) return { recordsLanded: 0 };
  const { records, faults, faultAt, bytes, sha256, receivedAt } = receipt;
  const isSearched = faults !== undefined;
  return {
    faultOffset: isSearched ? faultAt : undefined,
    rejectedParts: faults,
    recordsLanded: isSearched ? records : 0,
    bytes,
    sha256,
    receivedDateTime: receivedAt?.toISOString(),
  };
}

function lossOf(gap: Gap | undefined) {
  return {
    lostDateTime: gap?.recordedAt.toISOString(),
    givenUpDateTime: gap?.givenUpAt?.toISOString(),
    givenUpBy: gap?.givenUpBy,
    givenUpReason: gap?.givenUpReason,
  };
}
