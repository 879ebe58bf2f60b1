/** Rejected content as answers show it. */
import * as z from 'zod';
import { continuedAfter, positionIn, positionParameters } from '../http/positions.ts';
import type { Gap, Receipt } from './ledger.ts';
import { positionOf, type RejectedContent } from './rejected-content.ts';

const position = /^[-\dT:.Z]{24}_[0-9a-f-]{36}$/;

/** The query parameters of the list. */
export const rejectedParameters = z.strictObject(positionParameters);

/** The page, and the position that continues it. @throws RequestError 400 for an invalid skip token */
export function pageOfRejected(
  all: readonly RejectedContent[],
  { top, skiptoken }: z.output<typeof rejectedParameters>,
  url: string,
) {
  const after = positionIn(skiptoken, position);
  const left = after === undefined ? all : all.filter((one) => positionOf(one) < after);
  const page = left.slice(0, top);
  const last = left.length > top ? page.at(-1) : undefined;
  const nextLink = last && continuedAfter(url, positionOf(last));
  return { value: page.map(publicRejected), nextLink };
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
