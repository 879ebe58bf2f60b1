/** Gaps as answers show them. */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { mayHaveRecordsOf } from '../activity/windows.ts';
import { choice, momentParameter } from '../http/parameters.ts';
import { pageOf, positionParameters } from '../http/positions.ts';
import { contentPosition, contentPositionShape } from './content-position.ts';
import { gapReasons } from './gap-reasons.ts';
import type { Gap } from './ledger.ts';
import { rejectedIdOf } from './rejected-content.ts';

/** The query parameters of the list. */
export const gapParameters = z.strictObject({
  contentType: choice(contentTypeSchema)
    .optional()
    .meta({ title: 'Content Type', description: 'Only what is lost of this content type.' }),
  from: momentParameter({
    title: 'From',
    description:
      'Only gaps that may lack records of this moment and later, in UTC unless it has a time zone.',
  }),
  to: momentParameter({
    title: 'To',
    description:
      'Only gaps that may lack records before this moment, in UTC unless it has a time zone. Microsoft publishes records up to seven days late.',
  }),
  ...positionParameters,
});

const order = { positionOf, shape: contentPositionShape };

/** The page, newest first, and the address that continues it. @throws RequestError 400 for an invalid skip token */
export function pageOfGaps(
  gaps: readonly Gap[],
  { contentType, from, to, ...rest }: z.output<typeof gapParameters>,
  url: string,
) {
  const wanted = gaps
    .filter((gap) => contentType === undefined || gap.contentType === contentType)
    .filter(({ window }) => mayHaveRecordsOf(window, { from, to }))
    .toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
  const { page, nextLink } = pageOf(wanted, order, { ...rest, url });
  return { value: page.map(publicGap), nextLink };
}

/** Sorts by the time at which it begins. It is identified by that, its content type, and its content blob or landing. */
function positionOf({ window, contentType, landingId = '', contentId = landingId }: Gap): string {
  return contentPosition(window.start, contentType, contentId);
}

/** As answers show it. */
export function publicGap(gap: Gap) {
  return {
    contentType: gap.contentType,
    contentId: gap.contentId,
    landingId: gap.landingId,
    from: gap.window.start.toISOString(),
    to: gap.window.end.toISOString(),
    reason: gap.reason,
    code: gap.code,
    ...gapReasons[gap.reason],
    bodyId: rejectedIdOf(gap),
    recordedDateTime: gap.recordedAt.toISOString(),
    givenUpDateTime: gap.givenUpAt?.toISOString(),
    givenUpBy: gap.givenUpBy,
    givenUpReason: gap.givenUpReason,
  };
}
