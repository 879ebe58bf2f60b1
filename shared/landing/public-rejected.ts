/** Rejected content as answers show it. */
import * as z from 'zod';
import { pageOf, positionParameters } from '../http/positions.ts';
import type { Gap, Receipt } from './ledger.ts';
import { positionOf, type RejectedContent } from './rejected-content.ts';

const order = { positionOf, shape: /^[-\dT:.Z]{24}_[0-9a-f-]{36}$/ };

/** The query parameters of the list. */
export const rejectedParameters = z.strictObject(positionParameters);

/** The page, and the position that continues it. @throws RequestError 400 for an invalid skip token */
export function pageOfRejected(
  all: readonly RejectedContent[],
  parameters: z.output<typeof rejectedParameters>,
  url: string,
) {
  const { page, nextLink } = pageOf(all, order, { ...parameters, url });
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
